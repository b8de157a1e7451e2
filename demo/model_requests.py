"""What to send to a model, whatever it speaks, and where that should arrive."""

import json
from typing import Final
from urllib.parse import urlsplit

from demo.sample_server import SAMPLE_FLOWERS
from ml_gateway.config import HttpBackendConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.local.http_client import Request
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.serving import Route
from ml_gateway.serving.paths import with_values

BODY: Final = json.dumps({"instances": SAMPLE_FLOWERS}).encode()
JSON: Final = {"Content-Type": "application/json"}
METHODS_WITH_BODY: Final = ("POST", "PUT", "PATCH")


def model_request(design: GatewayDesign, name: str) -> Request:
    """A request that reaches the model itself, with flowers to predict if it has a method that takes a body."""
    return example_request(_model_route(design, name))


def backend_path(design: GatewayDesign, name: str) -> str:
    """Where `model_request` should arrive at the model's server."""
    return _with_values(path_at_server(design, name, _model_route(design, name)))


def path_at_server(design: GatewayDesign, name: str, route: Route) -> str:
    """Where requests of a model's route should arrive at its server, with the variables of the route's path."""
    backend = design.models[name].backend
    if not isinstance(backend, HttpBackendConfig):
        raise LocalCloudError(f"{name} has a backend of type {backend.type}, which has no path; only http has one")
    path, below = urlsplit(backend.url).path, route.backend_path
    return (path if below is None else path.rstrip("/") + below) or "/"


def example_request(route: Route) -> Request:
    """A request that this route takes."""
    with_body = route.http_method in METHODS_WITH_BODY
    return Request(
        method=route.http_method,
        path=_with_values(route.path),
        body=BODY if with_body else None,
        headers=JSON if with_body else {},
    )


def _model_route(design: GatewayDesign, name: str) -> Route:
    routes = [route for route in design.models[name].routes if route.answer is None]
    return next((route for route in routes if route.http_method in METHODS_WITH_BODY), routes[0])


def _with_values(path: str) -> str:
    """`path` with something in place of each variable."""
    return with_values(path, "1")
