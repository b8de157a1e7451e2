"""What the API answers when it refuses a request or fails, in the dialect of its callers."""

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.errors import GATEWAY_ERRORS, Dialect, GatewayError, error_body


class GatewayErrors(Construct):
    """A gateway response for every response type that a caller can meet.

    Gateway responses belong to the whole API: there is one dialect for all of its routes.
    """

    def __init__(self, scope: Construct, construct_id: str, *, rest_api: apigateway.RestApi, dialect: Dialect) -> None:
        super().__init__(scope, construct_id)
        for error in GATEWAY_ERRORS:
            self._define_response(rest_api, dialect, error)

    def _define_response(self, rest_api: apigateway.RestApi, dialect: Dialect, error: GatewayError) -> None:
        apigateway.GatewayResponse(
            self,
            error.response_type,
            rest_api=rest_api,
            type=apigateway.ResponseType.of(error.response_type),
            status_code=str(error.status),
            response_headers={name: f"'{value}'" for name, value in error.headers},
            templates={"application/json": error_body(dialect, error)},
        )
