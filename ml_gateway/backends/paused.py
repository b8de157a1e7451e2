"""Backends that are asked nothing for the moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ml_gateway.backends.backend import Backend, Operation
from ml_gateway.backends.gateway_answer import mock_integration
from ml_gateway.errors import PAUSED, REQUEST_ID_HEADERS, Dialect, error_body
from ml_gateway.serving import Route

if TYPE_CHECKING:
    from constructs import Construct

REQUEST_TYPES: Final = (
    "application/json",
    "application/octet-stream",
    "application/vnd.sagemaker-async-inference+json",
    "application/x-npy",
    "application/x-recordio-protobuf",
    "application/x-www-form-urlencoded",
    "audio/mpeg",
    "audio/wav",
    "image/jpeg",
    "image/png",
    "multipart/form-data",
    "text/csv",
    "text/plain",
)
"""What models are usually sent. A mock takes a body of a type that has a template alone, and templates know no
wildcard: any other type is a 415, unless there is no body (API Gateway Developer Guide, "Method request behavior for
payloads without mapping templates"). Not verified live."""

# API Gateway Developer Guide, "Parameter mapping source reference for REST APIs": of an answer the sources are a static
# value in quotes, or context.<name>.
_HEADERS: Final = {
    **dict.fromkeys(REQUEST_ID_HEADERS, "context.requestId"),
    **{name: f"'{value}'" for name, value in PAUSED.headers},
    "Cache-Control": "'no-store'",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PausedBackend:
    """Answers each route with a 503 in the dialect `errors`, and never asks `backend`.

    What `backend` defines beside the document stays: a VPC link that is made anew takes minutes, and a role of another
    name is none that policies elsewhere know.
    """

    backend: Backend
    errors: Dialect = "plain"

    def operation_for(self, scope: "Construct", route: Route) -> Operation:
        text = {"schema": {"type": "string"}}
        return Operation(
            integration=mock_integration(
                PAUSED.status, error_body(self.errors, PAUSED), headers=_HEADERS, types=REQUEST_TYPES
            ),
            responses={
                str(PAUSED.status): {
                    "description": "what the gateway says of a model that is paused",
                    "headers": dict.fromkeys(_HEADERS, text),
                }
            },
            function=self.backend.operation_for(scope, route).function,
        )
