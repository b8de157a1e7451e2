"""A backend that API Gateway reaches over the public network by its URL."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_gateway.backends.backend import Operation
from ml_gateway.backends.checked import check
from ml_gateway.backends.http_proxy import HttpServer, http_proxy
from ml_gateway.config import HttpBackendConfig
from ml_gateway.serving import Route
from ml_gateway.serving.paths import REGION_IN_URLS

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpBackend(HttpServer):
    """A model server with a URL of its own.

    `url` is what a raw route calls, and else the base URL that the protocol's own clients take; `insecure`
    accepts one that is not encrypted. `{region}` in it is the region of the API. What it is sent: `HttpServer`.
    Errors: what the section of the file refuses.
    """

    url: str
    insecure: bool = False

    def __post_init__(self) -> None:
        check(self, HttpBackendConfig)

    def operation_for(self, scope: "Construct", route: Route) -> Operation:
        url = self.url if route.backend_path is None else self.url.rstrip("/") + route.backend_path
        if REGION_IN_URLS in url:
            from aws_cdk import Stack  # not above: no other URL needs it

            url = url.replace(REGION_IN_URLS, Stack.of(scope).region)
        return http_proxy(url, route, headers=self.sent)
