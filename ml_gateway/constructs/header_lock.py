"""The origin lock in its header form, for gateways whose `x-api-key` belongs to the clients."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway.constructs.firewall_rules import INSPECTED_BODY, render_rules, render_visibility
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.constructs.origin_secret import accepted_generations, define_origin_secret
from ml_gateway.credentials import KEY_FORMS, ORIGIN_VERIFY_HEADER


class HeaderLock(Construct):
    """A web ACL on the API's stage that blocks what does not carry the header that the distribution adds.

    Each generation is a secret of its own, `<gateway_name>/origin/<generation>`, and rotates as with `ApiKeyLock`.
    Whatever passes the lock still meets the managed rules, and then needs the key of a client. A blocked request
    gets API Gateway's 403 (gateway response WAF_FILTERED).

    `replica_regions`: where else a stack reads the secret by its name. `log_retention`: one of the periods that
    CloudWatch Logs offers. Errors: a generation below 1, another period.
    """

    origin_headers: Mapping[str, str]
    """Header name -> name of the secret with its value: what the distribution has to send."""

    web_acl: wafv2.CfnWebACL
    firewall_log: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        generation: int,
        stage: apigateway.Stage,
        replica_regions: Sequence[str] = (),
        log_retention: timedelta = timedelta(days=90),
    ) -> None:
        super().__init__(scope, construct_id)
        secret_names = accepted_generations(gateway_name, generation)
        self.web_acl = self._define_web_acl(f"{gateway_name}-origin-lock", list(secret_names.values()))
        for number, secret_name in secret_names.items():
            secret = define_origin_secret(
                Construct(self, f"Generation{number}"), secret_name=secret_name, replica_regions=replica_regions
            )
            # The rule names the secret literally, so that no reference orders the two.
            self.web_acl.node.add_dependency(secret)
        self.firewall_log = self._define_firewall_log(gateway_name, log_retention)
        # There is no L2 construct for associations. The stage's ARN refers to the stage, which orders the two:
        # WAF answers "your resource doesn't exist" before (aws-cloudformation/coverage-roadmap#2358).
        wafv2.CfnWebACLAssociation(self, "Association", resource_arn=stage.stage_arn, web_acl_arn=self.web_acl.attr_arn)
        self.origin_headers = {ORIGIN_VERIFY_HEADER: secret_names[generation]}

    def _define_web_acl(self, name: str, secret_names: Sequence[str]) -> wafv2.CfnWebACL:
        # There is no L2 construct for web ACLs. A physical name, against our habit: metrics of a web ACL without
        # one lack the dimension WebACL. Nothing that this construct may change later replaces the web ACL.
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=name,
            description="Blocks what did not come through the distribution of the gateway.",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=render_rules(secret_names),
            visibility_config=render_visibility(name),
            association_config=wafv2.CfnWebACL.AssociationConfigProperty(
                request_body={
                    "API_GATEWAY": wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                        default_size_inspection_limit=INSPECTED_BODY
                    )
                }
            ),
        )

    def _define_firewall_log(self, gateway_name: str, retention: timedelta) -> logs.LogGroup:
        """Where WAF writes a line for each request, without credentials; it accepts no other beginning of the name."""
        log = define_log_group(
            self, "FirewallLog", retention=retention, log_group_name=f"aws-waf-logs-{gateway_name}-origin-lock"
        )
        # WAF takes the ARN without the `:*` that the log group's own attribute ends with.
        arn = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=log.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=self.web_acl.attr_arn,
            log_destination_configs=[arn],
            redacted_fields=[
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header})
                for header in (ORIGIN_VERIFY_HEADER, *KEY_FORMS.values())
            ],
        )
        return log
