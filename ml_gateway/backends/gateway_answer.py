"""Routes that the gateway answers by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

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
        return Operation(
            integration=mock_integration(200, route.answer),
            responses={"200": {"description": "what the gateway answers itself"}},
        )


def mock_integration(
    status: int, body: str, *, headers: Mapping[str, str] | None = None, types: Iterable[str] = (_JSON,)
) -> dict[str, Any]:
    """Answers with that JSON, and with `headers`: name -> source of a mapping. `types` are those that requests may have
    whose body is there; API Gateway refuses others with a 415."""
    # Bodies are binary for this API (*/*), but a template needs text, on both levels: else a mock fails
    # (CodeGenieApp/serverless-express#58).
    as_text = {"contentHandling": "CONVERT_TO_TEXT"}
    mapped = {f"method.response.header.{name}": source for name, source in (headers or {}).items()}
    return {
        "type": "mock",
        **as_text,
        "passthroughBehavior": "when_no_templates",
        "requestTemplates": dict.fromkeys(types, f'{{"statusCode": {status}}}'),
        "responses": {
            "default": {
                "statusCode": str(status),
                **as_text,
                **({"responseParameters": mapped} if mapped else {}),
                "responseTemplates": {_JSON: body},
            }
        },
    }
