"""Routes that the gateway answers by itself."""

from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.backends.backend import RouteIntegration
from ml_gateway.serving import Route


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """No backend at all: a mock integration that answers 200 with the JSON of the route."""

    def integration_for(self, scope: Construct, route: Route) -> RouteIntegration:  # noqa: ARG002 (needs nothing beside the method)
        if route.answer is None:
            raise ValueError(f"{route.http_method} {route.path} has no answer; give it one, or a backend that answers")
        json_type = "application/json"
        return RouteIntegration(
            integration=apigateway.MockIntegration(
                # Bodies are binary for this API (*/*), but a template needs text; without this a mock fails.
                content_handling=apigateway.ContentHandling.CONVERT_TO_TEXT,
                passthrough_behavior=apigateway.PassthroughBehavior.WHEN_NO_TEMPLATES,
                request_templates={json_type: '{"statusCode": 200}'},
                integration_responses=[
                    apigateway.IntegrationResponse(
                        status_code="200",
                        content_handling=apigateway.ContentHandling.CONVERT_TO_TEXT,
                        response_templates={json_type: route.answer},
                    )
                ],
            ),
            method_responses=[apigateway.MethodResponse(status_code="200")],
        )
