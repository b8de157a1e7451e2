"""What the gateway answers by itself, in each dialect."""

import json
from typing import Any, get_args

import pytest
from aws_cdk import aws_apigateway as apigateway

from ml_gateway import ProxyApi
from ml_gateway.errors import GATEWAY_ERRORS, Dialect
from tests.constructs.test_in_other_stacks import ROUTES
from tests.documents import document_of
from tests.synthesis import Json, bare_stack, template_of

DIALECTS = get_args(Dialect)

# API Gateway's developer guide, "Gateway response types": those that only an authorizer causes, and the one that it
# says cannot be customised.
NEVER_MET = {"AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR", "REQUEST_TOO_LARGE"}


def responses(dialect: Dialect) -> dict[str, Json]:
    """Response type -> what the document says of it."""
    stack = bare_stack()
    ProxyApi(stack, "Api", routes=ROUTES, name="fraud", description="Scores payments", errors=dialect)
    found: dict[str, Json] = document_of(template_of(stack))["x-amazon-apigateway-gateway-responses"]
    return found


def body(response: Json) -> Any:
    return json.loads(response["responseTemplates"]["application/json"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_response_type_that_a_caller_can_meet_has_an_answer(dialect: Dialect) -> None:
    known = {
        value.response_type
        for name in dir(apigateway.ResponseType)
        if name.isupper() and isinstance(value := getattr(apigateway.ResponseType, name), apigateway.ResponseType)
    }
    assert known - NEVER_MET <= set(responses(dialect)) <= known


@pytest.mark.parametrize(
    ("response_type", "status", "code"),
    [
        ("INVALID_API_KEY", "401", "invalid_api_key"),
        ("THROTTLED", "429", "rate_limit_exceeded"),
        ("QUOTA_EXCEEDED", "429", "insufficient_quota"),
        ("MISSING_AUTHENTICATION_TOKEN", "404", "unknown_url"),
        ("INTEGRATION_TIMEOUT", "504", "model_timeout"),
        ("INTEGRATION_FAILURE", "502", "model_unreachable"),
    ],
)
def test_openai_clients_get_the_status_and_code_that_they_know(response_type: str, status: str, code: str) -> None:
    response = responses("openai")[response_type]
    assert response["statusCode"] == status
    assert set(body(response)["error"]) == {"message", "type", "param", "code", "request_id"}
    assert body(response)["error"]["code"] == code


def headers(response: Json) -> dict[str, str]:
    prefix = "gatewayresponse.header."
    return {name.removeprefix(prefix): value for name, value in response["responseParameters"].items()}


def test_clients_are_told_when_to_try_again() -> None:
    found = responses("openai")
    assert headers(found["THROTTLED"])["Retry-After"] == "'1'"
    assert headers(found["QUOTA_EXCEEDED"])["x-should-retry"] == "'false'"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_request_has_its_id_where_sdks_look_for_it(dialect: Dialect) -> None:
    found = responses(dialect)
    assert found
    for response in found.values():
        assert {"x-request-id": "context.requestId", "request-id": "context.requestId"}.items() <= headers(
            response
        ).items()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_defaults_leave_a_413_a_413(dialect: Dialect) -> None:
    """A fixed status of a default would be that of every answer of its class."""
    without = {name for name, response in responses(dialect).items() if "statusCode" not in response}
    assert without == {"DEFAULT_4XX", "DEFAULT_5XX"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_answer_names_the_request_and_who_failed(dialect: Dialect) -> None:
    answers = {response_type: body(response) for response_type, response in responses(dialect).items()}
    backends = {response_type for response_type, answer in answers.items() if answer["source"] == "backend"}
    assert backends == {"INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE"}
    assert {answer["request_id"] for answer in answers.values()} == {"$context.requestId"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_answer_repeats_anything_of_the_request(dialect: Dialect) -> None:
    rendered = json.dumps(responses(dialect)).replace("$context.requestId", "").replace("context.requestId", "")
    assert "$" not in rendered
    assert "context." not in rendered
    assert "method.request" not in rendered


def test_plain_answers_are_flat() -> None:
    assert body(responses("plain")["THROTTLED"]) == {
        "message": "too many requests; slow down and try again",
        "code": "rate_limit_exceeded",
        "request_id": "$context.requestId",
        "source": "gateway",
    }


def test_answers_of_the_open_inference_protocol_have_one_text() -> None:
    assert body(responses("oip")["THROTTLED"]) == {
        "error": "too many requests; slow down and try again; request $context.requestId",
        "code": "rate_limit_exceeded",
        "request_id": "$context.requestId",
        "source": "gateway",
    }


def test_each_error_is_defined_once() -> None:
    types = [error.response_type for error in GATEWAY_ERRORS]
    assert len(types) == len(set(types))
