"""What serves a model: from a backend in the file to a backend, and from a backend to the routes that it answers."""

from typing import Any

import ml_gateway.backends as backends
from ml_gateway.backends.backend import Backend
from ml_gateway.backends.checked import unchecked
from ml_gateway.backends.http_proxy import HttpServer
from ml_gateway.config import (
    BackendConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.errors import Dialect
from ml_gateway.serving import Route, ServedModel, wrong_base_url

ONLY_IN_THE_FILE = frozenset({"type"})
"""The setting that says which section it is."""


def backend_from(name: str, config: BackendConfig, *, errors: Dialect) -> Backend:
    """The backend that `config` describes under `name`, with `errors` in that dialect where they are its own."""
    # A backend has the settings of its section under the same names; a test compares them.
    settings: dict[str, Any] = {**dict(config), "name": name, "errors": errors}
    # The classes are loaded here, not with this module: only those that the file has.
    match config:
        case HttpBackendConfig():
            return unchecked(backends.HttpBackend, settings)
        case LambdaBackendConfig():
            return unchecked(backends.LambdaBackend, settings)
        case SagemakerBackendConfig():
            return unchecked(backends.SagemakerBackend, settings)
        case LoadBalancerBackendConfig():
            return unchecked(backends.LoadBalancerBackend, settings)


def served_by(backend: Backend, model: ServedModel, *, errors: Dialect = "plain") -> dict[Route, Backend]:
    """Every route of a model, with what answers it: `backend`, or the gateway itself.

    All routes of a paused model are answered by the gateway, in the dialect `errors`.

    Raises ValueError for a URL that is no base URL of the model's protocol, and for a model that would be listed by a
    backend which is asked in the gateway's own name.
    """
    if isinstance(backend, backends.HttpBackend) and (message := wrong_base_url(backend.url, model.protocol)):
        raise ValueError(message)
    if isinstance(backend, HttpServer):
        _check_who_lists(backend, model)
    routes = {route: backend if route.answer is None else backends.GatewayAnswer() for route in model.routes}
    if model.paused:
        return {route: backends.PausedBackend(backend=each, errors=errors) for route, each in routes.items()}
    return routes


def _check_who_lists(backend: HttpServer, model: ServedModel) -> None:
    """What the design sees to for values of a file."""
    if (backend.bearer or backend.secret_headers) and model.asks_for_lists:
        raise ValueError(
            f"model {model.name!r} would show its callers what the gateway's own token may use, as its backend is "
            "sent a secret; write lists_itself=True"
        )
