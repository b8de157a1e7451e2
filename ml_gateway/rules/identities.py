"""Rules about who calls and what they may call: issuers, tokens, and the models of each client."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from ml_gateway.config import GatewayConfig, HttpServerConfig, PlanConfig
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.credentials import CLIENT_HEADER
from ml_gateway.design import GatewayDesign, Identified
from ml_gateway.rules.rule import reads
from ml_gateway.serving import LONGEST_RESOURCE, allowed_by, stray_call
from ml_gateway.wording import shown, suggestion

_BEFORE_THE_METHOD: Final = len("arn:aws:execute-api:ap-southeast-1:123456789012:abcdefghij//") + 128
"""Characters of the longest resource of an API before a method, with the longest name of a stage."""


@reads("issuers")
def unknown_issuers(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Tokens of issuers which are not there."""
    for name, client in said.clients.items():
        for issuer in client.jwt:
            if issuer not in said.issuers:
                way_out = suggestion(issuer, said.issuers) if said.issuers else "define it in issuers"
                yield Conflict(f"{shown(issuer)} is not an issuer; {way_out}", ("clients", name, "jwt", issuer))


@reads("models")
def unknown_models(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Models of clients which are not there."""
    for name, client in said.clients.items():
        for position, model in enumerate(client.models or ()):
            if model not in said.models:
                way_out = "leave models out for all" if model in ("*", "all") else suggestion(model, said.models)
                message = f"{shown(model)} is not a model; {way_out}"
                yield Conflict(message, ("clients", name, "models", position))


@reads("clients.*.models")
def uncallable_models(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Models that no client may call."""
    called = {model for client in meant.clients for model in meant.may_call(client)}
    for model in said.models:
        if meant.clients and model not in called:
            message = "no client may call it; add it to the models of one, or take it out"
            yield Conflict(message, ("models", model))


@reads("clients.*.models", "clients.*.plan")
def limits_of_uncallable_models(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Limits of a model in a plan none of whose clients may call it."""
    for place, plan in said.every_plan.items():
        clients = [name for name, client in meant.clients.items() if _is_limited(name, client.plan, place)]
        called = {model for client in clients for model in meant.may_call(client)}
        for model in plan.limits:
            if clients and model in said.models and model not in called:
                message = (
                    "has no effect, as no client of this plan may call the model; leave the line out, or add the "
                    "model to the models of one"
                )
                yield Conflict(message, (*place, "limits", model))


def _is_limited(client: str, plan: str | PlanConfig, place: Place) -> bool:
    return place == (("plans", plan) if isinstance(plan, str) else ("clients", client, "plan"))


@reads("clients.*.jwt")
def unused_issuers(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    used = {issuer for client in said.clients.values() for issuer in client.jwt}
    for name in said.issuers:
        # One that is spelled in another way may be the one that is meant.
        if name not in used and used <= said.issuers.keys():
            message = f"no client has tokens of it; write jwt: {{{name}: ...}} for one, or take it out"
            yield Conflict(message, ("issuers", name))


@reads()
def issuers_listed_twice(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Two entries with one URL: a token says that alone, so nobody could tell which of the two it is of."""
    first: dict[str, str] = {}
    for name, issuer in said.issuers.items():
        if issuer.url in first:
            message = (
                f"{shown(issuer.url)} is that of {first[issuer.url]}, too; keep one entry, whose audience may be a list"
            )
            yield Conflict(message, ("issuers", name, "url"), {"issuers": (first[issuer.url], name)})
        first.setdefault(issuer.url, name)


@reads()
def tokens_of_two_clients(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """What the claim of one issuer says of two clients, or twice of one."""
    first: dict[tuple[str, str], str] = {}
    for name, client in said.clients.items():
        for issuer, values in client.jwt.items():
            for position, value in enumerate(values):
                if owner := first.get((issuer, value)):
                    place: Place = ("clients", name, "jwt", issuer, *([position] if len(values) > 1 else []))
                    message = f"{shown(value)} is {'listed twice' if owner == name else f'client {owner}'}; keep one"
                    yield Conflict(message, place, {"clients": (owner, name)})
                first.setdefault((issuer, value), name)


@reads("clients.*.jwt")
def tokens_that_nothing_takes(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """A list of forms without the one in which tokens come (RFC 6750)."""
    forms = said.edge.accept_keys
    if forms is not None and "bearer" not in forms and any(client.tokens for client in meant.clients.values()):
        message = "lacks bearer, which is how the tokens of clients with jwt are sent; list it, too"
        yield Conflict(message, ("edge", "accept_keys"))


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def calls_of_another_model(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """For each client the first request for a model that it may not call, and that the policy lets through."""
    lists = {client: meant.may_call(client) for client, its in meant.clients.items() if its.models is not None}
    found = {allowed: _first_stray(allowed, meant) for allowed in set(lists.values())}
    for client, allowed in lists.items():
        if stray := found[allowed]:
            yield Conflict(stray.message, ("clients", client, "models"), {"clients": (client,), **stray.of})


def _first_stray(allowed: tuple[str, ...], meant: GatewayDesign) -> Conflict | None:
    own = [route.path for name in allowed for route in meant.models[name].routes]
    others = [name for name in meant.models if name not in allowed]
    for name, other in product(allowed, others):
        if call := stray_call(meant.models[name].served, meant.models[other].served, own=own):
            message = (
                f"{name} takes {shown(call)} of model {other} along, which the client may not call, as a policy "
                "cannot tell the two apart; list both, or give one of them another path"
            )
            return Conflict(message, (), {"models": (name, other)})
    return None


@reads("models.*.protocol", "models.*.served_as", "models.*.versions", "clients.*.models")
def too_long_resources(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Paths that make a resource longer than a policy may have."""
    listed = {model for client in meant.clients.values() for model in client.models or ()}
    room = LONGEST_RESOURCE - _BEFORE_THE_METHOD
    for name, model in meant.models.items():
        served = [each.served for each in (model, *model.versions.values())]
        longest = max(len(allowed) for each in served for allowed in allowed_by(each))
        if name in listed and longest > room:
            message = (
                f"makes {longest} characters of a method and a path, and the policies of clients with models have "
                f"room for {room}; write a shorter path"
            )
            yield Conflict(message, ("models", name, "path"))


@reads("clients.*.jwt", "clients.*.models")
def headers_that_name_clients(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """A fixed value in the place of the client's name."""
    servers = {name: each for name, each in said.backends.items() if isinstance(each, HttpServerConfig)}
    sent = [(name, "headers", header) for name, server in servers.items() for header in server.headers]
    sent += [(name, "secret_headers", header) for name, server in servers.items() for header in server.secret_headers]
    for name, setting, header in sent:
        if isinstance(meant.callers, Identified) and header.lower() == CLIENT_HEADER:
            message = f"{CLIENT_HEADER} is the name of the client, which the gateway sends; leave it out"
            yield Conflict(message, ("backends", name, setting, header))


@reads("clients.*.jwt", "clients.*.models")
def settings_of_no_authorizer(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    if said.authorizer.reserved_concurrency is not None and not isinstance(meant.callers, Identified):
        message = "has no effect where no client has jwt or models; leave the line out"
        yield Conflict(message, ("authorizer", "reserved_concurrency"))
