"""The global half of the default gateway, and the parts of it that Solutions Constructs leave to their user."""

from typing import Any

from aws_cdk import CfnOutput, Duration, SecretValue, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from bench.subjects.api_by_hand import ORIGIN_SECRET, ApiByHand, accept
from bench.subjects.firewall_by_hand import define_firewall_log, render_web_acl
from bench.subjects.tables import TABLES


class EdgeByHand(Stack):
    """A distribution with a web ACL in front of the API."""

    def __init__(self, scope: Construct, construct_id: str, *, api: ApiByHand, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description="acme-ml: the edge of an ML gateway", **kwargs)
        self.add_stack_dependency(api)
        firewall = wafv2.CfnWebACL(self, "Firewall", **render_web_acl())
        define_firewall_log(self, firewall)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="acme-ml",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            web_acl_id=firewall.attr_arn,
            error_responses=render_errors(),
            default_behavior=cloudfront.BehaviorOptions(
                origin=render_origin(api),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cached_methods=cloudfront.CachedMethods.CACHE_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=define_cache_policy(self),
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=cloudfront.ResponseHeadersPolicy(
                    self, "ResponseHeaders", **render_response_headers(api)
                ),
            ),
        )
        accept(distribution, "CFR1", "CFR3", "CFR4")
        define_outputs(self, distribution)


def define_cache_policy(scope: Construct) -> cloudfront.CachePolicy:
    return cloudfront.CachePolicy(
        scope,
        "CachePolicy",
        min_ttl=Duration.seconds(0),
        default_ttl=Duration.hours(1),
        max_ttl=Duration.hours(24),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization", "Accept"),
        cookie_behavior=cloudfront.CacheCookieBehavior.all(),
        enable_accept_encoding_brotli=True,
        enable_accept_encoding_gzip=True,
    )


def define_outputs(stack: Stack, distribution: cloudfront.Distribution) -> None:
    domain_name = distribution.distribution_domain_name
    CfnOutput(stack, "DistributionDomainName", value=domain_name, description="The address of the distribution")
    CfnOutput(stack, "PredictUrl", value=f"https://{domain_name}/predict", description="The URL to hand out")


def render_errors() -> list[cloudfront.ErrorResponse]:
    """No error is kept."""
    never = Duration.seconds(0)
    return [cloudfront.ErrorResponse(http_status=status, ttl=never) for status in TABLES["uncachedErrors"]]


def render_origin(api: ApiByHand) -> origins.HttpOrigin:
    return origins.HttpOrigin(
        f"{api.rest_api.rest_api_id}.execute-api.{api.region}.amazonaws.com",
        origin_path="/v1",
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        https_port=443,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        read_timeout=Duration.seconds(30),
        connection_attempts=1,
        custom_headers={"x-api-key": SecretValue.secrets_manager(ORIGIN_SECRET).unsafe_unwrap()},
    )


def render_response_headers(api: ApiByHand) -> dict[str, Any]:
    """What a `ResponseHeadersPolicy` is made with."""
    region = cloudfront.ResponseCustomHeader(header="x-gateway-region", value=api.region, override=True)
    return {
        "remove_headers": TABLES["removedHeaders"],
        "custom_headers_behavior": cloudfront.ResponseCustomHeadersBehavior(custom_headers=[region]),
    }
