"""The operation that an HTTP server gets, wherever it is reached."""

from collections.abc import Mapping
from typing import Final

from ml_gateway.backends.backend import Operation, travel
from ml_gateway.config import SecretConfig
from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS
from ml_gateway.headers import spelled
from ml_gateway.serving import Route

REPLACED_CREDENTIAL: Final = "replaced-by-gateway"
"""What a backend sees instead of a gateway credential. Not empty: API Gateway documents no meaning for that."""


def with_secrets(
    headers: Mapping[str, str], secret_headers: Mapping[str, SecretConfig], bearer: SecretConfig | None
) -> Mapping[str, str]:
    """All that a server is sent: fixed values, and references to secrets by their literal names."""
    tokens = {"Authorization": f"Bearer {_reference(bearer)}"} if bearer else {}
    return {**headers, **{header: _reference(secret) for header, secret in secret_headers.items()}, **tokens}


def _reference(secret: SecretConfig) -> str:
    return f"{{{{resolve:secretsmanager:{secret.secret}:SecretString:::{secret.version}}}}}"


def http_proxy(
    url: str,
    route: Route,
    *,
    headers: Mapping[str, str] | None = None,
    connection: Mapping[str, str] | None = None,
) -> Operation:
    """An HTTP proxy: method, query string, headers and body travel as they came.

    `url` may hold the variables of the route's path. `headers` are sent with fixed values, under the names by which the
    API gets the caller's, so that they replace them. The gateway's own credentials are overwritten, because a proxy
    forwards every header; a header of that name in `headers` wins. `connection` says how the server is reached,
    if not over the public network.
    """
    variables = [name for name in route.variables if f"{{{name}}}" in url]
    fixed = dict.fromkeys(map(spelled, GATEWAY_CREDENTIAL_HEADERS), REPLACED_CREDENTIAL)
    fixed |= {spelled(header): value for header, value in (headers or {}).items()}
    return Operation(
        integration={
            "type": "http_proxy",
            "httpMethod": route.backend_method or route.http_method,
            "uri": url,
            **travel(route),
            "requestParameters": {
                **{f"integration.request.header.{header}": f"'{value}'" for header, value in fixed.items()},
                **{f"integration.request.path.{name}": f"method.request.path.{name}" for name in variables},
            },
            **(connection or {}),
        }
    )
