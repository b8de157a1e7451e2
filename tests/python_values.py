"""Values and constructs as Python builds them, each right but for what a test says."""

from collections.abc import Callable
from typing import Any

import pytest

from ml_gateway import (
    ClientSecrets,
    EdgeDesign,
    GatewayDistribution,
    HttpBackend,
    LoadBalancerBackend,
    Open,
    ProxyApi,
    RequestWindow,
    Route,
    SecretConfig,
    ServedModel,
)
from ml_gateway.constructs import GatewayOrigin
from tests.files import LOAD_BALANCER
from tests.synthesis import bare_stack

URL = "https://model.example.com/invocations"
SECRET = SecretConfig(secret="acme-ml/key", version="0" * 32)
GOLD = RequestWindow(100, 5)
Build = Callable[[], object]

# Of types that no literal has.
OFF: Any = {"rate": GOLD, "mode": "off"}
UNKNOWN_FORMS: Any = ("x-api-key", "cookie")
JSON: Any = {"dialect": "json"}
ALL_PRICES: Any = {"price_class": "All"}


def route(**settings: Any) -> Route:
    return Route(**{"http_method": "POST", "path": "/score", **settings})


def served(**settings: Any) -> ServedModel:
    return ServedModel(**{"name": "predict", "path": "/predict", **settings})


def http(**settings: Any) -> HttpBackend:
    return HttpBackend(**{"url": URL, **settings})


def balanced(**settings: Any) -> LoadBalancerBackend:
    usual = {"name": "b", "host": "llama.internal", "port": 80, "load_balancer": LOAD_BALANCER, "vpc_link": "a1b2c3"}
    return LoadBalancerBackend(**{**usual, **settings})


def api(**settings: Any) -> ProxyApi:
    routes = {Route(http_method="POST", path="/score"): HttpBackend(url=URL)}
    return ProxyApi(bare_stack(), "Api", **{"routes": routes, "name": "a", "description": "b", **settings})


def api_of(*routes: Route, **settings: Any) -> ProxyApi:
    return api(routes=dict.fromkeys(routes, HttpBackend(url=URL)), **settings)


def distribution(**edge: Any) -> GatewayDistribution:
    origin = GatewayOrigin(domain_name="a.example.com", origin_path="/v1", headers={}, callers=Open())
    return GatewayDistribution(bare_stack(), "Edge", origin=origin, edge=EdgeDesign(**edge))


def secrets(**settings: Any) -> ClientSecrets:
    return ClientSecrets(bare_stack(), "Keys", **{"gateway_name": "acme-ml", "clients": {"app": ["a"]}, **settings})


def refusal(build: Build) -> str:
    """What is said where the value is refused."""
    with pytest.raises(ValueError, match=r".") as raised:
        build()
    return str(raised.value)
