"""Policies that are broken on purpose, each of which the checks notice, or refuse to read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.iam.check import Place, differences, superfluous
from tests.iam.concrete import ACCOUNT
from tests.iam.meant import MEANT
from tests.iam.policies import Policies, policies_of
from tests.iam.simulator import Case, decided
from tests.synthesis import Json

ROLE: Final = ("fraud-sagemaker", "ApiBackendsFraudInvokeEndpointRole")
KEY: Final = ("fraud-sagemaker", "VolumeKey")
AUTHORIZER: Final = ("acme-id-api-us-east-1", "AuthorizerRole")
ASKED: Final = ("acme-id-api-us-east-1", "AuthorizerFunction")
OVERRIDES: Final = ("acme-versions-edge", "OverridesFunction")
TOPIC: Final = ("complete-ml-edge", "AlarmsTopicPolicy")
LOG: Final = ("complete-ml-edge", "AccessLogLogGroup")
ENDPOINT: Final = ("llama-ecs", "NetworkVpcS3")

FRAUD: Final = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/fraud"
INVOKE: Final = "sagemaker:InvokeEndpoint"
SECRETS: Final = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:acme-id"
SOURCE: Final = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:ApiRestApi"


def from_(arn: str) -> Json:
    return {"Condition": {"ArnLike": {"aws:SourceArn": arn}}}


BROKEN: Final[dict[str, tuple[Place, str, int, Json]]] = {
    "each resource": (ROLE, "identity", 0, {"Resource": "*"}),
    "each endpoint": (ROLE, "identity", 0, {"Resource": FRAUD.replace("fraud", "*")}),
    "endpoints that begin alike": (ROLE, "identity", 0, {"Resource": f"{FRAUD}*"}),
    "endpoints that end alike": (ROLE, "identity", 0, {"Resource": FRAUD.replace("fraud", "*fraud")}),
    "a letter that is not said": (ROLE, "identity", 0, {"Resource": FRAUD.replace("fraud", "fr*ud")}),
    "each region": (ROLE, "identity", 0, {"Resource": FRAUD.replace("us-east-1", "*")}),
    "each account": (ROLE, "identity", 0, {"Resource": FRAUD.replace(ACCOUNT, "*")}),
    "another endpoint, too": (ROLE, "identity", 0, {"Resource": [FRAUD, f"{FRAUD}-2"]}),
    "another endpoint": (ROLE, "identity", 0, {"Resource": f"{FRAUD}-2"}),
    "each action": (ROLE, "identity", 0, {"Action": "*"}),
    "each action of the service": (ROLE, "identity", 0, {"Action": "sagemaker:*"}),
    "actions that begin alike": (ROLE, "identity", 0, {"Action": f"{INVOKE}*"}),
    "all actions but one": (ROLE, "identity", 0, {"Action": [], "NotAction": "sagemaker:DeleteEndpoint"}),
    "an action more": (ROLE, "identity", 0, {"Action": [INVOKE, "sagemaker:DeleteEndpoint"]}),
    "an action more of another service": (ROLE, "identity", 0, {"Action": [INVOKE, "s3:GetObject"]}),
    "another action": (ROLE, "identity", 0, {"Action": "sagemaker:InvokeEndpointAsync"}),
    "a role for everybody": (ROLE, "attached", 0, {"Principal": "*"}),
    "a role for every account": (ROLE, "attached", 0, {"Principal": {"AWS": "*"}}),
    "a role for its account": (ROLE, "attached", 0, {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}),
    "a role for two services": (
        ROLE, "attached", 0, {"Principal": {"Service": ["apigateway.amazonaws.com", "ec2.amazonaws.com"]}}
    ),
    "a role for tagged sessions": (ROLE, "attached", 0, {"Action": ["sts:AssumeRole", "sts:TagSession"]}),
    "a key for everybody": (KEY, "attached", 0, {"Principal": "*"}),
    "a key for another account": (KEY, "attached", 0, {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}}),
    "every secret of the gateway": (AUTHORIZER, "identity", 1, {"Resource": f"{SECRETS}/*"}),
    "secrets of gateways that begin alike": (AUTHORIZER, "identity", 1, {"Resource": f"{SECRETS}*/clients/*/*"}),
    "every log": (AUTHORIZER, "identity", 0, {"Resource": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"}),
    "a function for every API": (ASKED, "attached", 0, {"Condition": {}}),
    "a function for every API of the account": (ASKED, "attached", 0, from_(SOURCE.replace("ApiRestApi", "*"))),
    "a function for APIs of every account": (ASKED, "attached", 0, from_("arn:aws:execute-api:us-east-1:*:*")),
    "a function for the API's integrations, too": (ASKED, "attached", 0, from_(f"{SOURCE}/*")),
    "a function for another API": (ASKED, "attached", 0, from_(f"{SOURCE}2/authorizers/*")),
    "a function for other services' resources": (
        ASKED, "attached", 0, from_(f"{SOURCE.replace('execute-api', '*')}/authorizers/*")
    ),
    "a function for whoever asks": (ASKED, "attached", 0, {"Principal": "*"}),
    "each function": (ASKED, "attached", 0, {"Resource": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:*"}),
    "every rule": (OVERRIDES, "attached", 0, from_(f"arn:aws:events:us-east-1:{ACCOUNT}:rule/*")),
    "a topic without TLS": (TOPIC, "attached", 0, {"Condition": {"Bool": {"aws:SecureTransport": "maybe"}}}),
    "alarms of every account": (TOPIC, "attached", 1, from_("arn:aws:cloudwatch:us-east-1:*:alarm:*")),
    "what calls itself an alarm": (
        TOPIC, "attached", 1, {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    ),
    "deliveries of every account": (LOG, "attached", 0, {"Condition": {}}),
    "each bucket": (ENDPOINT, "endpoint", 0, {"Resource": "*"}),
    "writing through the endpoint": (ENDPOINT, "endpoint", 0, {"Action": "s3:*"}),
}  # fmt: skip
"""What it lets through, or no longer; whose policy it is, which of its statements, and what that says instead."""


def broken(found: Mapping[Place, Policies], case: str) -> Policies:
    place, kind, at, change = BROKEN[case]
    statements = list(getattr(found[place], kind))
    statements[at] = {key: its for key, its in {**statements[at], **change}.items() if its not in ([], {})}
    changed: Any = {kind: statements}
    return replace(found[place], **changed)


def test_each_broken_policy_is_noticed(found: Mapping[Place, Policies]) -> None:
    policies = {(case, BROKEN[case][0][1]): broken(found, case) for case in BROKEN}
    meant = {(case, name): MEANT[BROKEN[case][0]] for case, name in policies}
    noticed = {case for (case, _), _ in (*differences(policies, meant), *superfluous(policies, meant))}
    assert BROKEN.keys() - noticed == set()


def test_what_nobody_expects_and_what_is_missing_is_noticed(found: Mapping[Place, Policies]) -> None:
    two = {place: found[place] for place in (ROLE, ASKED)}
    meant = {place: MEANT[place] for place in two}
    assert differences(two, meant) == []
    assert [place for place, _ in differences(two, {ASKED: MEANT[ASKED]})] == [ROLE]
    assert [place for place, _ in differences({ROLE: found[ROLE]}, meant)] == [ASKED]
    administrator = two | {ROLE: replace(found[ROLE], managed=["AdministratorAccess"])}
    assert [place for place, _ in differences(administrator, meant)] == [ROLE]


DOCUMENT: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::SQS::QueuePolicy", {"PolicyDocument": DOCUMENT}),
        ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOCUMENT}),
        ("AWS::ApiGateway::RestApi", {"Body": {"x-amazon-apigateway-policy": DOCUMENT}}),
        ("AWS::Logs::ResourcePolicy", {"PolicyDocument": '{"Statement": []}'}),
        ("AWS::Lambda::LayerVersionPermission", {"Principal": "*"}),
        ("AWS::IAM::Policy", {"PolicyDocument": DOCUMENT, "Users": ["somebody"]}),
        ("AWS::KMS::Key", {"KeyPolicy": {"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}}),
        ("AWS::Lambda::Permission", {"FunctionName": "f", "Principal": "*", "PrincipalOrgID": "o-1"}),
        ("AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Resource": {"Ref": "It"}}]}}),
    ],
)
def test_a_policy_that_is_not_understood_is_an_error(kind: str, properties: Json) -> None:
    with pytest.raises((AssertionError, KeyError)):
        policies_of({"Resources": {"It": {"Type": kind, "Properties": properties}}})


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "sagemaker:InvokeEndpoints"},
        {"action": "sagemake:InvokeEndpoint"},
        {"action": "sagemake:*"},
        {"resource": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-card-of-nobody/fraud"},
        {"context": {"sagemaker:Nothing": "x"}},
        {"policy": {"Statement": [{"Effect": "Allow", "Actions": "*", "Resource": "*"}]}},
    ],
    ids=str,
)
def test_a_question_that_is_wrong_in_itself_is_never_denied(changed: dict[str, Any]) -> None:
    case = Case(policy=DOCUMENT, action=INVOKE, resource=FRAUD)
    assert decided([case]) == [False]
    with pytest.raises(AssertionError):
        decided([replace(case, **changed)])
