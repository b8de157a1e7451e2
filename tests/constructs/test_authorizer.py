"""The authorizer in a stack of somebody's own."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import App, Stack

from ml_gateway import (
    AuthorizedClient,
    Authorizer,
    ClientKeys,
    ClientSecrets,
    EdgeDesign,
    GatewayClient,
    GatewayDistribution,
    GatewayUsagePlan,
    HeaderLock,
    HttpBackend,
    Identified,
    IssuerConfig,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    ServedModel,
    add_policy_checks,
)
from tests.functions.test_assembly import settings_of
from tests.policy.reading import broken_rules
from tests.synthesis import Json, bare_stack, resources, template_of

CORP = IssuerConfig(url="https://login.acme.com/", audience=("https://ml.acme.com",), claim="azp")
MODEL = ServedModel(name="fraud", path="/fraud")
TOKENS = {"corp": ["batch-prod"]}


def own_stack(
    clients: Mapping[str, AuthorizedClient],
    *,
    keys: Mapping[str, tuple[str, ...]],
    token_clients: tuple[str, ...] = (),
    issuers: Mapping[str, IssuerConfig] | None = None,
    stack: Stack | None = None,
    **settings: Any,
) -> Stack:
    """All that it takes, in one stack."""
    stack = stack or bare_stack()
    secrets = ClientSecrets(stack, "Secrets", gateway_name="fraud", clients=keys, token_clients=token_clients)
    own = issuers if issuers is not None else {"corp": CORP}
    authorizer = Authorizer(stack, "Authorizer", secrets=secrets, clients=clients, issuers=own, **settings)
    routes = {Route(http_method="POST", path="/fraud"): HttpBackend(url="https://model.example.com/score")}
    api = ProxyApi(stack, "Api", routes=routes, name="fraud", description="fraud", authorizer=authorizer)
    plan = GatewayUsagePlan(stack, "Plan", stage=api.stage, plan=PlanConfig(rate=RequestRate(1), burst=1)).usage_plan
    ClientKeys(stack, "Clients", secrets=secrets, clients={name: GatewayClient(usage_plan=plan) for name in clients})
    origin_secrets = OriginSecrets(stack, "OriginSecrets", gateway_name="fraud", generation=1)
    callers = Identified(issuers=authorizer.issuers)
    lock = HeaderLock(stack, "Lock", secrets=origin_secrets, stage=api.stage, callers=callers)
    GatewayDistribution(stack, "Edge", origin=api.origin(lock), edge=EdgeDesign())
    return stack


@pytest.fixture(scope="module")
def template() -> Json:
    clients = {"batch": AuthorizedClient(tokens=TOKENS), "app": AuthorizedClient(models=[MODEL])}
    return template_of(own_stack(clients, keys={"batch": (), "app": ("default",)}, token_clients=("batch",)))


def test_every_house_rule_holds(template: Json) -> None:
    assert broken_rules(template) == {}


def test_the_edge_takes_tokens_of_the_issuers(template: Json) -> None:
    (function,) = resources(template, "AWS::CloudFront::Function").values()
    assert settings_of(function["FunctionCode"])["issuers"] == ["https://login.acme.com/"]


@pytest.mark.parametrize("region", ["us-east-1", None], ids=["a region", "any region"])
def test_no_check_of_the_policy_fails(region: str | None) -> None:
    """The id of an acknowledgment has the ARN, and with it the region."""
    app = App(builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    stack = bare_stack(app=app, region=region)
    own_stack({"app": AuthorizedClient(models=[MODEL])}, keys={"app": ("default",)}, stack=stack)
    app.synth()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"clients": {"a": AuthorizedClient(), "b": AuthorizedClient()}, "keys": {"a": ("default",)}},
         "clients b are not in both secrets and clients; name them in both"),
        ({"clients": {"a": AuthorizedClient(models=[])}, "keys": {"a": ("default",)}},
         "client a has no models, and could call nothing; name some, or write None for all"),
        ({"clients": {"a": AuthorizedClient(tokens={"okta": ["x"]})}, "keys": {"a": ()}, "token_clients": ("a",)},
         "client a has tokens of okta, which is none of the issuers; name it there"),
        ({"clients": {"a": AuthorizedClient(tokens=TOKENS)}, "keys": {"a": ("default",)}},
         "client a: name it in token_clients of ClientSecrets if it has tokens, and only then"),
        ({"clients": {"a": AuthorizedClient()}, "keys": {"a": ("default",)}, "token_clients": ("a",)},
         "client a: name it in token_clients of ClientSecrets if it has tokens, and only then"),
        ({"clients": {"a": AuthorizedClient()}, "keys": {"a": ("default",)}, "reserved_concurrency": 0},
         "Authorizer.reserved_concurrency: 0 is too small; write 1 or more"),
        ({"clients": {"a": AuthorizedClient()}, "keys": {"a": ()}},
         "ClientSecrets.clients.a: empty, and nobody could call as this client"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        own_stack(**settings)


def test_tokens_of_two_clients_are_no_ones_choice() -> None:
    both = {"a": AuthorizedClient(tokens=TOKENS), "b": AuthorizedClient(tokens=TOKENS)}
    with pytest.raises(ValueError, match="'batch-prod' of corp is client a and client b; keep one"):
        own_stack(both, keys={"a": (), "b": ()}, token_clients=("a", "b"))
