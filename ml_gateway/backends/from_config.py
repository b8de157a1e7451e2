"""What serves a model: from a backend in the file to a backend, and from a backend to the routes that it answers."""

from typing import Any

import ml_gateway.backends as backends
from ml_gateway.backends.backend import Backend
from ml_gateway.config import (
    BackendConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.errors import Dialect
from ml_gateway.serving import Route, ServedModel

ONLY_IN_THE_FILE = frozenset({"type", "insecure"})
"""Settings that say which section it is, and what its author accepts."""


def backend_from(name: str, config: BackendConfig, *, errors: Dialect) -> Backend:
    """The backend that `config` describes under `name`, with `errors` in that dialect where they are its own."""
    # A backend has the settings of its section under the same names; a test compares them.
    settings: dict[str, Any] = {key: value for key, value in config if key not in ONLY_IN_THE_FILE}
    # The classes are loaded here, not with this module: only those that the file has.
    match config:
        case HttpBackendConfig():
            return backends.HttpBackend(**settings)
        case LambdaBackendConfig():
            return backends.LambdaBackend(name=name, **settings)
        case SagemakerBackendConfig():
            return backends.SagemakerBackend(name=name, errors=errors, **settings)
        case LoadBalancerBackendConfig():
            return backends.LoadBalancerBackend(name=name, **settings)


def served_by(backend: Backend, model: ServedModel) -> dict[Route, Backend]:
    """Every route of a model, with what answers it: `backend`, or the gateway itself."""
    return {route: backend if route.answer is None else backends.GatewayAnswer() for route in model.routes}
