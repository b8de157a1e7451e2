"""The default gateway with AWS Solutions Constructs where they have one: the distribution, and its web ACL."""

from typing import Any

from aws_cdk import App, CfnOutput, Environment, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_solutions_constructs.aws_cloudfront_apigateway import CloudFrontToApiGateway
from aws_solutions_constructs.aws_wafwebacl_cloudfront import WafwebaclToCloudFront
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

from bench.subjects.api_by_hand import ApiByHand, accept
from bench.subjects.edge_by_hand import define_cache_policy, render_origin, render_rules


class EdgeOfSolutionsConstructs(Stack):
    """The same edge; what the constructs would add by themselves (log buckets, a function) is left out."""

    def __init__(self, scope: Construct, construct_id: str, *, api: ApiByHand, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        edge = CloudFrontToApiGateway(
            self,
            "Edge",
            existing_api_gateway_obj=api.rest_api,
            insert_http_security_headers=False,
            cloud_front_distribution_props={
                "comment": "solutions constructs",
                "enableLogging": False,
                "httpVersion": cloudfront.HttpVersion.HTTP2_AND_3,
                "defaultBehavior": {
                    "origin": render_origin(api),
                    "allowedMethods": cloudfront.AllowedMethods.ALLOW_ALL,
                    "cachePolicy": define_cache_policy(self),
                    "originRequestPolicy": cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                },
            },
        )
        WafwebaclToCloudFront(
            self,
            "Firewall",
            existing_cloud_front_web_distribution=edge.cloud_front_web_distribution,
            webacl_props={"rules": render_rules()},
        )
        # CFR2: the construct joins the web ACL by an override, where the rule pack does not see it.
        accept(edge.cloud_front_web_distribution, "CFR1", "CFR2", "CFR3", "CFR4")
        CfnOutput(self, "DistributionDomainName", value=edge.cloud_front_web_distribution.distribution_domain_name)


def main() -> None:
    app = App()
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    api = ApiByHand(app, "solutions-api", env=Environment(region="us-east-1"))
    EdgeOfSolutionsConstructs(app, "solutions-edge", api=api, env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
