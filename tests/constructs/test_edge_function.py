"""Every behavior has the edge function, in distributions of other people, too; and what else goes on to the API."""

from dataclasses import replace

import pytest
from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins

from ml_gateway import EdgeDesign, EdgeFunction, GatewayDistribution, Open
from ml_gateway.config import CorsConfig
from ml_gateway.design import Callers
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.policy.cache_rules import MANAGED_ALL_VIEWER_EXCEPT_HOST
from ml_gateway.policy.edge_rules import CACHEABLE_ERRORS
from tests.constructs.distributions import KEYS, MINUTE, NEVER, ORIGIN, distribution, settings
from tests.constructs.multi_tenant import CACHE
from tests.policy.reading import behaviors, broken_rules
from tests.synthesis import Json, bare_stack, only, resources, template_of

FUNCTIONS = [
    (EdgeDesign(), Open()),
    (EdgeDesign(), KEYS),
    (EdgeDesign(cors=CorsConfig(origins=("*",))), Open()),
    (EdgeDesign(health="/health"), Open()),
    (EdgeDesign(model_caches={"/a": NEVER, "/b/*": NEVER}), KEYS),
]


@pytest.mark.parametrize(("edge", "callers"), FUNCTIONS, ids=["nothing", "keys", "cors", "health", "caches"])
def test_every_behavior_has_the_one_function_whatever_is_set(edge: EdgeDesign, callers: Callers) -> None:
    template = distribution(edge, callers)
    (name,) = resources(template, "AWS::CloudFront::Function")
    every = behaviors(template).values()
    assert len(every) == 1 + len(edge.model_caches)
    assert [one["FunctionAssociations"] for one in every] == [
        [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [name, "FunctionARN"]}}]
    ] * len(every)
    function = only(template, "AWS::CloudFront::Function")
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["AutoPublish"] is True
    assert function["FunctionCode"] == render_edge_function(callers, edge)


def test_keys_add_no_resource_and_move_none() -> None:
    without, with_keys = (
        set(distribution(EdgeDesign(cache=CACHE), callers)["Resources"]) for callers in (Open(), KEYS)
    )
    assert without == with_keys


def own_distribution(*, with_function: bool) -> Json:
    """Somebody's own distribution in front of a gateway, without `GatewayDistribution`."""
    stack = bare_stack()
    headers = cloudfront.ResponseHeadersPolicy(stack, "Headers", remove_headers=["Server"])
    never = [cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in CACHEABLE_ERRORS]
    secret = SecretValue.secrets_manager("acme-ml/origin/1").unsafe_unwrap()
    behavior = cloudfront.BehaviorOptions(
        origin=origins.HttpOrigin("abc.execute-api.eu-west-1.amazonaws.com", custom_headers={"X-Api-Key": secret}),
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        response_headers_policy=headers,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        function_associations=[EdgeFunction(stack, "Function", callers=Open()).association] if with_function else None,
    )
    cloudfront.Distribution(stack, "Distribution", default_behavior=behavior, error_responses=never)
    return template_of(stack)


def test_a_distribution_of_somebodys_own_needs_the_function_and_nothing_else_of_ours() -> None:
    assert broken_rules(own_distribution(with_function=True)) == {}
    assert list(broken_rules(own_distribution(with_function=False))) == [
        "MlGateway::WhatIsInNoKeyDoesNotPass",
        "MlGateway::OneFunctionSeesEveryRequestFirst",
    ]


# What goes on to the API


@pytest.mark.parametrize(
    ("callers", "header", "spelling"),
    [(Open(), "x-api-key", "X-Api-Key"), (KEYS, "x-origin-verify", "X-Origin-Verify")],
)
def test_the_secret_is_sent_in_the_spelling_that_the_api_maps(callers: Callers, header: str, spelling: str) -> None:
    stack = bare_stack()
    GatewayDistribution(stack, "Edge", origin=replace(ORIGIN, callers=callers, headers={header: "acme-ml/origin/1"}))
    (origin,) = settings(template_of(stack))["Origins"]
    assert [one["HeaderName"] for one in origin["OriginCustomHeaders"]] == [spelling]


def test_where_answers_are_kept_nothing_goes_on_that_no_cache_key_and_no_function_sees() -> None:
    template = distribution(EdgeDesign(cache=CACHE, model_caches={"/a": MINUTE, "/b": NEVER}))
    (policy,) = resources(template, "AWS::CloudFront::OriginRequestPolicy")
    forwarded = only(template, "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert forwarded["HeadersConfig"] == {
        "HeaderBehavior": "allExcept",
        "Headers": ["Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization"],
    }
    assert forwarded["CookiesConfig"] == {"CookieBehavior": "all"}
    assert forwarded["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    used = {name.rpartition(" ")[2]: one["OriginRequestPolicyId"] for name, one in behaviors(template).items()}
    assert used == {"default": {"Ref": policy}, "/a": {"Ref": policy}, "/b": MANAGED_ALL_VIEWER_EXCEPT_HOST}
