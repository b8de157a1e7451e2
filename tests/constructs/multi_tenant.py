"""A small gateway with clients in a stack that is not ours."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aws_cdk import Stack

from ml_gateway import (
    EdgeDesign,
    GatewayDistribution,
    GatewayUsagePlan,
    HttpBackend,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
)
from ml_gateway.config import CacheConfig
from ml_gateway.constructs import ClientKeys, ClientSecrets, GatewayClient, HeaderLock, OriginSecrets
from ml_gateway.credentials import KeyForm
from ml_gateway.design import Keyed
from tests.synthesis import Json, bare_stack, template_of

ROUTES = {
    Route(http_method="POST", path="/score"): HttpBackend(url="https://fraud.example.com/score"),
    Route(http_method="GET", path="/health"): HttpBackend(url="https://fraud.example.com/health"),
}
PLAN = PlanConfig(rate=RequestRate(5), burst=20)
CLIENTS: Mapping[str, tuple[str, ...]] = {"mobile-app": ("default",), "partner-x": ("a", "b"), "shop": ("default",)}
CACHE = CacheConfig(default=timedelta(0), max=timedelta(minutes=1))
FORMS: tuple[KeyForm, ...] = ("x-api-key", "bearer", "api-key")


def define_api(stack: Stack) -> ProxyApi:
    return ProxyApi(stack, "Api", routes=ROUTES, name="fraud", description="Scores payments")


def define_clients(stack: Stack, api: ProxyApi, clients: Mapping[str, tuple[str, ...]] = CLIENTS) -> ClientKeys:
    plan = GatewayUsagePlan(stack, "UsagePlan", stage=api.stage, plan=PLAN)
    return ClientKeys(
        stack,
        "Clients",
        secrets=ClientSecrets(stack, "ClientSecrets", gateway_name="fraud", clients=clients),
        clients={name: GatewayClient(usage_plan=plan.usage_plan) for name in clients},
    )


def define_header_lock(stack: Stack, api: ProxyApi, generation: int = 1, **settings: Any) -> HeaderLock:
    secrets = OriginSecrets(stack, "OriginSecrets", gateway_name="fraud", generation=generation)
    return HeaderLock(stack, "OriginLock", secrets=secrets, stage=api.stage, **settings)


def define_multi_tenant_gateway(stack: Stack, generation: int = 2) -> None:
    api = define_api(stack)
    define_clients(stack, api)
    lock = define_header_lock(stack, api, generation, callers=Keyed(FORMS))
    GatewayDistribution(stack, "Edge", origin=api.origin(lock), edge=EdgeDesign(cache=CACHE))


def multi_tenant_template(generation: int = 2) -> Json:
    stack = bare_stack()
    define_multi_tenant_gateway(stack, generation)
    return template_of(stack)


def with_clients(clients: Mapping[str, tuple[str, ...]]) -> Json:
    """The resources of a stack with these clients and nothing in front of it."""
    stack = bare_stack()
    define_clients(stack, define_api(stack), clients)
    found: Json = template_of(stack)["Resources"]
    return found
