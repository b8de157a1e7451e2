"""Rules leave other distributions alone, and a gateway that loses some of its marks is still one."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from ml_gateway import EdgeConfig
from ml_gateway.policy import Template
from ml_gateway.policy.gateway_distributions import behaviors_with_clients, gateway_behaviors, gateway_origins
from tests.constructs.multi_tenant import multi_tenant_template
from tests.policy.reading import broken_rules
from tests.synthesis import Json, bare_stack, gateway_config, only, synthesize, template_of

LITERAL = "origin.ml.example.com"


def web_site(stack: Stack) -> cloudfront.IOrigin:
    return origins.S3BucketOrigin.with_origin_access_control(s3.Bucket(stack, "Site"))


def load_balancer(stack: Stack) -> cloudfront.IOrigin:
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0)
    return origins.LoadBalancerV2Origin(elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=vpc, internet_facing=True))


def function_url(stack: Stack) -> cloudfront.IOrigin:
    code = lambda_.Code.from_inline("def handler(event, context): pass")
    function = lambda_.Function(
        stack, "Function", code=code, handler="index.handler", runtime=lambda_.Runtime.PYTHON_3_13
    )
    return origins.FunctionUrlOrigin(function.add_function_url())


def another_server(_: Stack) -> cloudfront.IOrigin:
    return origins.HttpOrigin("www.example.com", custom_headers={"x-tenant": "a"})


def either_of_two(stack: Stack) -> cloudfront.IOrigin:
    return origins.OriginGroup(primary_origin=web_site(stack), fallback_origin=another_server(stack))


@pytest.mark.parametrize("origin", [web_site, load_balancer, function_url, another_server, either_of_two])
def test_a_distribution_of_something_else_is_left_alone(origin: Callable[[Stack], cloudfront.IOrigin]) -> None:
    stack = bare_stack()
    cloudfront.Distribution(stack, "Distribution", default_behavior=cloudfront.BehaviorOptions(origin=origin(stack)))
    template = template_of(stack)
    assert only(template, "AWS::CloudFront::Distribution")
    assert broken_rules(template) == {}


# A gateway that lost some of its marks


@pytest.fixture(scope="module")
def edge() -> Json:
    """Of a gateway in two stacks, with a function that turns keys."""
    return synthesize(gateway_config(edge=EdgeConfig(health="/health")))["edge"]


@pytest.fixture(scope="module")
def multi_tenant() -> Json:
    return multi_tenant_template()


def settings(template: Json) -> Json:
    found: Json = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def origin(template: Json) -> Json:
    found: Json = settings(template)["Origins"][0]
    return found


def header(template: Json) -> Json:
    found: Json = origin(template)["OriginCustomHeaders"][0]
    return found


def without_headers(template: Json) -> None:
    origin(template).pop("OriginCustomHeaders")


def at(domain: Any) -> Callable[[Json], None]:
    return lambda template: origin(template).update(DomainName=domain)


def without_function(template: Json) -> None:
    settings(template)["DefaultCacheBehavior"].pop("FunctionAssociations")


def without_policy(template: Json) -> None:
    settings(template)["DefaultCacheBehavior"].pop("ResponseHeadersPolicyId")


def bare(template: Json) -> None:
    """Nothing but the origin says whose it is."""
    without_function(template)
    without_policy(template)


STILL_AN_ORIGIN: list[tuple[str, list[Callable[[Json], object]]]] = [
    ("an address that is an API's, no headers", [bare, without_headers]),
    ("an address that is an API's, another header", [bare, lambda t: header(t).update(HeaderName="x-other")]),
    ("a name of its own", [bare, at(LITERAL)]),
    ("a name of its own, headers that cannot be read",
     [bare, at(LITERAL), lambda t: origin(t).update(OriginCustomHeaders={"Ref": "Headers"})]),
    ("a name of its own, a header that cannot be read",
     [bare, at(LITERAL), lambda t: header(t).update(HeaderName={"Ref": "Name"})]),
    ("a name of its own, another header with the secret",
     [bare, at(LITERAL), lambda t: header(t).update(HeaderName="x-other")]),
    ("a name of its own, no headers, a function", [at(LITERAL), without_headers, without_policy]),
    ("a name of its own, no headers, a policy", [at(LITERAL), without_headers, without_function]),
    ("a name from elsewhere, no headers", [at({"Fn::ImportValue": "api"}), bare, without_headers]),
    ("a name from a parameter, no headers", [at({"Ref": "Domain"}), bare, without_headers]),
    ("a name from another region, no headers",
     [at({"Fn::GetStackOutput": {"StackName": "api"}}), bare, without_headers]),
    ("no name, no headers", [lambda t: origin(t).pop("DomainName"), bare, without_headers]),
    ("an origin that cannot be read",
     [lambda t: settings(t).update(Origins=[{"Fn::If": ["Live", origin(t), {"Ref": "AWS::NoValue"}]}])]),
    ("origins that cannot be read", [lambda t: settings(t).update(Origins={"Ref": "Origins"})]),
]  # fmt: skip


@pytest.mark.parametrize("changes", [case[1] for case in STILL_AN_ORIGIN], ids=[case[0] for case in STILL_AN_ORIGIN])
def test_an_origin_of_a_gateway_cannot_hide(changes: list[Callable[[Json], object]], edge: Json) -> None:
    template = copy.deepcopy(edge)
    for change in changes:
        change(template)
    settings(template)["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = "allow-all"
    broken = broken_rules(template)
    assert "MlGateway::ViewersAreNotServedInClear" in broken


def test_a_page_that_may_send_a_key_is_no_mark() -> None:
    stack = bare_stack()
    cors = cloudfront.ResponseHeadersCorsBehavior(
        access_control_allow_credentials=True,
        access_control_allow_headers=["x-api-key"],
        access_control_allow_methods=["GET"],
        access_control_allow_origins=["https://app.example.com"],
        origin_override=True,
    )
    policy = cloudfront.ResponseHeadersPolicy(stack, "Policy", cors_behavior=cors)
    behavior = cloudfront.BehaviorOptions(origin=another_server(stack), response_headers_policy=policy)
    cloudfront.Distribution(stack, "Distribution", default_behavior=behavior)
    assert broken_rules(template_of(stack)) == {}


def test_what_a_distribution_has_beside_a_gateway_is_left_alone(edge: Json) -> None:
    template = copy.deepcopy(edge)
    settings(template)["Origins"].append({"Id": "site", "DomainName": "site.example.com", "CustomOriginConfig": {}})
    settings(template)["CacheBehaviors"] = [
        {"PathPattern": "/docs/*", "TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all"}
    ]
    read = Template.of(template)
    assert [found.path[-1] for found in gateway_origins(read)] == [0]
    assert [found.path[-1] for found in gateway_behaviors(read)] == ["DefaultCacheBehavior"]
    assert broken_rules(template) == {}


def test_a_group_with_a_gateway_in_it_is_a_gateways(edge: Json) -> None:
    template = copy.deepcopy(edge)
    members = {"Items": [{"OriginId": "site"}, {"OriginId": origin(template)["Id"]}]}
    settings(template)["Origins"].append({"Id": "site", "DomainName": "site.example.com", "CustomOriginConfig": {}})
    settings(template)["OriginGroups"] = {"Items": [{"Id": "group", "Members": members}]}
    settings(template)["DefaultCacheBehavior"]["TargetOriginId"] = "group"
    without_function(template)
    assert len(list(gateway_behaviors(Template.of(template)))) == 1


@pytest.mark.parametrize("name", ["X-Origin-Verify", {"Ref": "Name"}])
def test_clients_are_known_by_the_header_of_their_lock(name: Any, multi_tenant: Json) -> None:
    template = copy.deepcopy(multi_tenant)
    assert len(list(behaviors_with_clients(Template.of(template)))) == 1
    header(template)["HeaderName"] = name
    assert len(list(behaviors_with_clients(Template.of(template)))) == 1
    header(template)["HeaderName"] = "x-api-key"
    assert list(behaviors_with_clients(Template.of(template))) == []
