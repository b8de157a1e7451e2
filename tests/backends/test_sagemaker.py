"""SageMaker backends: a role for one endpoint, the documented headers both ways, fitting statuses."""

import json
import re
from typing import get_args

import pytest

from ml_gateway import Route, SagemakerBackend
from ml_gateway.errors import MISCONFIGURED, Dialect, error_body
from ml_gateway.headers import spelled
from tests.backends.conftest import DefineApi, deployment_of
from tests.documents import integration_of, integrations_of, operation_of, parameters_of
from tests.synthesis import Json, only, resources

RAW = Route(http_method="POST", path="/fraud")
NAMED_SO = Route(http_method="POST", path="/async-invocations")
INVOKE = Route(http_method="POST", path="/fraud/invocations", backend_path="/invocations")
ASYNC = Route(http_method="POST", path="/fraud/async-invocations", backend_path="/async-invocations")
FRAUD = SagemakerBackend(name="fraud", endpoint="fraud-prod")

# SageMaker runtime API reference, InvokeEndpoint.
DOCUMENTED_IN = {
    "Content-Type",
    "Accept",
    "X-Amzn-SageMaker-Custom-Attributes",
    "X-Amzn-SageMaker-Target-Model",
    "X-Amzn-SageMaker-Target-Variant",
    "X-Amzn-SageMaker-Target-Container-Hostname",
    "X-Amzn-SageMaker-Inference-Id",
    "X-Amzn-SageMaker-Enable-Explanations",
    "X-Amzn-SageMaker-Inference-Component",
    "X-Amzn-SageMaker-Session-Id",
    "X-Amzn-SageMaker-Prefix-Aware-Id",
}
DOCUMENTED_OUT = {
    "Content-Type",
    "x-Amzn-Invoked-Production-Variant",
    "X-Amzn-SageMaker-Custom-Attributes",
    "X-Amzn-SageMaker-New-Session-Id",
    "X-Amzn-SageMaker-Closed-Session-Id",
}


def answers(template: Json) -> dict[str, Json]:
    """Selection pattern -> integration response; a success has the pattern 'default'."""
    found: dict[str, Json] = integration_of(template)["responses"]
    return found


@pytest.mark.parametrize(
    ("route", "action"),
    [(RAW, "invocations"), (NAMED_SO, "invocations"), (INVOKE, "invocations"), (ASYNC, "async-invocations")],
)
def test_the_runtime_api_of_the_endpoint_is_called(define_api: DefineApi, route: Route, action: str) -> None:
    integration = integration_of(define_api({route: FRAUD}))
    assert (integration["type"], integration["httpMethod"]) == ("aws", "POST")
    assert f":eu-west-1:runtime.sagemaker:path/endpoints/fraud-prod/{action}" in json.dumps(integration["uri"])


def test_the_role_may_invoke_this_endpoint_and_nothing_else(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD})
    (role_id,) = resources(template, "AWS::IAM::Role")
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert integration_of(template)["credentials"] == {"Fn::GetAtt": [role_id, "Arn"]}
    assert statement["Action"] == "sagemaker:InvokeEndpoint"
    assert json.dumps(statement["Resource"]).endswith(':endpoint/fraud-prod"]]}')
    assert "*" not in json.dumps(statement)
    trusted = only(template, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Principal"] for statement in trusted] == [{"Service": "apigateway.amazonaws.com"}]


def test_asynchronous_routes_have_a_role_of_their_own(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD, ASYNC: FRAUD})
    actions = [
        policy["PolicyDocument"]["Statement"][0]["Action"]
        for policy in resources(template, "AWS::IAM::Policy").values()
    ]
    assert sorted(actions) == ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"]


def test_routes_of_one_backend_share_its_role(define_api: DefineApi) -> None:
    template = define_api({RAW: FRAUD, INVOKE: FRAUD})
    (role,) = resources(template, "AWS::IAM::Role")
    assert {name: each["credentials"]["Fn::GetAtt"][0] for name, each in integrations_of(template).items()} == {
        f"{route.http_method} {route.path}": role for route in (RAW, INVOKE)
    }


def test_an_inference_component_is_permitted_and_named(define_api: DefineApi) -> None:
    backend = SagemakerBackend(name="fraud", endpoint="fraud-prod", inference_component="fraud-v2")
    template = define_api({INVOKE: backend})
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert [json.dumps(arn).rpartition(":")[2].rstrip('"]}') for arn in statement["Resource"]] == [
        "endpoint/fraud-prod",
        "inference-component/fraud-v2",
    ]
    parameters = integration_of(template)["requestParameters"]
    assert parameters["integration.request.header.X-Amzn-Sagemaker-Inference-Component"] == "'fraud-v2'"


def test_the_documented_headers_go_in_and_nothing_else(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD})
    arriving = [spelled(name) for name in DOCUMENTED_IN]
    assert integration_of(template)["requestParameters"] == {
        f"integration.request.header.{name}": f"method.request.header.{name}" for name in arriving
    }
    assert parameters_of(operation_of(template), "header") == dict.fromkeys(arriving, False)


@pytest.mark.parametrize("header", ["authorization", "x-api-key", "x-origin-verify", "cookie"])
def test_no_credential_of_caller_or_gateway_is_mapped(define_api: DefineApi, header: str) -> None:
    parameters = json.dumps(integration_of(define_api({INVOKE: FRAUD}))["requestParameters"]).lower()
    assert "request.header.accept" in parameters
    assert f"request.header.{header}" not in parameters


def test_the_documented_headers_come_back(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD})
    assert answers(template)["default"]["responseParameters"] == {
        f"method.response.header.{name}": f"integration.response.header.{name}" for name in DOCUMENTED_OUT
    }
    assert set(operation_of(template)["responses"]["200"]["headers"]) == DOCUMENTED_OUT


def test_each_answer_is_declared_with_its_headers(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD})
    declared = operation_of(template)["responses"]
    found = answers(template).values()
    assert {answer["statusCode"] for answer in found} == set(declared)
    for answer in found:
        prefix = "method.response.header."
        sent = {name.removeprefix(prefix) for name in answer["responseParameters"]}
        assert sent == set(declared[answer["statusCode"]]["headers"])


def test_an_asynchronous_answer_is_202_and_says_where_the_output_will_be(define_api: DefineApi) -> None:
    success = answers(define_api({ASYNC: FRAUD}))["default"]
    assert success["statusCode"] == "202"
    assert "method.response.header.X-Amzn-SageMaker-OutputLocation" in success["responseParameters"]


def test_bodies_pass_without_a_template(define_api: DefineApi) -> None:
    template = define_api({INVOKE: FRAUD})
    integration = integration_of(template)
    assert "requestTemplates" not in integration
    assert integration["passthroughBehavior"] == "when_no_match"
    assert not {"responseTemplates", "contentHandling"} & answers(template)["default"].keys()


def body_of(template: Json, status: int, expected: str) -> str:
    """The body of the one answer to that status of the endpoint, which has the expected status."""
    (answer,) = [each for pattern, each in answers(template).items() if re.fullmatch(pattern, str(status))]
    assert answer["statusCode"] == expected
    assert answer["contentHandling"] == "CONVERT_TO_TEXT"
    body: str = answer["responseTemplates"]["application/json"]
    return body


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_an_endpoint_that_the_role_may_not_invoke_is_the_gateways_mistake_in_the_dialect(
    define_api: DefineApi, dialect: Dialect
) -> None:
    """Row 9: callers sign nothing, so SageMaker's 403 is about the gateway's role."""
    backend = SagemakerBackend(name="fraud", endpoint="fraud-prod", errors=dialect)
    body = body_of(define_api({INVOKE: backend}), 403, "500")
    assert body == error_body(dialect, MISCONFIGURED)
    assert '"gateway_misconfigured"' in body


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "400"), (404, "400"), (424, "502"), (429, "429"), (500, "503"), (503, "503"), (530, "503")],
)
def test_each_status_of_the_endpoint_has_one_fitting_answer(define_api: DefineApi, status: int, expected: str) -> None:
    body = body_of(define_api({INVOKE: FRAUD}), status, expected)
    assert '"source": "backend"' in body
    assert "$context.requestId" in body


def test_a_success_matches_no_pattern_of_an_error(define_api: DefineApi) -> None:
    patterns = set(answers(define_api({INVOKE: FRAUD}))) - {"default"}
    assert patterns
    assert not [pattern for pattern in patterns if re.fullmatch(pattern, "200")]


def test_a_request_that_is_throttled_or_denied_is_told_from_other_bad_ones(define_api: DefineApi) -> None:
    throttled, denied, other = re.split("#else(?:if)?", body_of(define_api({INVOKE: FRAUD}), 400, "400"))
    assert "$context.responseOverride.status = 429" in throttled
    assert "endpoint_overloaded" in throttled
    assert "$context.responseOverride.status = 500" in denied
    assert "gateway_misconfigured" in denied
    assert "refused_by_endpoint" in other


def test_a_client_error_of_the_model_keeps_its_status(define_api: DefineApi) -> None:
    failed = answers(define_api({INVOKE: FRAUD}))["424"]["responseTemplates"]["application/json"]
    assert "#set($original = $util.parseJson($text).OriginalStatusCode)" in failed
    assert "#set($context.responseOverride.status = $original)" in failed


@pytest.mark.parametrize("pattern", ["424", r"4(?!03|24|29)\d\d"])
def test_templates_read_the_text_of_a_body_that_may_be_in_base64(define_api: DefineApi, pattern: str) -> None:
    template = answers(define_api({INVOKE: FRAUD}))[pattern]["responseTemplates"]["application/json"]
    assert template.startswith("#set($text = $input.body)")
    assert "$util.base64Decode($text)" in template
    # Velocity knows methods of references alone, none of literals.
    assert '".matches' not in template


def test_errors_are_in_the_dialect_of_the_callers(define_api: DefineApi) -> None:
    backend = SagemakerBackend(name="fraud", endpoint="fraud-prod", errors="openai")
    body = answers(define_api({INVOKE: backend}))[r"5\d\d"]["responseTemplates"]["application/json"]
    assert json.loads(body)["error"]["code"] == "endpoint_unavailable"


VARIANTS = [
    FRAUD,
    SagemakerBackend(name="fraud", endpoint="fraud-next"),
    SagemakerBackend(name="fraud", endpoint="fraud-prod", target_variant="b"),
    SagemakerBackend(name="fraud", endpoint="fraud-prod", target_model="b.tar.gz"),
    SagemakerBackend(name="fraud", endpoint="fraud-prod", inference_component="b"),
]


def test_every_setting_is_part_of_the_deployment() -> None:
    assert len({deployment_of({INVOKE: backend}) for backend in VARIANTS}) == len(VARIANTS)
