"""A kind of backend that is not ours: one method, no change anywhere else. And what the plainest of ours need."""

import json
import subprocess
import sys

import pytest

from examples.own_backend.app import BedrockBackend
from ml_gateway import Route
from tests.backends.conftest import DefineApi
from tests.documents import operation_of
from tests.policy.reading import broken_rules
from tests.synthesis import TOP, Json, only, resources

WITHOUT_CDK = """
import sys
from ml_gateway.backends.gateway_answer import GatewayAnswer
from ml_gateway.backends.http import HttpBackend
from ml_gateway.serving import Route

route = Route(http_method="GET", path="/m", answer="{}")
for backend in (HttpBackend(url="https://m.example.com"), GatewayAnswer()):
    print(backend.operation_for(None, route).integration["type"])
print(sorted({"aws_cdk", "constructs", "jsii"} & set(sys.modules)))
"""


@pytest.fixture
def template(define_api: DefineApi) -> Json:
    backend = BedrockBackend(name="Titan", model="amazon.titan-embed-text-v1")
    return define_api({Route(http_method="POST", path="/embed"): backend})


def test_all_that_it_asks_for_is_defined(template: Json) -> None:
    operation = operation_of(template)
    integration = operation["x-amazon-apigateway-integration"]
    (role_id,) = resources(template, "AWS::IAM::Role")
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert integration["credentials"] == {"Fn::GetAtt": [role_id, "Arn"]}
    assert ":bedrock-runtime:path/model/amazon.titan-embed-text-v1/invoke" in json.dumps(integration["uri"])
    assert statement["Action"] == "bedrock:InvokeModel"
    assert set(operation["responses"]) == {"200", "400", "502"}


def test_it_gets_what_every_operation_has(template: Json) -> None:
    assert operation_of(template)["security"] == [{"api_key": []}]
    assert broken_rules(template) == {}


def test_http_and_the_gateways_own_answers_need_no_cdk() -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_CDK], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout
    assert said == "http_proxy\nmock\n[]\n"
