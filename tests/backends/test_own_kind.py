"""A kind of backend that is not ours: one method, no change anywhere else."""

import subprocess
import sys
from dataclasses import dataclass

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from ml_gateway import Operation, Route
from tests.backends.conftest import DefineApi
from tests.documents import operation_of
from tests.policy.reading import broken_rules
from tests.synthesis import TOP, only, resources


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueBackend:
    """Takes requests for later, into a queue of its own."""

    name: str

    def operation_for(self, scope: Construct, route: Route) -> Operation:  # noqa: ARG002 (all routes are alike to it)
        queue = sqs.Queue(scope, self.name)
        role = iam.Role(scope, f"{self.name}Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        queue.grant_send_messages(role)
        return Operation(
            integration={
                "type": "aws",
                "httpMethod": "POST",
                "uri": f"arn:{Aws.PARTITION}:apigateway:{Aws.REGION}:sqs:path/{queue.queue_name}",
                "credentials": role.role_arn,
                "timeoutInMillis": 5000,
                "responses": {"default": {"statusCode": "202"}},
            },
            responses={"202": {"description": "the request is in the queue"}},
        )


def test_all_that_it_asks_for_is_defined(define_api: DefineApi) -> None:
    template = define_api({Route(http_method="POST", path="/later"): QueueBackend(name="Later")})
    operation = operation_of(template)
    (role_id,) = resources(template, "AWS::IAM::Role")
    assert len(resources(template, "AWS::SQS::Queue")) == 1
    assert operation["responses"] == {"202": {"description": "the request is in the queue"}}
    assert operation["x-amazon-apigateway-integration"]["credentials"] == {"Fn::GetAtt": [role_id, "Arn"]}
    assert operation["security"] == [{"api_key": []}]
    assert only(template, "AWS::ApiGateway::RestApi")["Mode"] == "overwrite"


def test_it_passes_the_house_rules(define_api: DefineApi) -> None:
    template = define_api({Route(http_method="POST", path="/later"): QueueBackend(name="Later")})
    assert broken_rules(template) == {}


def test_http_and_the_gateways_own_answers_need_no_cdk() -> None:
    code = (
        "import sys; from ml_gateway.backends.http import HttpBackend; "
        "from ml_gateway.backends.gateway_answer import GatewayAnswer; from ml_gateway.serving import Route; "
        "print(HttpBackend(url='https://m.example.com').operation_for(None, Route(http_method='POST', path='/m'))"
        ".integration['uri']); "
        "print(sorted({'aws_cdk', 'constructs', 'jsii'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert said == "https://m.example.com\n[]\n"
