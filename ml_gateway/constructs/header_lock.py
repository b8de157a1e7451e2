"""The origin lock in its header form, for gateways whose `x-api-key` belongs to the clients."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.constructs.firewall_log import define_firewall_log, render_data_protection
from ml_gateway.constructs.managed_rules import COMMON, KNOWN_BAD_INPUTS, render_group
from ml_gateway.constructs.origin_lock_rule import render_origin_lock
from ml_gateway.constructs.origin_secrets import OriginSecrets
from ml_gateway.constructs.web_acl import render_body_inspection, render_visibility
from ml_gateway.credentials import ORIGIN_VERIFY_HEADER
from ml_gateway.design import Keyed

_USUAL: Final = Keyed()


class HeaderLock(Construct):
    """A web ACL on the API's stage that blocks what does not carry the header that the distribution adds.

    It accepts the two generations of `secrets` that `ApiKeyLock` accepts. Whatever passes then needs the key of a
    client. A blocked request gets API Gateway's 403 (gateway response WAF_FILTERED). `secrets` may be in another stack,
    which is deployed first then.

    `callers` says in which forms clients send their keys, and with an `Authorizer` whose tokens it takes: the
    distribution in front of the lock takes these, over HTTPS alone, and has the key in the key of each cache.

    `managed_rules`: whether what passes the lock meets AWS's managed rules here. With an `EdgeFirewall` it has met them
    already; a second look would cost twice, and block what that one only rehearses.

    `log_retention`: one of the periods that CloudWatch Logs offers. `encryption_key`: what encrypts the log. Errors:
    another period.
    """

    secrets: OriginSecrets

    origin_headers: Mapping[str, str]
    """Header name -> name of the secret with its value: what the distribution has to send."""

    callers: Keyed
    """Who may call behind this lock: the holders of keys."""

    web_acl: wafv2.CfnWebACL
    firewall_log: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secrets: OriginSecrets,
        stage: apigateway.Stage,
        callers: Keyed = _USUAL,
        managed_rules: bool = True,
        log_retention: timedelta = USUAL_RETENTION,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.secrets = secrets
        name = naming.origin_lock_web_acl(secrets.gateway_name)
        self.web_acl = self._define_web_acl(name, list(secrets.accepted.values()), managed_rules)
        # Its rule names the secrets literally, so that no reference orders them.
        self.web_acl.node.add_dependency(secrets)
        self.firewall_log = define_firewall_log(
            self, web_acl=self.web_acl, name=name, retention=log_retention, encryption_key=encryption_key
        )
        # There is no L2 construct for associations. The stage's ARN refers to the stage, which orders the two:
        # WAF answers "your resource doesn't exist" before (aws-cloudformation/coverage-roadmap#2358).
        wafv2.CfnWebACLAssociation(self, "Association", resource_arn=stage.stage_arn, web_acl_arn=self.web_acl.attr_arn)
        self.callers = callers
        self.origin_headers = {ORIGIN_VERIFY_HEADER: secrets.sent}

    def _define_web_acl(self, name: str, secret_names: Sequence[str], managed_rules: bool) -> wafv2.CfnWebACL:
        groups = (COMMON, KNOWN_BAD_INPUTS) if managed_rules else ()
        # There is no L2 construct for web ACLs. A physical name, against our habit: metrics of a web ACL without
        # one lack the dimension WebACL. Nothing that this construct may change later replaces the web ACL.
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=name,
            description="Blocks what did not come through the distribution of the gateway.",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[
                render_origin_lock(secret_names),
                *(render_group(group, priority=number) for number, group in enumerate(groups, start=1)),
            ],
            visibility_config=render_visibility(name),
            association_config=render_body_inspection("API_GATEWAY") if managed_rules else None,
            data_protection_config=render_data_protection(),
        )
