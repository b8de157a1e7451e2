"""What every kind of backend has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ml_gateway.serving import Route

if TYPE_CHECKING:  # a backend that needs nothing of CDK is loaded without it
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

Json = Mapping[str, Any]


def _answers_for_itself() -> Json:
    return {"200": {"description": "what the model answers"}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """How one route reaches its backend: what the document of the API says of it.

    `integration` is the object that API Gateway calls `x-amazon-apigateway-integration`. Whatever it names by a token,
    the API notices when that is replaced. `parameters` and `responses` are those of OpenAPI; variables of the path need
    no parameter here, and neither does the key. `function` is the Lambda function that the integration invokes without
    a role: the API gets the permission, once.
    """

    integration: Json
    parameters: Sequence[Json] = ()
    responses: Json = field(default_factory=_answers_for_itself)
    function: "lambda_.IFunction | None" = None


class Backend(Protocol):
    """The server behind a model. A small value; it turns itself into an operation for each route it serves."""

    def operation_for(self, scope: "Construct", route: Route) -> Operation:
        """How `route` reaches this backend. What that needs beside the document is defined in `scope`, once."""
        ...


def travel(route: Route) -> dict[str, Any]:
    """How long the integration waits, and STREAM for a route that streams; the service's default is to buffer."""
    streams = {"responseTransferMode": "STREAM"} if route.streams else {}
    return {"timeoutInMillis": route.timeout // timedelta(milliseconds=1), **streams}
