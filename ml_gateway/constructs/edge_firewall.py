"""The firewall in front of the distribution."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import AddressesConfig, GatewayConfig
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.constructs.address_set import define_address_set
from ml_gateway.constructs.edge_answers import EdgeAnswers
from ml_gateway.constructs.edge_region import check_edge_region
from ml_gateway.constructs.edge_rules import EdgeRule, address_rules, country_rules, rate_rules, render_edge_rules
from ml_gateway.constructs.firewall_log import define_firewall_log, render_data_protection
from ml_gateway.constructs.web_acl import render_body_inspection, render_visibility
from ml_gateway.design import FirewallDesign
from ml_gateway.errors import Dialect

_KEPT_ACTIONS: Final = ("BLOCK", "COUNT")
"""The requests that are logged; CloudFront's own access log has all others."""

_KEPT_IN_REHEARSAL: Final = (*_KEPT_ACTIONS, "EXCLUDED_AS_COUNT")
"""WAF's name for a rule of a group that counts because we say so. Not kept always: it would log each longer prompt."""


class EdgeFirewall(Construct):
    """A web ACL for a distribution: addresses, countries, rates, then the rule groups that AWS manages.

    Whatever passes meets the API's own limits. Who is refused gets JSON in the callers' `dialect`: 403, or 429 by a
    rate; with `cors` browsers may read it, too. `firewall.mode: count` lets everybody pass and logs what would not.

    At most 1140 of the 1500 capacity units (WCU) that the price of a web ACL includes; a test counts them.

    `log_retention`: one of the periods that CloudWatch Logs offers. `encryption_key`: what encrypts the log. Errors:
    another period, a stack that is known to be in another region than us-east-1.
    """

    web_acl: wafv2.CfnWebACL
    firewall_log: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        firewall: FirewallDesign,
        dialect: Dialect = "plain",
        cors: bool = False,
        log_retention: timedelta = USUAL_RETENTION,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        refuse_setting(GatewayConfig, "name", gateway_name, of="EdgeFirewall.gateway_name")
        refuse_setting(GatewayConfig, "errors", dialect, of="EdgeFirewall.dialect")
        check_edge_region(self, "a firewall for CloudFront")
        rehearsal = firewall.mode == "count"
        rules = (
            *self._define_address_rules(firewall.addresses),
            *country_rules(firewall.countries),
            *rate_rules(rate=firewall.rate, key_rates=firewall.key_rates),
        )
        name = naming.edge_web_acl(gateway_name)
        self.web_acl = self._define_web_acl(name, rules, EdgeAnswers(dialect=dialect, cors=cors), rehearsal)
        self.firewall_log = define_firewall_log(
            self,
            web_acl=self.web_acl,
            name=name,
            retention=log_retention,
            kept_actions=_KEPT_IN_REHEARSAL if rehearsal else _KEPT_ACTIONS,
            encryption_key=encryption_key,
        )

    def _define_address_rules(self, addresses: AddressesConfig | None) -> Sequence[EdgeRule]:
        if addresses is None:
            return ()
        deny, allow = addresses.deny, addresses.allow
        return tuple(
            address_rules(
                denied=define_address_set(self, "DeniedAddresses", ranges=deny) if deny else None,
                allowed=define_address_set(self, "AllowedAddresses", ranges=allow) if allow else None,
            )
        )

    def _define_web_acl(
        self, name: str, rules: Sequence[EdgeRule], answers: EdgeAnswers, rehearsal: bool
    ) -> wafv2.CfnWebACL:
        # There is no L2 construct for web ACLs. A physical name, against our habit: metrics of a web ACL without
        # one lack the dimension WebACL. Nothing that this construct may change later replaces the web ACL.
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            name=name,
            description="Refuses who may not call the gateway, or calls too often.",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=render_edge_rules(rules, answers=answers, rehearsal=rehearsal),
            custom_response_bodies=answers.render_bodies(),
            visibility_config=render_visibility(name),
            association_config=render_body_inspection("CLOUDFRONT"),
            data_protection_config=render_data_protection(),
        )
