"""The global stack: the distribution that callers talk to, and what guards and names it."""

from typing import TYPE_CHECKING, Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import AlertsConfig
from ml_gateway.constructs import EdgeAccessLog, EdgeFirewall, GatewayDistribution, GatewayOrigin
from ml_gateway.design import FirewallDesign, GatewayDesign
from ml_gateway.stacks.encryption import encryption_key

if TYPE_CHECKING:
    from ml_gateway.constructs.version_overrides import VersionOverrides


class EdgeStack(Stack):
    """Everything of one gateway that is global. Of the API it refers to `origin` alone."""

    firewall: EdgeFirewall | None
    distribution: GatewayDistribution
    access_log: EdgeAccessLog | None

    def __init__(
        self, scope: Construct, construct_id: str, *, design: GatewayDesign, origin: GatewayOrigin, **kwargs: Any
    ) -> None:
        super().__init__(scope, construct_id, description=f"{design.name}: the edge of an ML gateway", **kwargs)
        self._encryption_key = encryption_key(self, design, naming.EDGE_REGION)
        self.firewall = self._define_firewall(design, design.firewall) if design.firewall else None
        overrides = None
        if design.edge.splits:
            # Not above: it takes long to load, and most gateways have none.
            from ml_gateway.stacks.rollouts import define_overrides

            overrides = define_overrides(self, design, encryption_key=self._encryption_key)
        self.distribution = GatewayDistribution(
            self,
            "Distribution",
            origin=origin,
            edge=design.edge,
            web_acl=self.firewall.web_acl if self.firewall else None,
            comment=design.name,
            quotas=design.quotas,
            overrides=overrides.store if overrides else None,
        )
        self.access_log = self._define_access_log(design) if design.edge_access_log else None
        self._define_outputs(keeps=design.edge.keeps)
        if overrides:
            from ml_gateway.stacks.rollouts import define_override_outputs

            overrides.follow(self.distribution)
            define_override_outputs(self, overrides)
        if design.alerts:
            self._define_alerts(design, design.alerts, overrides)

    def _define_firewall(self, design: GatewayDesign, firewall: FirewallDesign) -> EdgeFirewall:
        return EdgeFirewall(
            self,
            "Firewall",
            gateway_name=design.name,
            firewall=firewall,
            dialect=design.dialect,
            cors=design.edge.cors is not None,
            log_retention=design.log_retention,
            encryption_key=self._encryption_key,
        )

    def _define_access_log(self, design: GatewayDesign) -> EdgeAccessLog:
        return EdgeAccessLog(
            self,
            "AccessLog",
            gateway_name=design.name,
            distribution=self.distribution.distribution,
            retention=design.log_retention,
            encryption_key=self._encryption_key,
        )

    def _define_alerts(self, design: GatewayDesign, alerts: AlertsConfig, overrides: "VersionOverrides | None") -> None:
        # Not above: these take long to load, and most gateways that are synthesized have none.
        from ml_gateway.constructs.alerts import EdgeAlarms
        from ml_gateway.constructs.alerts.gateway_dashboard import GatewayDashboard
        from ml_gateway.stacks.api_metrics import api_metrics

        dashboard = GatewayDashboard(
            self,
            "Dashboard",
            metrics=[api_metrics(design, region) for region in design.regions],
            distribution=self.distribution.distribution,
            functions=self.distribution.functions,
            web_acl=self.firewall.web_acl if self.firewall else None,
        )
        CfnOutput(self, naming.DASHBOARD_URL, value=dashboard.url, description="The dashboard, in the console")
        EdgeAlarms(
            self,
            "Alarms",
            gateway_name=design.name,
            distribution=self.distribution.distribution,
            functions=self.distribution.functions,
            alerts=alerts,
            encryption_key=self._encryption_key,
            overrides=overrides.function if overrides else None,
        )

    def _define_outputs(self, *, keeps: bool) -> None:
        CfnOutput(
            self,
            naming.DISTRIBUTION_DOMAIN_NAME,
            value=self.distribution.distribution.distribution_domain_name,
            description="The address of the distribution",
        )
        CfnOutput(
            self,
            naming.BASE_URL,
            value=f"https://{self.distribution.domain_name}",
            description="What the URLs of all models begin with; a model's path follows, which is /<model> by default",
        )
        CfnOutput(
            self,
            naming.DISTRIBUTION_ID,
            value=self.distribution.distribution.distribution_id,
            description="The id of the distribution, which commands and AWS's support ask for",
        )
        if keeps:
            CfnOutput(
                self,
                naming.INVALIDATION_COMMAND,
                value="aws cloudfront create-invalidation --distribution-id "
                f"{self.distribution.distribution.distribution_id} --paths '/*'",
                description="Takes all kept answers away; /llama/* in its place those of one model",
            )
        if self.firewall:
            CfnOutput(
                self,
                naming.FIREWALL_LOG_GROUP,
                value=self.firewall.firewall_log.log_group_name,
                description="The log group of the firewall, in us-east-1",
            )
        if self.access_log:
            CfnOutput(
                self,
                naming.EDGE_LOG_GROUP,
                value=self.access_log.log_group.log_group_name,
                description="The log group with a line for each request of a viewer, in us-east-1",
            )
