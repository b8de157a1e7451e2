"""How large the API stack of a gateway gets, before anything is synthesized."""

from collections.abc import Iterable
from typing import Final

from ml_gateway.config.backends import BackendConfig
from ml_gateway.routes import GATEWAY_ERRORS, Route, resources_of_the_api

ALWAYS: Final = 5
"""The access log's group, the REST API, its deployment, its stage, and the usage plan."""

FOR_EACH_GENERATION: Final = 3
"""A secret, the API key with its value, and that key's place in the usage plan."""

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
    routes: Iterable[Route], *, backends: Iterable[BackendConfig], generation: int, with_errors: bool
) -> int:
    """How many CloudFormation resources the API stack has at most.

    Each resource of the API but its root is one, each method (a route) is one, and with errors in the caller's
    dialect each gateway response is one. The account's log role is in a stack of its own.
    """
    routes = tuple(routes)
    return (
        ALWAYS
        + FOR_EACH_GENERATION * min(generation, ACCEPTED_GENERATIONS)
        + (len(GATEWAY_ERRORS) if with_errors else 0)
        + resources_of_the_api(routes)
        - 1
        + len(routes)
        + sum(FOR_A_BACKEND[backend.type] for backend in backends if getattr(backend, "vpc_link", None) is None)
    )
