"""The document of an API: OpenAPI with API Gateway's extensions. Plain data; docs/adr/0018 says why there is one.

Each setting of the API as a whole stands in the document and as a property of the resource: an import that overwrites
removes what the document lacks, and CloudFormation does not put unchanged properties back (aws/aws-sam-cli#2353).
"""

from collections.abc import Mapping
from typing import Any, Final

from ml_gateway.backends import Operation
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.errors import GATEWAY_ERRORS, REQUEST_ID_HEADERS, Dialect, GatewayError, error_body
from ml_gateway.serving import Route

OPENAPI: Final = "3.0.1"
"""The version that API Gateway itself exports."""

PASS_BODIES_AS_THEY_ARE: Final = ("*/*",)
"""API Gateway picks the binary treatment by the *first* type in a request's Accept header: any narrower list damages
binary answers to `Accept: */*`."""

KEY_SOURCE: Final = "HEADER"
KEY: Final = "api_key"
"""What the document calls the scheme that wants an API key."""

ENDPOINT: Final = {"endpointConfigurationTypes": "REGIONAL"}
"""A parameter of the import: OpenAPI has no setting for it."""

Json = dict[str, Any]


def render_document(
    operations: Mapping[Route, Operation], *, name: str, description: str, version: str, errors: Dialect | None
) -> Json:
    """The API with these operations. It answers its own errors in the dialect `errors`, or as API Gateway does.

    `version` changes with what the document only refers to.
    """
    paths: dict[str, Json] = {}
    for route, operation in operations.items():
        paths.setdefault(route.path, {})[route.http_method.lower()] = _render_operation(route, operation)
    return {
        "openapi": OPENAPI,
        "info": {"title": name, "description": description, "version": version},
        "paths": paths,
        "components": {"securitySchemes": {KEY: {"type": "apiKey", "name": API_KEY_HEADER, "in": "header"}}},
        "x-amazon-apigateway-api-key-source": KEY_SOURCE,
        "x-amazon-apigateway-binary-media-types": list(PASS_BODIES_AS_THEY_ARE),
        **({"x-amazon-apigateway-gateway-responses": _render_errors(errors)} if errors else {}),
    }


def _render_operation(route: Route, operation: Operation) -> Json:
    required = {"in": "path", "required": True, "schema": {"type": "string"}}
    parameters = [*({"name": name, **required} for name in route.variables), *operation.parameters]
    return {
        **({"parameters": parameters} if parameters else {}),
        "responses": operation.responses,
        # In each operation: one for all of them at the top is not an API key for every reader.
        "security": [{KEY: []}],
        "x-amazon-apigateway-integration": operation.integration,
    }


def _render_errors(dialect: Dialect) -> Json:
    """A gateway response for every response type that a caller can meet: they belong to the whole API."""
    return {error.response_type: _render_error(dialect, error) for error in GATEWAY_ERRORS}


def _render_error(dialect: Dialect, error: GatewayError) -> Json:
    # API Gateway developer guide, "Parameter mapping source reference for REST APIs": context.<name>. No page shows it
    # for a gateway response, and nobody here has seen it live; public gateways are deployed with it.
    headers = dict.fromkeys(REQUEST_ID_HEADERS, "context.requestId") | {
        name: f"'{value}'" for name, value in error.headers
    }
    return {
        **({} if error.keeps_status else {"statusCode": str(error.status)}),
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "responseTemplates": {"application/json": error_body(dialect, error)},
    }
