"""How large the API stack of a gateway gets, before anything is synthesized."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from ml_gateway.config.backends import BackendConfig, HttpBackendConfig, LoadBalancerBackendConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.serving_rules import Routes
from ml_gateway.errors import GATEWAY_ERRORS
from ml_gateway.serving import Route, resources_of_the_api

ALWAYS: Final = 4
"""The access log's group, the REST API, its deployment, and its stage."""

FOR_A_KEY: Final = 3
"""A secret, the API key with its value, and that key's place in the usage plan."""

FOR_A_HEADER_LOCK: Final = 4
"""Its web ACL, the association with the stage, the log group and the logging; the secrets come on top."""

ACCEPTED_GENERATIONS: Final = 2
"""The API accepts the newest generation and the one before."""

FOR_A_BACKEND: Final = {
    "http": 0,
    "sagemaker": 4,  # a role and its policy for each of InvokeEndpoint and InvokeEndpointAsync
    "lambda": 1,  # the permission to invoke it
    "load_balancer": 1,  # the VPC link
}
"""At most: what a backend defines once, whichever routes it has."""


def count_resources(
    routes: Collection[Route],
    *,
    backends: Iterable[BackendConfig],
    generation: int,
    with_errors: bool,
    plans: int,
    keys: int,
) -> int:
    """How many CloudFormation resources the API stack has at most, without alerts; `keys` are those of clients.

    Each resource of the API but its root is one, each method (a route) is one, each plan is one, and with errors in
    the caller's dialect each gateway response is one. With clients a generation of the origin secret is no API key.
    The account's log role is in a stack of its own.
    """
    generations = min(generation, ACCEPTED_GENERATIONS)
    return (
        ALWAYS
        + plans
        + (FOR_A_KEY * keys + FOR_A_HEADER_LOCK + generations if keys else FOR_A_KEY * generations)
        + (len(GATEWAY_ERRORS) if with_errors else 0)
        + resources_of_the_api(routes)
        - 1
        + len(routes)
        + sum(map(_defined_by, backends))
    )


def _defined_by(backend: BackendConfig) -> int:
    has_its_link = isinstance(backend, LoadBalancerBackendConfig) and backend.vpc_link is not None
    return 0 if has_its_link else FOR_A_BACKEND[backend.type]


def count_references(
    routes: Routes,
    *,
    models: Mapping[str, ModelConfig],
    backends: Mapping[str, BackendConfig],
    generation: int,
    keys: int,
) -> Mapping[str, int]:
    """How many dynamic references the API's template has, by what they stand for.

    A key of a client is read once, an origin secret once for each accepted generation, and a bearer token by each
    method that a backend answers.
    """
    bearing = {name for name, backend in backends.items() if isinstance(backend, HttpBackendConfig) and backend.bearer}
    tokens = (
        route.answer is None for name, each in routes.items() if models[name].backend in bearing for route in each
    )
    return {
        "keys of clients": keys,
        "origin secrets": min(generation, ACCEPTED_GENERATIONS),
        "bearer tokens in methods": sum(tokens),
    }
