"""Questions about the locks, CloudFront and the edge function."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from live.gateway import Asked, Gateway, resources
from live.observations.seen import Seen, compared, distinct
from ml_gateway import naming
from ml_gateway.credentials import API_KEY_HEADER, REMOVED_AT_EDGE

_AMBIGUOUS: Final = ("//echo", "/echo%2F..%2Fitems", "/a/%2e%2e/echo", "/echo%00", "/echo%")
MOST_OF_ITS_TIME: Final = 50
"""Percent: above it there would be no room for a request with more in it."""


def key_lock(asked: Asked) -> Seen:
    """Each method of each path: with no key, and with a wrong one."""
    statuses = [
        asked.open.api.ask(method, path, key).status
        for key in ({}, {API_KEY_HEADER: "0" * 64})
        for method, path in _routes(asked.open)
    ]
    return compared("401", distinct(statuses))


def _routes(gateway: Gateway) -> Iterator[tuple[str, str]]:
    for name, model in gateway.config.models.items():
        if model.protocol == "raw":
            path = re.sub(r"\{\w+\}", "1", model.path or f"/{name}")
            yield from ((method, path) for method in model.methods or ("POST",))


def header_lock(asked: Asked) -> Seen:
    """A client with his own key, past the edge, without the header or with another one."""
    key = {API_KEY_HEADER: asked.clients.keys["reader"][0]}
    statuses = [
        asked.clients.api.ask("POST", "/echo", {**key, **header}).status
        for header in ({}, {"x-origin-verify": "0" * 64})
    ]
    allowed = asked.clients.past_the_edge(asked.clients.keys["reader"][0]).ask("POST", "/echo").status
    return compared("without it 403, with it 200", f"without it {distinct(statuses)}, with it {allowed}")


def edge_function(asked: Asked) -> Seen:
    """What the function answers by itself: health, and a path that it refuses, also in a gateway with versions."""
    health = asked.open.edge.ask("GET", "/healthz").status
    refused = asked.clients.edge.ask("POST", "//echo").refusal
    return compared("200, 400 invalid_path", f"{health}, {refused}")


def edge_time(asked: Asked) -> Seen:
    """By CloudFront's own test of each function, with a request that has a token and a long path."""
    used = {function: _percent(asked, function) for function in _functions(asked)}
    return Seen(
        held=all(percent < MOST_OF_ITS_TIME for percent in used.values()),
        saw=f"{distinct(used.values())} of 100, by {len(used)} functions",
    )


def _functions(asked: Asked) -> list[str]:
    return [
        physical.rpartition("/")[2]
        for gateway in (asked.open, asked.clients)
        for physical in resources(asked.place, naming.edge_stack(gateway.name), "AWS::CloudFront::Function").values()
    ]


def _percent(asked: Asked, function: str) -> int:
    client = asked.place.client("cloudfront")
    etag = client.describe_function(Name=function, Stage="LIVE")["ETag"]
    event = json.dumps(_event(asked.token("holder"))).encode()
    tested = client.test_function(Name=function, Stage="LIVE", IfMatch=etag, EventObject=event)["TestResult"]
    if tested.get("FunctionErrorMessage"):
        raise ValueError("the function failed")
    return int(tested["ComputeUtilization"])


def _event(token: str) -> dict[str, Any]:
    headers = {"host": {"value": "example.com"}, "authorization": {"value": f"Bearer {token}"}}
    request = {"method": "POST", "uri": "/fraud", "querystring": {}, "headers": headers, "cookies": {}}
    context = {"distributionDomainName": "example.com", "eventType": "viewer-request", "requestId": "live"}
    viewer = {"ip": "192.0.2.1"}
    return {"version": "1.0", "context": context, "viewer": viewer, "request": request}


def raw_paths(asked: Asked) -> Seen:
    answers = [asked.open.edge.ask("POST", path).refusal for path in _AMBIGUOUS]
    decoded = asked.open.edge.ask("POST", "/%65cho").status
    return compared("400 invalid_path; 200", f"{distinct(answers)}; {decoded}")


def header_spelling(asked: Asked) -> Seen:
    """A caller's header, in three spellings, where the file has a fixed one; and his key, in the model's place."""
    seen = []
    for name in ("x-tenant", "X-Tenant", "X-TENANT"):
        received = asked.open.edge.ask("POST", "/provider", {name: "the caller's"}).received
        seen.append(received.get("headers", {}).get("x-tenant", "none"))
    return compared("fixed", distinct(seen))


def method_override(asked: Asked) -> Seen:
    """The method at the server, and which of these headers it saw."""
    methods, passed = [], set()
    for name in (*REMOVED_AT_EDGE, *(each.title() for each in REMOVED_AT_EDGE)):
        received = asked.open.edge.ask("POST", "/echo", {name: "DELETE"}).received
        methods.append(received.get("method", "none"))
        if received.get("headers", {}).get(name.lower()) == "DELETE":
            passed.add(name.lower())
    return compared("POST, and none of them", f"{distinct(methods)}, and {', '.join(sorted(passed)) or 'none of them'}")


def plain_http(asked: Asked) -> Seen:
    seen = []
    for gateway in (asked.open, asked.clients):
        edge = replace(gateway.edge, base=gateway.edge.base.replace("https://", "http://"))
        seen.append(edge.ask("POST", "/echo").status)
    return compared("307, 403", ", ".join(map(str, seen)))


def no_credentials(asked: Asked) -> Seen:
    """The request as the server saw it, of a key in two forms and of a token; and what the distribution adds."""
    key, token = asked.clients.keys["holder"][0], asked.token("holder")
    requests = [
        asked.clients.edge.ask("POST", "/echo", {API_KEY_HEADER: key}),
        asked.clients.edge.ask("POST", "/echo", {"Authorization": f"Bearer {token}"}),
        asked.open.edge.ask("POST", "/echo"),
    ]
    received = [str(answer.received) for answer in requests if answer.received]
    found = [each for each in asked.credentials if each in str(received)]
    return compared("3 requests, 0 credentials", f"{len(received)} requests, {len(found)} credentials")


def secret_in_clear(asked: Asked) -> Seen:
    stacks = [
        (region, stack)
        for gateway in asked.gateways
        for region, stack in (
            (naming.EDGE_REGION, naming.keys_stack(gateway.name)),
            (naming.EDGE_REGION, naming.edge_stack(gateway.name)),
            *((region, naming.api_stack(gateway.name)) for region in gateway.config.regions),
        )
    ]
    templates = [
        json.dumps(asked.place.client("cloudformation", region).get_template(StackName=stack)["TemplateBody"])
        for region, stack in stacks
    ]
    found = [each for each in asked.credentials if each in "".join(templates)]
    return compared(f"{len(stacks)} templates, 0 values", f"{len(templates)} templates, {len(found)} values")
