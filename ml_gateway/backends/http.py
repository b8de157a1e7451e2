"""A backend that API Gateway reaches over the public network by its URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ml_gateway.backends.backend import Operation
from ml_gateway.backends.checked import check
from ml_gateway.backends.http_proxy import http_proxy, with_secrets
from ml_gateway.config import HttpBackendConfig, SecretConfig
from ml_gateway.serving import Route

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpBackend:
    """A model server with a URL of its own.

    `url` is what a raw route calls, and the base of all other routes; `insecure` accepts one that is not encrypted.
    `headers` are sent with fixed values, `secret_headers` with those of secrets, and `bearer` as `Authorization`: each
    replaces what the caller sent under the same name. Errors: what the section of the file refuses.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, SecretConfig] = field(default_factory=dict)
    bearer: SecretConfig | None = None
    insecure: bool = False

    def __post_init__(self) -> None:
        check(self, HttpBackendConfig)

    def operation_for(self, scope: "Construct", route: Route) -> Operation:  # noqa: ARG002 (needs nothing beside the document)
        url = self.url if route.backend_path is None else self.url.rstrip("/") + route.backend_path
        return http_proxy(url, route, headers=with_secrets(self.headers, self.secret_headers, self.bearer))
