"""What serves a model: from a backend in the file to a backend, and from a backend to the routes that it answers."""

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


def backend_from(name: str, config: BackendConfig, *, http_method: str | None, errors: Dialect) -> Backend:
    """The backend that `config` describes under `name`; `http_method` is what it expects instead of the caller's."""
    # The classes are loaded here, not with this module: only those that the file has.
    match config:
        case HttpBackendConfig():
            token = config.bearer
            return backends.HttpBackend(
                url=config.url,
                http_method=http_method,
                headers=config.headers,
                bearer=backends.BearerToken(secret=token.secret, version=token.version) if token else None,
            )
        case LambdaBackendConfig():
            return backends.LambdaBackend(name=name, function=config.function)
        case SagemakerBackendConfig():
            return backends.SagemakerBackend(
                name=name,
                endpoint=config.endpoint,
                inference_component=config.inference_component,
                target_variant=config.target_variant,
                target_model=config.target_model,
                errors=errors,
            )
        case LoadBalancerBackendConfig():
            return backends.LoadBalancerBackend(
                name=name,
                http_method=http_method,
                host=config.host,
                port=config.port,
                tls=config.tls,
                load_balancer=config.load_balancer,
                listener=config.listener,
                vpc_link=config.vpc_link,
                subnets=config.subnets,
                security_groups=config.security_groups,
            )


def served_by(backend: Backend, serving: ServedModel) -> dict[Route, Backend]:
    """Every route of a model, with what answers it: `backend`, or the gateway itself."""
    return {route: backend if route.answer is None else backends.GatewayAnswer() for route in serving.routes}
