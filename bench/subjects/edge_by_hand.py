"""The global half of the default gateway, and the parts of it that Solutions Constructs leave to their user."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Duration, SecretValue, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from bench.subjects.api_by_hand import ORIGIN_SECRET, ApiByHand, accept


class EdgeByHand(Stack):
    """A distribution with a web ACL in front of the API."""

    def __init__(self, scope: Construct, construct_id: str, *, api: ApiByHand, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        firewall = wafv2.CfnWebACL(
            self,
            "Firewall",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            scope="CLOUDFRONT",
            visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(**render_visibility("Firewall")),
            rules=render_rules(),
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="by hand",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            web_acl_id=firewall.attr_arn,
            default_behavior=cloudfront.BehaviorOptions(
                origin=render_origin(api),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=define_cache_policy(self),
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            ),
        )
        accept(distribution, "CFR1", "CFR3", "CFR4")
        CfnOutput(self, "DistributionDomainName", value=distribution.distribution_domain_name)


def define_cache_policy(scope: Construct) -> cloudfront.CachePolicy:
    return cloudfront.CachePolicy(
        scope,
        "CachePolicy",
        default_ttl=Duration.hours(1),
        max_ttl=Duration.hours(24),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Authorization", "Accept"),
        cookie_behavior=cloudfront.CacheCookieBehavior.all(),
    )


def render_origin(api: ApiByHand) -> origins.HttpOrigin:
    return origins.HttpOrigin(
        f"{api.rest_api.rest_api_id}.execute-api.{api.region}.amazonaws.com",
        origin_path="/v1",
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        custom_headers={"x-api-key": SecretValue.secrets_manager(ORIGIN_SECRET).unsafe_unwrap()},
    )


def render_visibility(name: str) -> Mapping[str, Any]:
    return {"metric_name": name, "cloud_watch_metrics_enabled": True, "sampled_requests_enabled": False}


def render_rules() -> list[wafv2.CfnWebACL.RuleProperty]:
    """2000 requests in 5 minutes from one address, and a group of AWS's rules."""
    return [
        wafv2.CfnWebACL.RuleProperty(
            name="Rate",
            priority=0,
            action=wafv2.CfnWebACL.RuleActionProperty(block={}),
            statement=wafv2.CfnWebACL.StatementProperty(
                rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                    aggregate_key_type="IP", limit=2000, evaluation_window_sec=300
                )
            ),
            visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(**render_visibility("Rate")),
        ),
        wafv2.CfnWebACL.RuleProperty(
            name="Common",
            priority=1,
            override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
            statement=wafv2.CfnWebACL.StatementProperty(
                managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                    vendor_name="AWS", name="AWSManagedRulesCommonRuleSet"
                )
            ),
            visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(**render_visibility("Common")),
        ),
    ]
