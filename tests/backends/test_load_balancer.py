"""Load balancer backends: private, through a VPC link V2; the deployment follows the target."""

from dataclasses import replace

import pytest
from aws_cdk import CfnParameter, Stack
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ml_gateway import LoadBalancerBackend, Route, SecretConfig
from ml_gateway.backends.load_balancer import integration_target
from ml_gateway.config.types.aws import LoadBalancerArn
from ml_gateway.reading.file_schema import schema_at
from ml_gateway.serving import ServedModel, version_of
from tests.backends.conftest import DefineApi, deployment_of
from tests.documents import integration_of, integrations_of
from tests.synthesis import only, resources

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/llama/50dc6c495c0c9188"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/llama/50dc6c495c0c9188/f2f7dc8efc522ab2"
ARN_OF_A_LISTENER = schema_at(("backends", "b", "load_balancer"))["properties"]["listener"]["pattern"]
CHAT = Route(http_method="POST", path="/llama/v1/chat/completions", backend_path="/v1/chat/completions")
RAW = Route(http_method="POST", path="/score/{id}")
LLAMA = LoadBalancerBackend(
    name="llama",
    host="llama.internal",
    port=80,
    load_balancer=BALANCER,
    subnets=("subnet-0000000a", "subnet-0000000b"),
    security_groups=("sg-0000000a",),
)


def test_the_load_balancer_is_reached_through_a_link_of_its_own(define_api: DefineApi) -> None:
    template = define_api({CHAT: LLAMA})
    (link_id,) = resources(template, "AWS::ApiGatewayV2::VpcLink")
    integration = integration_of(template)
    assert integration["type"] == "http_proxy"
    assert integration["connectionType"] == "VPC_LINK"
    assert integration["connectionId"] == {"Fn::GetAtt": [link_id, "VpcLinkId"]}
    assert integration["integrationTarget"] == BALANCER
    assert integration["uri"] == "http://llama.internal:80/v1/chat/completions"
    assert only(template, "AWS::ApiGatewayV2::VpcLink") == {
        "Name": "llama",
        "SubnetIds": ["subnet-0000000a", "subnet-0000000b"],
        "SecurityGroupIds": ["sg-0000000a"],
    }


def test_an_existing_link_is_used_as_it_is(define_api: DefineApi) -> None:
    backend = LoadBalancerBackend(name="llama", host="llama.internal", port=80, listener=LISTENER, vpc_link="abc123")
    template = define_api({CHAT: backend})
    assert not resources(template, "AWS::ApiGatewayV2::VpcLink")
    assert integration_of(template)["connectionId"] == "abc123"


def test_routes_of_one_backend_share_its_link(define_api: DefineApi) -> None:
    template = define_api({CHAT: LLAMA, RAW: LLAMA})
    (link,) = resources(template, "AWS::ApiGatewayV2::VpcLink")
    assert {name: each["connectionId"]["Fn::GetAtt"][0] for name, each in integrations_of(template).items()} == {
        f"{route.http_method} {route.path}": link for route in (CHAT, RAW)
    }


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "http://llama.internal:80"),
        ({"port": 8080}, "http://llama.internal:8080"),
        ({"tls": True, "port": 8443}, "https://llama.internal:8443"),
    ],
)
def test_address_of_the_backend(define_api: DefineApi, changes: dict[str, object], address: str) -> None:
    template = define_api({CHAT: replace(LLAMA, **changes)})  # type: ignore[arg-type]  # parametrised
    assert integration_of(template)["uri"] == f"{address}/v1/chat/completions"


def test_a_raw_route_keeps_its_path_and_variables(define_api: DefineApi) -> None:
    integration = integration_of(define_api({RAW: LLAMA}))
    assert integration["uri"] == "http://llama.internal:80/score/{id}"
    assert integration["requestParameters"]["integration.request.path.id"] == "method.request.path.id"


def test_a_version_is_asked_where_callers_ask_for_its_model(define_api: DefineApi) -> None:
    """The edge leads them on to a path of its own."""
    model = ServedModel(name="score", path="/score/{id}")
    (route,) = version_of(model, "v2", served_as=None, timeout=model.timeout).routes
    assert route.path == "/score--v2/score/{id}"
    assert integration_of(define_api({route: LLAMA}))["uri"] == "http://llama.internal:80/score/{id}"


def test_a_backend_gets_the_method_that_the_route_says(define_api: DefineApi) -> None:
    integrations = integrations_of(define_api({replace(RAW, backend_method="PUT"): LLAMA}))
    assert {name: each["httpMethod"] for name, each in integrations.items()} == {"POST /score/{id}": "PUT"}


def test_a_greedy_variable_loses_its_plus_sign(define_api: DefineApi) -> None:
    template = define_api({Route(http_method="GET", path="/files/{proxy+}"): LLAMA})
    assert integration_of(template)["uri"] == "http://llama.internal:80/files/{proxy}"


def test_gateway_credentials_are_overwritten(define_api: DefineApi) -> None:
    parameters = integration_of(define_api({CHAT: LLAMA}))["requestParameters"]
    assert parameters["integration.request.header.X-Api-Key"] == "'replaced-by-gateway'"
    assert parameters["integration.request.header.X-Origin-Verify"] == "'replaced-by-gateway'"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize("kind", ["app", "net"])
def test_the_load_balancer_is_the_target_also_where_a_listener_alone_is_given(partition: str, kind: str) -> None:
    """Row 10: what everybody deployed with."""
    balancer, listener = (
        arn.replace("arn:aws:", f"arn:{partition}:").replace("/app/", f"/{kind}/") for arn in (BALANCER, LISTENER)
    )
    assert integration_target(load_balancer=balancer, listener=listener) == balancer
    assert integration_target(load_balancer=balancer, listener=None) == balancer
    assert integration_target(load_balancer=None, listener=listener) == balancer


@given(st.from_regex(ARN_OF_A_LISTENER, fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_each_listener_that_the_file_takes_tells_its_load_balancer(listener: str) -> None:
    """Row 10."""
    target = integration_target(load_balancer=None, listener=listener)
    assert TypeAdapter(LoadBalancerArn).validate_python(target) == target
    assert listener.replace(":listener/", ":loadbalancer/").startswith(f"{target}/")


def test_a_listener_of_the_file_is_not_what_is_called(define_api: DefineApi) -> None:
    template = define_api({CHAT: replace(LLAMA, load_balancer=None, listener=LISTENER)})
    assert integration_of(template)["integrationTarget"] == BALANCER


@pytest.mark.parametrize("listener", [BALANCER, "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/a", "llama"])
def test_what_tells_no_load_balancer_is_refused(listener: str) -> None:
    with pytest.raises(ValueError, match="does not tell the ARN of its load balancer; give load_balancer"):
        integration_target(load_balancer=None, listener=listener)


def test_a_listener_that_is_known_at_deployment_alone_is_refused(stack: Stack, define_api: DefineApi) -> None:
    listener = CfnParameter(stack, "Listener").value_as_string
    with pytest.raises(ValueError, match="does not tell the ARN of its load balancer; give load_balancer"):
        define_api({CHAT: replace(LLAMA, load_balancer=None, listener=listener)})


def test_a_backend_without_a_target_is_refused() -> None:
    with pytest.raises(ValueError, match="missing; write load_balancer or listener, with the ARN of one"):
        replace(LLAMA, load_balancer=None)


def test_a_backend_without_a_link_is_refused() -> None:
    with pytest.raises(ValueError, match="missing; write subnets, from which to reach the load balancer, or the id"):
        replace(LLAMA, subnets=(), security_groups=())


def test_a_server_with_a_key_of_its_own_can_be_called(define_api: DefineApi) -> None:
    """Such as vLLM with --api-key."""
    key = SecretConfig(secret="llama/key", version="0" * 32)
    backend = replace(LLAMA, headers={"x-tenant": "acme"}, secret_headers={"x-api-key": key}, bearer=key)
    reference = f"{{{{resolve:secretsmanager:llama/key:SecretString:::{'0' * 32}}}}}"
    assert integration_of(define_api({CHAT: backend}))["requestParameters"] == {
        "integration.request.header.X-Api-Key": f"'{reference}'",
        "integration.request.header.X-Origin-Verify": "'replaced-by-gateway'",
        "integration.request.header.X-Tenant": "'acme'",
        "integration.request.header.Authorization": f"'Bearer {reference}'",
    }


VARIANTS = [
    LLAMA,
    replace(LLAMA, load_balancer=BALANCER.replace("188", "189")),
    replace(LLAMA, load_balancer=None, listener=LISTENER.replace("188", "187")),
    replace(LLAMA, headers={"X-Tenant": "acme"}),
    replace(LLAMA, bearer=SecretConfig(secret="llama/key", version="0" * 32)),
    replace(LLAMA, secret_headers={"api-key": SecretConfig(secret="llama/key", version="0" * 32)}),
    replace(LLAMA, host="other.internal"),
    replace(LLAMA, port=81),
    replace(LLAMA, tls=True),
    replace(LLAMA, vpc_link="abc123", subnets=(), security_groups=()),
    replace(LLAMA, subnets=("subnet-0000000a", "subnet-0000000c")),
    replace(LLAMA, security_groups=("sg-0000000b",)),
]


def test_every_setting_is_part_of_the_deployment() -> None:
    assert len({deployment_of({CHAT: backend}) for backend in VARIANTS}) == len(VARIANTS)
