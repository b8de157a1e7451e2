"""The integration that an HTTP server gets, wherever it is reached."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway

from ml_gateway.backends.backend import RouteIntegration
from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS
from ml_gateway.serving import Route

REPLACED_CREDENTIAL: Final = "replaced-by-gateway"
"""What a backend sees instead of a gateway credential. Not empty: API Gateway documents no meaning for that."""


def http_proxy(
    url: str,
    route: Route,
    *,
    headers: Mapping[str, str] | None = None,
    vpc_link: apigateway.IVpcLink | None = None,
    overrides: Mapping[str, str] | None = None,
) -> RouteIntegration:
    """An HTTP_PROXY integration: method, query string, headers and body travel as they came.

    `url` may hold the variables of the route's path. `headers` are sent with fixed values. The gateway's own
    credentials are overwritten, because a proxy integration forwards every header; a header of that name in
    `headers` wins.
    """
    variables = [name for name in route.variables if f"{{{name}}}" in url]
    fixed = dict.fromkeys(GATEWAY_CREDENTIAL_HEADERS, REPLACED_CREDENTIAL) | _exact_credentials(headers or {})
    return RouteIntegration(
        integration=apigateway.Integration(
            type=apigateway.IntegrationType.HTTP_PROXY,
            uri=url,
            integration_http_method=route.backend_method or route.http_method,
            options=apigateway.IntegrationOptions(
                timeout=timeout_of(route),
                response_transfer_mode=transfer_mode_of(route),
                connection_type=apigateway.ConnectionType.VPC_LINK if vpc_link else None,
                vpc_link=vpc_link,
                request_parameters={
                    **{f"integration.request.header.{header}": f"'{value}'" for header, value in fixed.items()},
                    **{f"integration.request.path.{name}": f"method.request.path.{name}" for name in variables},
                },
            ),
        ),
        request_parameters={f"method.request.path.{name}": True for name in variables},
        overrides=overrides or {},
    )


def timeout_of(route: Route) -> Duration:
    """How long the integration waits. In whole milliseconds: seconds would not be exact."""
    return Duration.millis(route.timeout // timedelta(milliseconds=1))


def transfer_mode_of(route: Route) -> apigateway.ResponseTransferMode | None:
    """STREAM for a route that streams; else the service's default, which buffers."""
    return apigateway.ResponseTransferMode.STREAM if route.streams else None


def _exact_credentials(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, with the names of credentials as the gateway writes them.

    API Gateway's mappings tell capitals apart: `X-Api-Key` would be added beside the caller's `x-api-key`.
    """
    credentials = {name.lower() for name in GATEWAY_CREDENTIAL_HEADERS}
    return {name.lower() if name.lower() in credentials else name: value for name, value in headers.items()}
