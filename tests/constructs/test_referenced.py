"""What a document only refers to: its replacement makes another deployment, and nothing else does."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns

from ml_gateway import HttpBackend, LambdaBackend, LoadBalancerBackend, ProxyApi, Route
from ml_gateway.backends import Backend
from tests.synthesis import Json, bare_stack, only, resources, template_of

BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llama/50dc6c495c0c9188"
HTTP = HttpBackend(url="https://model.example.com")


def define_api(stack: Stack, *backends: Backend) -> ProxyApi:
    routes = {Route(http_method="POST", path=f"/{number}"): backend for number, backend in enumerate(backends)}
    return ProxyApi(stack, "Api", name="acme", description="of ours", routes=routes)


def deployment(define: Callable[[Stack], object]) -> str:
    """The logical id of the deployment in a stack of its own."""
    stack = bare_stack()
    define(stack)
    (logical_id,) = resources(template_of(stack), "AWS::ApiGateway::Deployment")
    return logical_id


def version_in(template: Json) -> str:
    version: str = only(template, "AWS::ApiGateway::RestApi")["Body"]["info"]["version"]
    return version


def with_link(
    *,
    subnets: Sequence[str] = ("subnet-0000000a",),
    groups: Sequence[str] = ("sg-0000000a",),
    balancer: str = BALANCER,
    others: Callable[[Stack], object] = lambda _: None,
) -> Callable[[Stack], object]:
    """A gateway whose file names subnets, security groups and a load balancer."""

    def define(stack: Stack) -> None:
        define_api(
            stack,
            LoadBalancerBackend(
                name="llama", host="llama", port=80, load_balancer=balancer, subnets=subnets, security_groups=groups
            ),
        )
        others(stack)

    return define


def with_network(
    *,
    cidr: str = "10.0.0.0/16",
    tenancy: ec2.DefaultInstanceTenancy = ec2.DefaultInstanceTenancy.DEFAULT,
    others: Callable[[Stack], object] = lambda _: None,
    **balancer: Any,
) -> Callable[[Stack], object]:
    """A gateway beside a VPC and a load balancer of one's own."""

    def define(stack: Stack) -> None:
        vpc = ec2.Vpc(
            stack,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            nat_gateways=0,
            max_azs=2,
            default_instance_tenancy=tenancy,
        )
        subnets = vpc.isolated_subnets or vpc.public_subnets
        group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
        own = elbv2.ApplicationLoadBalancer(
            stack, "Balancer", vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnets=subnets), **balancer
        )
        define_api(
            stack,
            LoadBalancerBackend(
                name="llama",
                host="llama",
                port=80,
                load_balancer=own.load_balancer_arn,
                subnets=[each.subnet_id for each in subnets],
                security_groups=[group.security_group_id],
            ),
        )
        others(stack)

    return define


def define_function(stack: Stack, **settings: Any) -> lambda_.Function:
    return lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_12,
        **settings,
    )


def with_function(others: Callable[[Stack], object] = lambda _: None, **settings: Any) -> Callable[[Stack], object]:
    def define(stack: Stack) -> None:
        define_api(stack, LambdaBackend(name="model", function=define_function(stack, **settings)))
        others(stack)

    return define


def topic(stack: Stack) -> None:
    sns.Topic(stack, "Topic", topic_name="unrelated")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (with_link(), with_link(subnets=("subnet-0000000b",))),
        (with_link(), with_link(groups=("sg-0000000b",))),
        (with_link(), with_link(balancer=BALANCER.replace("llama", "another"))),
        (with_network(), with_network(internet_facing=True)),
        (with_network(), with_network(load_balancer_name="another")),
        (with_network(), with_network(cidr="10.1.0.0/16")),
        (with_network(), with_network(tenancy=ec2.DefaultInstanceTenancy.DEDICATED)),
        (with_function(), with_function(function_name="another")),
    ],
    ids=[
        "subnets",
        "groups",
        "ARN",
        "scheme",
        "name of the load balancer",
        "subnets of the VPC",
        "VPC",
        "name of the function",
    ],
)
def test_what_is_replaced_reaches_the_stage(
    before: Callable[[Stack], object], after: Callable[[Stack], object]
) -> None:
    assert deployment(before) != deployment(after)


@pytest.mark.parametrize("define", [with_link, with_network, with_function])
def test_nothing_is_deployed_for_what_it_does_not_refer_to(define: Callable[..., Callable[[Stack], object]]) -> None:
    assert deployment(define()) == deployment(define()) == deployment(define(others=topic))


def test_an_api_that_refers_to_nothing_keeps_its_version_and_its_deployment() -> None:
    stack, changed = bare_stack(), bare_stack()
    for each in (stack, changed):
        define_api(each, HTTP)
    topic(changed)
    assert version_in(template_of(stack)) == version_in(template_of(changed)) == "1"
    assert resources(template_of(stack), "AWS::ApiGateway::Deployment") == resources(
        template_of(changed), "AWS::ApiGateway::Deployment"
    )


def test_a_function_that_knows_its_api_is_no_endless_circle_here_but_one_for_cloudformation() -> None:
    app = App(builtin_cloud_formation_validation=False)
    stack = bare_stack(app=app)
    function = define_function(stack)
    api = define_api(stack, LambdaBackend(name="model", function=function))
    function.add_environment("API", api.rest_api.rest_api_id)
    template = app.synth().get_stack_by_name(stack.stack_name).template
    assert version_in(template).startswith("1-")
    with pytest.raises(RuntimeError, match="these resources have a dependency cycle"):
        template_of(stack)


def test_what_is_set_after_the_api_was_defined_counts() -> None:
    def define(stack: Stack, name: str) -> None:
        function = define_function(stack)
        define_api(stack, LambdaBackend(name="model", function=function))
        cast(lambda_.CfnFunction, function.node.default_child).function_name = name

    assert deployment(lambda stack: define(stack, "one")) != deployment(lambda stack: define(stack, "other"))


def test_what_is_replaced_in_another_stack_reaches_the_stage() -> None:
    def version(name: str) -> str:
        app = App(builtin_cloud_formation_validation=False)
        stack = bare_stack(app=app)
        functions = bare_stack("functions", app=app)
        function = define_function(functions, function_name=name)
        define_api(stack, LambdaBackend(name="model", function=function))
        return version_in(template_of(stack))

    assert version("one") != version("other")
