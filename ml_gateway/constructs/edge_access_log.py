"""The log that CloudFront writes: a line for each request of a viewer, whoever answered it."""

from datetime import timedelta
from typing import Final, cast

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.constructs.edge_region import check_edge_region
from ml_gateway.constructs.log_group import define_log_group

RECORD_FIELDS: Final = (
    "date",
    "time",
    "x-edge-request-id",
    "x-edge-location",
    "c-ip",
    "c-country",
    "asn",
    "x-host-header",
    "cs-method",
    "cs-uri-stem",
    "cs-protocol",
    "cs-protocol-version",
    "cs(User-Agent)",
    "cs-bytes",
    "sc-status",
    "sc-bytes",
    "sc-content-type",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
    "cache-behavior-path-pattern",
    "time-taken",
    "time-to-first-byte",
    "origin-fbl",
    "origin-lbl",
    "ssl-protocol",
    "ssl-cipher",
)
"""What is logged of a request (CloudFront Developer Guide, standard logging v2). Callers get `x-edge-request-id` as
`x-amz-cf-id`; times are in seconds.

Left out, because they may hold keys or prompts: cs(Cookie), cs-uri-query, cs(Referer), which repeats the query of
another page, x-forwarded-for, which callers word freely (c-ip is who called), and what edge functions log.
"""


class EdgeAccessLog(Construct):
    """Standard logging (v2) of a distribution, as JSON into a log group of its own.

    The group is private like every log group, encrypted by `encryption_key`, or else as CloudWatch Logs encrypts all,
    keeps lines for `retention`, and goes with its stack. CloudFront delivers within minutes as a rule, at times hours
    later, and promises no completeness.

    `gateway_name`: up to 41 characters. `retention`: one of the periods that CloudWatch Logs offers. Errors: another
    period; a stack outside us-east-1.
    """

    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        distribution: cloudfront.IDistribution,
        retention: timedelta = USUAL_RETENTION,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        refuse_setting(GatewayConfig, "name", gateway_name, of="EdgeAccessLog.gateway_name")
        check_edge_region(self, "the access log of a distribution")
        # A physical name, against our habit: the group's own policy names it.
        name = naming.edge_log_group(gateway_name)
        self.log_group = define_log_group(
            self, "LogGroup", retention=retention, log_group_name=name, encryption_key=encryption_key
        )
        # The L2 construct would define a policy of the account, of which a region has room for ten.
        resource = cast(logs.CfnLogGroup, self.log_group.node.default_child)
        resource.resource_policy_document = iam.PolicyDocument(statements=[self._render_permission(name)])
        self._define_delivery(naming.edge_log_delivery(gateway_name), distribution)

    def _define_delivery(self, name: str, distribution: cloudfront.IDistribution) -> None:
        """There are no L2 constructs for deliveries."""
        source = logs.CfnDeliverySource(
            self, "Source", name=name, log_type="ACCESS_LOGS", resource_arn=distribution.distribution_arn
        )
        destination = logs.CfnDeliveryDestination(
            self,
            "Destination",
            name=name,
            destination_resource_arn=self.log_group.log_group_arn,
            output_format="json",
        )
        logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=source.ref,
            delivery_destination_arn=destination.attr_arn,
            record_fields=list(RECORD_FIELDS),
        )

    def _render_permission(self, log_group_name: str) -> iam.PolicyStatement:
        """Said here, so that nothing depends on AWS adding it to a policy of the account by itself."""
        stack = Stack.of(self)
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            # The streams of this group.
            resources=[
                stack.format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=f"{log_group_name}:*",
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": stack.format_arn(service="logs", resource="*")},
            },
        )
