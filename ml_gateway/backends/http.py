"""A backend that API Gateway reaches over the public network by its URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ml_gateway.backends.backend import Operation
from ml_gateway.backends.http_proxy import http_proxy
from ml_gateway.config import BearerConfig
from ml_gateway.serving import Route

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpBackend:
    """A model server with a URL of its own.

    `url` is what a raw route calls, and else the base URL that the protocol's own clients take. `headers` are sent with
    fixed values, and `bearer` as `Authorization`: both replace what the caller sent under the same name.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: BearerConfig | None = None

    def operation_for(self, scope: "Construct", route: Route) -> Operation:  # noqa: ARG002 (needs nothing beside the document)
        url = self.url if route.backend_path is None else self.url.rstrip("/") + route.backend_path
        return http_proxy(url, route, headers={**self.headers, **self._authorization()})

    def _authorization(self) -> Mapping[str, str]:
        if self.bearer is None:
            return {}
        token = f"{{{{resolve:secretsmanager:{self.bearer.secret}:SecretString:::{self.bearer.version}}}}}"
        return {"Authorization": f"Bearer {token}"}
