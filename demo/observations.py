"""What the demo claims: each claim is one function that looks for itself and says what it saw."""

import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Final
from urllib.parse import urlsplit

from demo.model_requests import BODY, JSON, backend_path, example_request, model_request
from demo.sample_server import SAMPLE_FLOWERS, IrisClassifier
from ml_gateway import naming
from ml_gateway.config import GatewayConfig, PlanConfig
from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER
from ml_gateway.design import GatewayDesign, Identified
from ml_gateway.errors import GATEWAY_ERRORS, PAUSED
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway, stacks_of
from ml_gateway.local.http_client import HttpClient, Request
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.serving import Route

API_GATEWAYS_OWN_REFUSAL: Final = 403
"""Its status for a wrong key and for an unknown path alike."""
ROTATION_REQUESTS: Final = 100
"""At most so many requests accompany a rotation: they count against the quota."""
ROTATION_PACE: Final = 0.5
"""Seconds from one to the next, or more if the usage plan wants it so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """A claim, what it says should be seen, and what was."""

    claim: str
    expected: str
    observed: str

    @property
    def held(self) -> bool:
        return self.expected == self.observed


def prediction(gateway: LocalGateway, name: str) -> Observation:
    """The model is reached; it also predicts, if it speaks as the sample server does. A paused one is not asked."""
    request = model_request(gateway.design, name)
    answer = gateway.send_through_edge(request)
    said = answer.json() or {}
    claim = f"{name}: {request.method} {request.path} through CloudFront"
    if gateway.config.models[name].paused:
        return Observation(
            claim=f"{claim} is told that the model is paused",
            expected=f"{PAUSED.status} {dict(PAUSED.headers)['Retry-After']}",
            observed=f"{answer.status} {answer.headers.get('Retry-After', 'and no time to come again')}",
        )
    if request.body is None or gateway.config.models[name].protocol != "raw":
        path = backend_path(gateway.design, name)
        return Observation(
            claim=f"{claim} reaches the model's server",
            expected=f"200 {path}",
            observed=f"{answer.status} {urlsplit(said.get('received', {}).get('path', 'nothing')).path}",
        )
    return Observation(
        claim=f"{claim} gives the model's prediction",
        expected=f"200 {', '.join(IrisClassifier().predict(SAMPLE_FLOWERS))}",
        observed=f"{answer.status} {', '.join(said.get('predictions', ['no prediction']))}",
    )


def answer_of_the_gateway(gateway: LocalGateway, route: Route) -> Observation:
    answer = gateway.send_through_edge(example_request(route))
    return Observation(
        claim=f"{route.http_method} {route.path} is answered by the gateway itself",
        expected=f"200 {route.answer}",
        observed=f"{answer.status} {answer.body.decode(errors='replace')}",
    )


def no_key(gateway: LocalGateway) -> Observation:
    """With clients, on AWS, the web ACL refuses it first, for want of the header that the distribution adds."""
    return _refusal(gateway, "a direct call to the API without the key is refused", {})


def wrong_key(gateway: LocalGateway) -> Observation:
    return _refusal(gateway, "a direct call with a wrong key is refused", {"x-api-key": "0" * 64})


def _refusal(gateway: LocalGateway, claim: str, key: dict[str, str]) -> Observation:
    requests = [example_request(route) for model in gateway.design.models.values() for route in model.routes]
    statuses = [
        gateway.api.send(Request(method=each.method, path=gateway.api_path + each.path, headers=key)).status
        for each in requests
    ]
    return Observation(
        claim=claim, expected=refusal_status(gateway.config, "INVALID_API_KEY"), observed=distinct(statuses)
    )


def refusal_status(config: GatewayConfig, response_type: str) -> str:
    """What the gateway answers when it refuses a request for the reason that API Gateway calls `response_type`."""
    (status,) = [error.status for error in GATEWAY_ERRORS if error.response_type == response_type]
    told_apart = isinstance(GatewayDesign.of(config).callers, Identified) and response_type == "INVALID_API_KEY"
    return str(status if config.errors or told_apart else API_GATEWAYS_OWN_REFUSAL)


def plain_http(gateway: LocalGateway) -> Observation:
    path = request_for_any(gateway).path
    seen = []
    for method in ("POST", "GET"):
        answer = gateway.edge.send(Request(method=method, path=path, headers={"X-Forwarded-Proto": "http"}))
        seen.append(f"{method} {answer.status} to {answer.headers.get('Location', 'nowhere').partition(':')[0]}")
    observed = ", ".join(seen)
    if gateway.config.clients:
        claim = "plain HTTP at the edge is refused: a redirect would answer a key that came in clear"
        return Observation(claim=claim, expected="POST 403 to nowhere, GET 403 to nowhere", observed=observed)
    return Observation(
        claim="plain HTTP at the edge is redirected, a POST by 307, which keeps its body",
        expected="POST 307 to https, GET 301 to https",
        observed=observed,
    )


def unknown_path(gateway: LocalGateway) -> Observation:
    request = Request(method="POST", path="/no-model-lives-here", body=BODY, headers=JSON)
    return Observation(
        claim="a path that no model has is refused",
        expected=refusal_status(gateway.config, "MISSING_AUTHENTICATION_TOKEN"),
        observed=f"{gateway.edge.send(request).status}",
    )


def burst(gateway: LocalGateway) -> Observation:
    request = request_for_any(gateway)
    size = burst_size(gateway.plan)
    sleep(gateway.seconds_for_a_token)
    with ThreadPoolExecutor(max_workers=16) as senders:
        statuses = [answer.status for answer in senders.map(lambda _: gateway.edge.send(request), range(size))]
    sleep(gateway.seconds_for_a_token)
    return Observation(
        claim=f"of a burst of {size} requests what exceeds the plan is refused; after a pause there is service again",
        expected="200, 429, then 200",
        observed=f"{distinct(statuses)}, then {gateway.send_through_edge(request).status}",
    )


def burst_size(plan: PlanConfig) -> int:
    """Enough to exceed the plan although it goes on allowing requests meanwhile."""
    return 2 * plan.burst + 10


def no_differences(gateway: LocalGateway) -> Observation:
    return Observation(
        claim="cdk diff --fail finds no difference after the deploy",
        expected="exit code 0",
        observed=f"exit code {gateway.cdk.diff().exit_code}",
    )


def second_deploy(gateway: LocalGateway) -> Observation:
    log = gateway.cdk.deploy().log.read_text()
    unchanged = re.findall(r"✅ +(\S+)(?: \(\S+\))? \(no changes\)$", log, re.MULTILINE)
    return Observation(
        claim="a second cdk deploy changes nothing",
        expected=f"no changes in {', '.join(sorted(stacks_of(gateway.config)))}",
        observed=f"no changes in {', '.join(sorted(unchanged))}",
    )


def rotation(gateway: LocalGateway) -> Observation:
    generation = gateway.generation + 1
    request = request_for_any(gateway)
    sleep(gateway.seconds_for_a_token)
    gateway.cdk.context["generation"] = str(generation)
    with steady_requests(gateway.edge, request, max(gateway.seconds_for_a_token, ROTATION_PACE)) as statuses:
        gateway.cdk.deploy()
    statuses.append(str(gateway.send_through_edge(request).status))
    return Observation(
        claim=f"rotation to generation {generation}: none of the {len(statuses)} requests sent meanwhile is refused",
        expected="200",
        observed=distinct(statuses),
    )


@contextmanager
def steady_requests(
    edge: HttpClient, request: Request, pace: float, *, most: int = ROTATION_REQUESTS
) -> Iterator[list[str]]:
    """Send `request` every `pace` seconds until the block ends, or so often; the statuses are complete only then."""
    statuses: list[str] = []
    over = threading.Event()

    def send_all() -> None:
        while len(statuses) < most and not over.wait(pace):
            try:
                statuses.append(str(edge.send(request).status))
            except LocalCloudError:
                statuses.append("no answer")

    sender = threading.Thread(target=send_all)
    sender.start()
    try:
        yield statuses
    finally:
        over.set()
        sender.join()


def sent_secret(gateway: LocalGateway) -> Observation:
    inventory = CloudInventory(gateway.cloud)
    prefix = naming.origin_secrets(gateway.config.name)
    names = inventory.secrets(prefix, naming.EDGE_REGION)
    header = ORIGIN_VERIFY_HEADER if gateway.config.clients else API_KEY_HEADER
    sent = inventory.origin_headers(gateway.domain_name).get(header, "")
    return Observation(
        claim=f"CloudFront is now set to send the secret of generation {gateway.generation} as {header}",
        expected=f"{prefix}{gateway.generation}",
        observed=names.get(sent, "the value of no secret"),
    )


def destruction(gateway: LocalGateway) -> Observation:
    gateway.cdk.destroy()
    return Observation(
        claim="cdk destroy leaves no stack, API, key, plan, web ACL, distribution, function, secret or log group",
        expected="nothing left",
        observed=", ".join(sorted(gateway.inventory() ^ gateway.inventory_before)) or "nothing left",
    )


def request_for_any(gateway: LocalGateway) -> Request:
    return model_request(gateway.design, asked_models(gateway.config)[0])


def asked_models(config: GatewayConfig) -> list[str]:
    """The names of the models that are not paused."""
    return [name for name, model in config.models.items() if not model.paused]


def distinct(seen: Iterable[object]) -> str:
    return ", ".join(sorted({str(each) for each in seen}))
