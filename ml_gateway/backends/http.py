"""A backend that API Gateway reaches over the public network by its URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import SecretValue
from constructs import Construct

from ml_gateway.backends.backend import RouteIntegration
from ml_gateway.backends.http_proxy import http_proxy
from ml_gateway.serving import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class BearerToken:
    """A token of the model's provider, kept in Secrets Manager in the API's region.

    `version` is a version id of `secret`: CloudFormation reads the value once, so another value takes another version.
    """

    secret: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpBackend:
    """A model server with a URL of its own.

    `url` is what a raw route calls, and the base of all other routes. `http_method` says what the backend expects
    instead of the caller's method. `headers` are sent with fixed values, and `bearer` as `Authorization`: both
    replace what the caller sent under the same name.
    """

    url: str
    http_method: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: BearerToken | None = None

    def integration_for(self, scope: Construct, route: Route) -> RouteIntegration:  # noqa: ARG002 (needs nothing beside the method)
        url = self.url if route.backend_path is None else self.url.rstrip("/") + route.backend_path
        return http_proxy(url, route, http_method=self.http_method, headers={**self.headers, **self._authorization()})

    def _authorization(self) -> Mapping[str, str]:
        if self.bearer is None:
            return {}
        token = SecretValue.secrets_manager(self.bearer.secret, version_id=self.bearer.version)
        return {"Authorization": f"Bearer {token.unsafe_unwrap()}"}
