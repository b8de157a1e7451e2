"""The default gateway with AWS Solutions Constructs where they have one: the distribution, and its web ACL."""

from typing import Any

from aws_cdk import App, Environment, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_wafv2 as wafv2
from aws_solutions_constructs.aws_cloudfront_apigateway import CloudFrontToApiGateway
from aws_solutions_constructs.aws_wafwebacl_cloudfront import WafwebaclToCloudFront
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

from bench.subjects.api_by_hand import ApiByHand, accept
from bench.subjects.edge_by_hand import (
    define_cache_policy,
    define_outputs,
    render_errors,
    render_origin,
    render_response_headers,
)
from bench.subjects.firewall_by_hand import define_firewall_log, render_web_acl


class EdgeOfSolutionsConstructs(Stack):
    """The same edge; what the constructs would add by themselves (log buckets, a function) is left out."""

    def __init__(self, scope: Construct, construct_id: str, *, api: ApiByHand, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description="acme-ml: the edge of an ML gateway", **kwargs)
        self.add_stack_dependency(api)
        edge = CloudFrontToApiGateway(
            self,
            "Edge",
            existing_api_gateway_obj=api.rest_api,
            insert_http_security_headers=False,
            response_headers_policy_props=cloudfront.ResponseHeadersPolicyProps(**render_response_headers(api)),
            cloud_front_distribution_props={
                "comment": "acme-ml",
                "enableLogging": False,
                "errorResponses": render_errors(),
                "httpVersion": cloudfront.HttpVersion.HTTP2_AND_3,
                "priceClass": cloudfront.PriceClass.PRICE_CLASS_ALL,
                "defaultBehavior": {
                    "origin": render_origin(api),
                    "allowedMethods": cloudfront.AllowedMethods.ALLOW_ALL,
                    "cachedMethods": cloudfront.CachedMethods.CACHE_GET_HEAD,
                    "cachePolicy": define_cache_policy(self),
                    "originRequestPolicy": cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                },
            },
        )
        firewall = WafwebaclToCloudFront(
            self,
            "Firewall",
            existing_cloud_front_web_distribution=edge.cloud_front_web_distribution,
            webacl_props=wafv2.CfnWebACLProps(**render_web_acl()),
        )
        define_firewall_log(self, firewall.webacl)
        # CFR2: the construct joins the web ACL by an override, where the rule pack does not see it.
        accept(edge.cloud_front_web_distribution, "CFR1", "CFR2", "CFR3", "CFR4")
        define_outputs(self, edge.cloud_front_web_distribution)


def main() -> None:
    app = App()
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    api = ApiByHand(app, "acme-ml-api", env=Environment(region="us-east-1"))
    EdgeOfSolutionsConstructs(app, "acme-ml-edge", api=api, env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
