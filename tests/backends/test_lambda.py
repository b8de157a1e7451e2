"""Lambda backends: one permission, limited to this API, on the function or on the alias or version that is named."""

import json
from datetime import timedelta

import pytest
from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_

from ml_gateway import LambdaBackend, Route
from tests.backends.conftest import DefineApi
from tests.documents import integration_of, operations_of
from tests.synthesis import Json, only, resources

POST = Route(http_method="POST", path="/iris")
ROUTES = [POST, Route(http_method="GET", path="/iris"), Route(http_method="POST", path="/iris/other")]
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:iris"


def in_this_account(resource: str) -> Json:
    """The ARN of a function that was given by its name alone."""
    parts = [
        "arn:",
        {"Ref": "AWS::Partition"},
        ":lambda:eu-west-1:",
        {"Ref": "AWS::AccountId"},
        f":function:{resource}",
    ]
    return {"Fn::Join": ["", parts]}


@pytest.mark.parametrize(
    ("function", "permitted"),
    [
        (ARN, ARN),
        (f"{ARN}:live", f"{ARN}:live"),
        (f"{ARN}:7", f"{ARN}:7"),
        ("iris", in_this_account("iris")),
        ("iris:live", in_this_account("iris:live")),
    ],
)
def test_exactly_what_is_named_is_called_and_permitted(define_api: DefineApi, function: str, permitted: object) -> None:
    template = define_api({POST: LambdaBackend(name="iris", function=function)})
    integration = integration_of(template)
    assert only(template, "AWS::Lambda::Permission")["FunctionName"] == permitted
    assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
    assert f":function:{function.removeprefix(ARN.removesuffix('iris'))}/invocations" in json.dumps(integration["uri"])


def test_one_permission_for_all_routes_limited_to_this_api(define_api: DefineApi) -> None:
    template = define_api(dict.fromkeys(ROUTES, LambdaBackend(name="iris", function="iris")))
    (rest_api_id,) = resources(template, "AWS::ApiGateway::RestApi")
    permission = only(template, "AWS::Lambda::Permission")
    assert permission["Action"] == "lambda:InvokeFunction"
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert {"Ref": rest_api_id} in permission["SourceArn"]["Fn::Join"][1]
    assert len(operations_of(template)) == len(ROUTES)


def test_a_function_of_the_same_stack_is_permitted_too(stack: Stack, define_api: DefineApi) -> None:
    code = lambda_.Code.from_inline("def handler(event, context): ...")
    function = lambda_.Function(stack, "Iris", code=code, handler="index.handler", runtime=lambda_.Runtime.PYTHON_3_13)
    template = define_api({POST: LambdaBackend(name="iris", function=function)})
    (function_id,) = resources(template, "AWS::Lambda::Function")
    assert only(template, "AWS::Lambda::Permission")["FunctionName"] == {"Fn::GetAtt": [function_id, "Arn"]}


def uri(template: Json) -> str:
    return json.dumps(integration_of(template)["uri"])


def test_a_streamed_route_invokes_by_the_streaming_api(define_api: DefineApi) -> None:
    route = Route(http_method="POST", path="/iris", streams=True, timeout=timedelta(minutes=5))
    template = define_api({route: LambdaBackend(name="iris", function=ARN)})
    integration = integration_of(template)
    assert (integration["responseTransferMode"], integration["timeoutInMillis"]) == ("STREAM", 300_000)
    assert "/response-streaming-invocations" in uri(template)


def test_a_buffered_route_does_not(define_api: DefineApi) -> None:
    template = define_api({POST: LambdaBackend(name="iris", function=ARN)})
    assert "responseTransferMode" not in integration_of(template)
    assert "/response-streaming-invocations" not in uri(template)
