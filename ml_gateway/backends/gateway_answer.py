"""Routes that the gateway answers by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ml_gateway.backends.backend import Operation
from ml_gateway.serving import Route

if TYPE_CHECKING:
    from constructs import Construct

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """No backend at all: a mock integration that answers 200 with the JSON of the route."""

    def operation_for(self, scope: "Construct", route: Route) -> Operation:  # noqa: ARG002 (needs nothing beside the document)
        if route.answer is None:
            raise ValueError(f"{route.http_method} {route.path} has no answer; give it one, or a backend that answers")
        # Bodies are binary for this API (*/*), but a template needs text, on both levels: else a mock fails
        # (CodeGenieApp/serverless-express#58).
        as_text = {"contentHandling": "CONVERT_TO_TEXT"}
        return Operation(
            integration={
                "type": "mock",
                **as_text,
                "passthroughBehavior": "when_no_templates",
                "requestTemplates": {_JSON: '{"statusCode": 200}'},
                "responses": {"default": {"statusCode": "200", **as_text, "responseTemplates": {_JSON: route.answer}}},
            },
            responses={"200": {"description": "what the gateway answers itself"}},
        )
