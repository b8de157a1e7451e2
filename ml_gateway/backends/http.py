"""A backend that API Gateway reaches over the public network by its URL."""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway

from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS
from ml_gateway.routes import Route

REPLACED_CREDENTIAL: Final = "replaced-by-gateway"
"""What a backend sees instead of a gateway credential. Not empty: API Gateway documents no meaning for that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpBackend:
    """A model server with a URL of its own.

    An HTTP_PROXY integration: method (unless `http_method` says what the backend expects instead), query string,
    headers and body travel as they came. Only the gateway's own credentials are overwritten on the way, because
    a proxy integration would forward them to whoever runs the backend.
    """

    url: str
    http_method: str | None = None

    def integration_for(self, route: Route) -> apigateway.HttpIntegration:
        return apigateway.HttpIntegration(
            self.url,
            http_method=self.http_method or route.http_method,
            proxy=True,
            options=apigateway.IntegrationOptions(
                timeout=Duration.millis(route.timeout.total_seconds() * 1000),
                request_parameters={
                    f"integration.request.header.{header}": f"'{REPLACED_CREDENTIAL}'"
                    for header in GATEWAY_CREDENTIAL_HEADERS
                },
            ),
        )
