"""A backend that is a SageMaker endpoint, invoked directly by API Gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Stack, Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from ml_gateway.backends.backend import Operation, travel
from ml_gateway.backends.checked import check
from ml_gateway.backends.mappings import mapped
from ml_gateway.backends.scopes import namespace
from ml_gateway.config import SagemakerBackendConfig
from ml_gateway.errors import MISCONFIGURED, Dialect, GatewayError, error_body
from ml_gateway.headers import spelled
from ml_gateway.serving import Route
from ml_gateway.serving.protocols import (
    CUSTOM_ATTRIBUTES,
    INFERENCE_COMPONENT,
    SAGEMAKER_REQUEST_HEADERS,
    SAGEMAKER_RESPONSE_HEADERS,
    TARGET_MODEL,
    TARGET_VARIANT,
)

REQUEST_HEADERS: Final = ("Content-Type", "Accept", *SAGEMAKER_REQUEST_HEADERS)
# Names of headers as the SageMaker runtime API reference (InvokeEndpointAsync) gives them.
ASYNC_REQUEST_HEADERS: Final = (
    "X-Amzn-SageMaker-Accept",
    "X-Amzn-SageMaker-Content-Type",
    "X-Amzn-SageMaker-Filename",
    "X-Amzn-SageMaker-InputLocation",
    "X-Amzn-SageMaker-InvocationTimeoutSeconds",
    "X-Amzn-SageMaker-RequestTTLSeconds",
    "X-Amzn-SageMaker-S3OutputPathExtension",
)
RESPONSE_HEADERS: Final = ("Content-Type", *SAGEMAKER_RESPONSE_HEADERS)
ASYNC_RESPONSE_HEADERS: Final = ("X-Amzn-SageMaker-OutputLocation", "X-Amzn-SageMaker-FailureLocation")

_MODEL_FAILED: Final = GatewayError(
    response_type="ModelError", status=502, kind="api_error", code="model_error",
    message="the model failed to answer", source="backend",
)  # fmt: skip
_REFUSED: Final = GatewayError(
    response_type="ValidationError", status=400, kind="invalid_request_error", code="refused_by_endpoint",
    message="the endpoint refused the request", source="backend",
)  # fmt: skip
_OVERLOADED: Final = GatewayError(
    response_type="ThrottlingException", status=429, kind="rate_limit_error", code="endpoint_overloaded",
    message="the endpoint takes no more requests for the moment; slow down and try again", source="backend",
)  # fmt: skip
_UNAVAILABLE: Final = GatewayError(
    response_type="ServiceUnavailable", status=503, kind="api_error", code="endpoint_unavailable",
    message="the endpoint is not available", source="backend",
)  # fmt: skip

# The status in which SageMaker answers (a pattern) -> what the caller gets.
_ERRORS: Final[Mapping[str, GatewayError]] = {
    # What may not invoke the endpoint is the gateway's role: callers sign nothing.
    "403": MISCONFIGURED,
    "424": _MODEL_FAILED,
    "429": _OVERLOADED,
    r"4(?!03|24|29)\d\d": _REFUSED,
    r"5\d\d": _UNAVAILABLE,
}


# API Gateway documents that it hands a template the base64 of a body that it takes for binary, which here is any body.
_TEXT_OF_BODY: Final = (
    '#set($text = $input.body)#if($text.matches("[A-Za-z0-9+/]+=*"))#set($text = $util.base64Decode($text))#end'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SagemakerBackend:
    """A SageMaker endpoint in the API's account and region; `endpoint` is its name.

    Only the documented headers travel, so no credential of a caller or of the gateway reaches the container.
    `inference_component`, `target_variant`, `target_model` and `custom_attributes` are sent as they are given; then
    callers cannot choose another. The latter two may be one variable of the route's path alone, such as `{model}`.

    SageMaker asks IAM about names in small letters, and IAM tells capitals apart: the role has both spellings. A name
    that is known at deployment alone has to be in small letters.

    A route whose `backend_path` is `/async-invocations` invokes asynchronously. `errors` is the dialect of what callers
    get when the endpoint fails. `name` is the construct id of what is defined.
    """

    name: str
    endpoint: str
    inference_component: str | None = None
    target_variant: str | None = None
    target_model: str | None = None
    custom_attributes: str | None = None
    errors: Dialect = "plain"

    def __post_init__(self) -> None:
        check(self, SagemakerBackendConfig)

    def operation_for(self, scope: Construct, route: Route) -> Operation:
        asynchronous = route.backend_path == "/async-invocations"
        requests = REQUEST_HEADERS + (ASYNC_REQUEST_HEADERS if asynchronous else ())
        responses = RESPONSE_HEADERS + (ASYNC_RESPONSE_HEADERS if asynchronous else ())
        status = "202" if asynchronous else "200"
        path, action = (
            ("async-invocations", "InvokeEndpointAsync") if asynchronous else ("invocations", "InvokeEndpoint")
        )
        return Operation(
            integration={
                "type": "aws",
                "httpMethod": "POST",
                "uri": Stack.of(scope).format_arn(
                    service="apigateway",
                    account="runtime.sagemaker",
                    resource="path",
                    resource_name=f"endpoints/{self.endpoint}/{path}",
                ),
                "credentials": self._define_role(scope, action).role_arn,
                **travel(route),
                "passthroughBehavior": "when_no_match",
                "requestParameters": self._render_headers(requests, route),
                "responses": {
                    "default": {"statusCode": status, "responseParameters": _as_they_came(responses)},
                    **{pattern: self._render_error(error) for pattern, error in _ERRORS.items()},
                },
            },
            parameters=[
                {"name": spelled(header), "in": "header", "required": False, "schema": {"type": "string"}}
                for header in requests
            ],
            responses=_responses(status, responses),
        )

    def _render_headers(self, headers: tuple[str, ...], route: Route) -> dict[str, str]:
        texts = {TARGET_MODEL: self.target_model, CUSTOM_ATTRIBUTES: self.custom_attributes}
        given = {INFERENCE_COMPONENT: self.inference_component, TARGET_VARIANT: self.target_variant, **texts}
        sent = {header: mapped(text, route) for header, text in given.items() if text}
        return {
            f"integration.request.header.{spelled(header)}": sent.get(
                header, f"method.request.header.{spelled(header)}"
            )
            for header in headers
        }

    def _render_error(self, error: GatewayError) -> dict[str, Any]:
        return {
            "statusCode": str(error.status),
            # Bodies are binary for this API (*/*), but a template needs text.
            "contentHandling": "CONVERT_TO_TEXT",
            "responseParameters": {"method.response.header.Content-Type": "'application/json'"},
            "responseTemplates": {"application/json": self._render_error_body(error)},
        }

    def _render_error_body(self, error: GatewayError) -> str:
        """The body in the callers' dialect, and the status of what a status of SageMaker alone does not tell."""
        body = error_body(self.errors, error)
        if error is _MODEL_FAILED:
            # The model's own 4xx is the caller's mistake and keeps its status.
            return (
                _TEXT_OF_BODY + '#if($text.contains("OriginalStatusCode"))'
                "#set($original = $util.parseJson($text).OriginalStatusCode)"
                # Velocity knows methods of references alone, none of literals; the override wants a number.
                '#set($status = "$!original")'
                '#if($status.matches("4\\d\\d"))#set($context.responseOverride.status = $original)#end#end' + body
            )
        if error is _REFUSED:
            # What was throttled is a 400 like any other, and so is what a role may not do in other APIs of SageMaker
            # (awslabs/service-workbench-on-aws#1176); their messages differ.
            throttled = '$text.contains("Throttling") || $text.contains("Rate exceeded")'
            denied = '$text.contains("is not authorized to perform: sagemaker:")'
            return (
                _TEXT_OF_BODY
                + f"#if({throttled})#set($context.responseOverride.status = 429){error_body(self.errors, _OVERLOADED)}"
                f"#elseif({denied})#set($context.responseOverride.status = 500){error_body(self.errors, MISCONFIGURED)}"
                f"#else{body}#end"
            )
        return body

    def _define_role(self, scope: Construct, action: str) -> iam.IRole:
        """The role of all routes with that action: it may do nothing else, and to this endpoint alone."""
        own = namespace(namespace(scope, self.name), action)
        found = own.node.try_find_child("Role")
        if isinstance(found, iam.Role):
            return found
        resources = [("endpoint", self.endpoint)]
        if self.inference_component:
            resources.append(("inference-component", self.inference_component))
        role = iam.Role(own, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[f"sagemaker:{action}"],
                resources=[
                    Stack.of(scope).format_arn(service="sagemaker", resource=kind, resource_name=spelling)
                    for kind, name in resources
                    for spelling in _spellings(name)
                ],
            )
        )
        return role


def _spellings(name: str) -> list[str]:
    """The name, and how SageMaker has it in the ARN that it asks IAM about (philschmid/cdk-samples#2)."""
    return list(dict.fromkeys([name, name if Token.is_unresolved(name) else name.lower()]))


def _as_they_came(headers: tuple[str, ...]) -> dict[str, str]:
    return {f"method.response.header.{header}": f"integration.response.header.{header}" for header in headers}


def _responses(status: str, headers: tuple[str, ...]) -> dict[str, Any]:
    errors = sorted({str(error.status) for error in _ERRORS.values()})
    return {
        status: _response("what the endpoint answers", headers),
        **{error: _response("what the gateway says of an endpoint that fails", ("Content-Type",)) for error in errors},
    }


def _response(description: str, headers: tuple[str, ...]) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return {"description": description, "headers": dict.fromkeys(headers, text)}
