"""The operation that an HTTP server gets, wherever it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ml_gateway.backends.backend import Operation, travel
from ml_gateway.backends.mappings import mapped
from ml_gateway.config import SecretConfig
from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS
from ml_gateway.headers import spelled
from ml_gateway.serving import Route

REPLACED_CREDENTIAL: Final = "replaced-by-gateway"
"""What a backend sees instead of a gateway credential. Not empty: API Gateway documents no meaning for that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpServer:
    """What an HTTP server is sent, wherever it is reached. Each header replaces what the caller sent under that name.

    `headers` are sent with fixed values, or one variable of the path alone, `secret_headers` with the values of
    secrets, and `bearer` as `Authorization`.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, SecretConfig] = field(default_factory=dict)
    bearer: SecretConfig | None = None

    @property
    def sent(self) -> Mapping[str, str]:
        """All of it: secrets are references by their literal names."""
        secrets = {header: _reference(secret) for header, secret in self.secret_headers.items()}
        tokens = {"Authorization": f"Bearer {_reference(self.bearer)}"} if self.bearer else {}
        return {**self.headers, **secrets, **tokens}


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

    `url` may hold the variables of the route's path. `headers` are sent with fixed values, or the variable that one is,
    under the names by which the API gets the caller's, so that they replace them. The gateway's own credentials
    are overwritten, because a proxy forwards every header; a header of that name in `headers` wins. `connection` says
    how the server is reached, if not over the public network.
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
                **{f"integration.request.header.{header}": mapped(value, route) for header, value in fixed.items()},
                **{f"integration.request.path.{name}": f"method.request.path.{name}" for name in variables},
            },
            **(connection or {}),
        }
    )
