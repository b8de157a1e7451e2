"""The document of an API: OpenAPI with API Gateway's extensions. Plain data; docs/adr/0018 says why there is one.

Each setting of the API as a whole stands in the document and as a property of the resource: an import that overwrites
removes what the document lacks, and CloudFormation does not put unchanged properties back (aws/aws-sam-cli#2353).
"""

from collections.abc import Mapping
from typing import Any, Final

from ml_gateway.backends import Operation
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_HEADER
from ml_gateway.errors import (
    IDENTITY_ERRORS,
    REQUEST_ID_HEADERS,
    Dialect,
    GatewayError,
    error_body,
    gateway_errors,
)
from ml_gateway.headers import spelled
from ml_gateway.serving import Route

OPENAPI: Final = "3.0.1"
"""The version that API Gateway itself exports."""

PASS_BODIES_AS_THEY_ARE: Final = ("*/*",)
"""API Gateway picks the binary treatment by the *first* type in a request's Accept header: any narrower list damages
binary answers to `Accept: */*`."""

KEY: Final = "api_key"
"""What the document calls the scheme that wants an API key."""

AUTHORIZER: Final = "authorizer"
"""What it calls the one that asks a function."""

AUTHORIZER_TTL: Final = 300
"""Seconds for which the function's answer to one key or token is kept."""

IDENTITY_SOURCE: Final = f"method.request.header.{spelled(API_KEY_HEADER)}"
"""As the edge sends it: whether capitals are told apart here is not documented. Empty or missing is 401."""

ENDPOINT: Final = {"endpointConfigurationTypes": "REGIONAL"}
"""A parameter of the import: OpenAPI has no setting for it."""

Json = dict[str, Any]


def key_source(authorizer: str | None) -> str:
    """Where the API gets the API key of a request from: the header, or what the authorizer says."""
    return "HEADER" if authorizer is None else "AUTHORIZER"


def render_document(
    operations: Mapping[Route, Operation],
    *,
    name: str,
    description: str,
    version: str,
    errors: Dialect | None,
    authorizer: str | None = None,
) -> Json:
    """The API with these operations. It answers its own errors in the dialect `errors`, or as API Gateway does; those
    of an `authorizer`, the URI of a function, in any case.

    `version` changes with what the document only refers to.
    """
    paths: dict[str, Json] = {}
    for route, operation in operations.items():
        paths.setdefault(route.path, {})[route.http_method.lower()] = _render_operation(route, operation, authorizer)
    responses = _render_errors(errors, authorizer)
    return {
        "openapi": OPENAPI,
        "info": {"title": name, "description": description, "version": version},
        "paths": paths,
        "components": {"securitySchemes": _render_schemes(authorizer)},
        "x-amazon-apigateway-api-key-source": key_source(authorizer),
        "x-amazon-apigateway-binary-media-types": list(PASS_BODIES_AS_THEY_ARE),
        **({"x-amazon-apigateway-gateway-responses": responses} if responses else {}),
    }


def _render_schemes(authorizer: str | None) -> Json:
    key = {"type": "apiKey", "name": API_KEY_HEADER, "in": "header"}
    if authorizer is None:
        return {KEY: key}
    asked = {
        "type": "request",
        "authorizerUri": authorizer,
        "identitySource": IDENTITY_SOURCE,
        "authorizerResultTtlInSeconds": AUTHORIZER_TTL,
    }
    return {
        KEY: key,
        AUTHORIZER: {
            **key,
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": asked,
        },
    }


def _render_operation(route: Route, operation: Operation, authorizer: str | None) -> Json:
    required = {"in": "path", "required": True, "schema": {"type": "string"}}
    parameters = [*({"name": name, **required} for name in route.variables), *operation.parameters]
    return {
        **({"parameters": parameters} if parameters else {}),
        "responses": operation.responses,
        # In each operation: one for all of them at the top is not an API key for every reader.
        "security": [{KEY: []} if authorizer is None else {AUTHORIZER: [], KEY: []}],
        "x-amazon-apigateway-integration": operation.integration
        if authorizer is None
        else _told(operation.integration),
    }


def _told(integration: Mapping[str, Any]) -> Json:
    """The integration, with the client's name for an HTTP server. A Lambda function finds it in its event."""
    if integration["type"] != "http_proxy":
        return dict(integration)
    name = {f"integration.request.header.{spelled(CLIENT_HEADER)}": "context.authorizer.client"}
    return {**integration, "requestParameters": {**integration.get("requestParameters", {}), **name}}


def _render_errors(dialect: Dialect | None, authorizer: str | None) -> Json:
    """A gateway response for every response type that a caller can meet: they belong to the whole API."""
    own = IDENTITY_ERRORS if authorizer else ()
    errors = gateway_errors(identified=bool(own)) if dialect else own
    return {error.response_type: _render_error(dialect or "plain", error) for error in errors}


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
