"""Row 9: SageMaker asks IAM about names in small letters. The role has both spellings, and no other endpoint."""

import json

import pytest
from aws_cdk import CfnParameter, Stack

from ml_gateway import Route, SagemakerBackend
from tests.backends.conftest import DefineApi
from tests.documents import integration_of
from tests.synthesis import Json, only

INVOKE = Route(http_method="POST", path="/fraud/invocations", backend_path="/invocations")
ASYNC = Route(http_method="POST", path="/fraud/async-invocations", backend_path="/async-invocations")
PLACE = ["arn:", {"Ref": "AWS::Partition"}, ":sagemaker:eu-west-1:", {"Ref": "AWS::AccountId"}]


def permitted(template: Json) -> list[Json]:
    """The ARNs that the role may invoke."""
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    resources = statement["Resource"]
    return resources if isinstance(resources, list) else [resources]


def arn(resource: str) -> Json:
    return {"Fn::Join": ["", [*PLACE, f":{resource}"]]}


@pytest.mark.parametrize("route", [INVOKE, ASYNC], ids=["at once", "asynchronously"])
@pytest.mark.parametrize(
    ("endpoint", "component", "allowed"),
    [
        ("fraud-prod", None, ["endpoint/fraud-prod"]),
        ("Fraud-Prod", None, ["endpoint/Fraud-Prod", "endpoint/fraud-prod"]),
        ("fraud-prod", "fraud-v2", ["endpoint/fraud-prod", "inference-component/fraud-v2"]),
        (
            "Fraud-Prod",
            "Fraud-V2",
            [
                "endpoint/Fraud-Prod",
                "endpoint/fraud-prod",
                "inference-component/Fraud-V2",
                "inference-component/fraud-v2",
            ],
        ),
    ],
)
def test_the_role_has_both_spellings_of_a_name_with_capitals_and_nothing_else(
    define_api: DefineApi, route: Route, endpoint: str, component: str | None, allowed: list[str]
) -> None:
    backend = SagemakerBackend(name="fraud", endpoint=endpoint, inference_component=component)
    assert permitted(define_api({route: backend})) == [arn(resource) for resource in allowed]


def test_the_endpoint_is_called_under_the_name_that_was_given(define_api: DefineApi) -> None:
    integration = integration_of(define_api({INVOKE: SagemakerBackend(name="fraud", endpoint="Fraud-Prod")}))
    assert "/endpoints/Fraud-Prod/invocations" in json.dumps(integration["uri"])


def test_a_name_that_is_known_at_deployment_alone_is_permitted_as_it_will_be(
    stack: Stack, define_api: DefineApi
) -> None:
    name = CfnParameter(stack, "EndpointName").value_as_string
    (allowed,) = permitted(define_api({INVOKE: SagemakerBackend(name="fraud", endpoint=name)}))
    assert allowed == {"Fn::Join": ["", [*PLACE, ":endpoint/", {"Ref": "EndpointName"}]]}
