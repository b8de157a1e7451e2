"""What a reader relies on in each example, whatever it defines."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from demo.rows import reason_to_refuse
from ml_gateway import load_config
from tests.documents import integrations_of
from tests.examples.reading import (
    actions_on_everything,
    egress,
    ingress,
    listed,
    logs_without_an_end,
    managed_policies,
    public,
    statements,
)
from tests.synthesis import TOP, Json, only, resources

APPS = sorted((TOP / "examples").glob("*/app.py"))
FILES = sorted((TOP / "examples").glob("*.yaml"))
NAMES = ("sagemaker_endpoint", "lambda_model", "ecs_service", "ec2_instance", "own_backend")
WITH_A_VPC = ("ecs_service", "ec2_instance")

# Which actions a role may use without a resource: those that take none, or one that is not there yet when the role is
# defined (the instance of ssm:UpdateInstanceInformation).
ON_EVERYTHING = {
    "sagemaker_endpoint": {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"},
    "lambda_model": set[str](),
    "ecs_service": {"ecr:GetAuthorizationToken"},
    "own_backend": set[str](),
    "ec2_instance": {
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    },
}

every_example = pytest.mark.parametrize("template", NAMES, indirect=True)
every_vpc = pytest.mark.parametrize("template", WITH_A_VPC, indirect=True)


def test_every_app_here_is_looked_at() -> None:
    assert {app.parent.name for app in APPS} - {"own_stack"} == set(NAMES)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
def test_the_docstring_says_how_to_synthesize_it(app: Path) -> None:
    assert f"make synth APP={app.relative_to(TOP)}\n" in app.read_text()


@pytest.mark.parametrize("file", [TOP / "gateway.yaml", *FILES], ids=lambda file: file.name)
def test_the_demo_takes_each_file_but_those_that_the_page_names(file: Path) -> None:
    reasons = {
        "every_backend.yaml": "whose container it stands in for, and none for llama",
    }
    assert all(f"`{name}`" in (TOP / "examples" / "README.md").read_text() for name in reasons)
    reason = reason_to_refuse(load_config(file))
    assert reasons[file.name] in (reason or "") if file.name in reasons else reason is None


@pytest.mark.parametrize(("template", "expected"), ON_EVERYTHING.items(), indirect=["template"])
def test_roles_have_wildcards_only_where_an_action_takes_no_resource(template: Json, expected: set[str]) -> None:
    assert list(statements(template)) != []
    assert actions_on_everything(template) == expected


@every_example
def test_no_role_has_a_policy_that_somebody_else_may_widen(template: Json) -> None:
    assert resources(template, "AWS::IAM::Role")
    assert managed_policies(template) == []


@every_example
def test_roles_are_assumed_by_services_alone(template: Json) -> None:
    trusts = [
        statement["Principal"]
        for role in resources(template, "AWS::IAM::Role").values()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
    ]
    assert trusts
    assert [trust for trust in trusts if trust.keys() != {"Service"}] == []


@every_example
def test_every_log_has_an_end(template: Json) -> None:
    assert resources(template, "AWS::Logs::LogGroup")
    assert logs_without_an_end(template) == []


@every_example
def test_nothing_is_public(template: Json) -> None:
    assert public(template) == []


@every_example
def test_no_output_but_the_address_to_call(template: Json) -> None:
    (output,) = template["Outputs"].values()
    assert "DomainName" in json.dumps(output["Value"])


@every_example
def test_the_distribution_waits_for_the_secret_that_it_reads(template: Json) -> None:
    (distribution,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::CloudFront::Distribution")
    secrets = resources(template, "AWS::SecretsManager::Secret")
    assert secrets
    assert secrets.keys() <= set(distribution["DependsOn"])


@every_vpc
def test_no_security_group_lets_a_range_of_addresses_in(template: Json) -> None:
    rules = ingress(template)
    assert rules
    assert [rule for rule in rules if rule[1] not in resources(template, "AWS::EC2::SecurityGroup")] == []


@every_vpc
def test_the_default_security_group_is_emptied(template: Json) -> None:
    assert only(template, "Custom::VpcRestrictDefaultSG")


@every_vpc
def test_all_traffic_of_the_vpc_is_logged_to_a_private_encrypted_bucket(template: Json) -> None:
    ((bucket_id, bucket),) = resources(template, "AWS::S3::Bucket").items()
    flow_log = only(template, "AWS::EC2::FlowLog")
    assert flow_log["TrafficType"] == "ALL"
    assert bucket_id in json.dumps(flow_log["LogDestination"])
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert [rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]] == [90]


@every_vpc
def test_the_logs_bucket_refuses_http_and_everyone_but_those_who_deliver(template: Json) -> None:
    policy = only(template, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    denied = [statement for statement in policy if statement["Effect"] == "Deny"]
    assert [statement["Condition"] for statement in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
    allowed = {action for s in policy if s["Effect"] == "Allow" for action in listed(s["Action"])}
    assert allowed == {"s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"}
    assert [s for s in policy if s["Effect"] == "Allow" and s["Principal"] in ("*", {"AWS": "*"})] == []


@every_vpc
def test_the_load_balancer_writes_its_access_log(template: Json) -> None:
    (bucket,) = resources(template, "AWS::S3::Bucket")
    attributes = {
        attribute["Key"]: attribute["Value"]
        for attribute in only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    }
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == {"Ref": bucket}


@every_vpc
def test_the_api_reaches_this_load_balancer_through_this_vpc_link(template: Json) -> None:
    (load_balancer,) = resources(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    (link,) = resources(template, "AWS::ApiGatewayV2::VpcLink")
    integrations = [each for each in integrations_of(template).values() if each["type"] != "mock"]
    assert integrations
    for integration in integrations:
        assert integration["type"] == "http_proxy"
        assert integration["connectionType"] == "VPC_LINK"
        assert integration["connectionId"] == {"Fn::GetAtt": [link, "VpcLinkId"]}
        assert integration["integrationTarget"] == {"Ref": load_balancer}
        assert {"Fn::GetAtt": [load_balancer, "DNSName"]} in integration["uri"]["Fn::Join"][1]


@every_vpc
def test_the_vpc_link_is_in_the_private_subnets(template: Json) -> None:
    link = only(template, "AWS::ApiGatewayV2::VpcLink")
    subnets = resources(template, "AWS::EC2::Subnet")
    assert len(subnets) == 2
    assert [subnet["Ref"] for subnet in link["SubnetIds"]] == list(subnets)


def opened(template: Json) -> Any:
    group = next(iter(resources(template, "AWS::EC2::SecurityGroup").values()))
    group["SecurityGroupIngress"] = [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]
    return [rule for rule in ingress(template) if rule[1] == "0.0.0.0/0"]


def published(template: Json) -> Any:
    only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Scheme"] = "internet-facing"
    next(iter(resources(template, "AWS::EC2::Subnet").values()))["MapPublicIpOnLaunch"] = True
    template["Resources"]["Gateway"] = {"Type": "AWS::EC2::InternetGateway"}
    found = public(template)
    return found if len(found) == 3 else []


def widened(template: Json) -> Any:
    next(statements(template))["Action"] = "logs:*"
    return "logs:*" in actions_on_everything(template)


def let_out(template: Json) -> Any:
    group = next(iter(resources(template, "AWS::EC2::SecurityGroup").values()))
    group["SecurityGroupEgress"] = [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]
    return [rule for rule in egress(template) if rule[1:] == ("0.0.0.0/0", 0)]


def kept_for_ever(template: Json) -> Any:
    del next(iter(resources(template, "AWS::Logs::LogGroup").values()))["RetentionInDays"]
    return logs_without_an_end(template)


def managed(template: Json) -> Any:
    *_, role = resources(template, "AWS::IAM::Role").values()
    role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    return managed_policies(template)


@pytest.mark.parametrize("spoil", [opened, published, widened, let_out, kept_for_ever, managed])
def test_what_is_read_here_would_notice(spoil: Any, ecs_service: Json) -> None:
    assert spoil(deepcopy(ecs_service))
