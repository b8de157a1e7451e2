"""The global stack: the distribution that callers talk to, and what guards and names it."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway.config import AlertsConfig, GatewayConfig
from ml_gateway.constructs import EdgeAccessLog, EdgeFirewall, GatewayDistribution, GatewayOrigin


class EdgeStack(Stack):
    """Everything of one gateway that is global. Of the API it refers to `origin` alone."""

    firewall: EdgeFirewall | None
    distribution: GatewayDistribution

    def __init__(
        self, scope: Construct, construct_id: str, *, config: GatewayConfig, origin: GatewayOrigin, **kwargs: Any
    ) -> None:
        super().__init__(scope, construct_id, description=f"{config.name}: the edge of an ML gateway", **kwargs)
        self.firewall = self._define_firewall(config)
        self.distribution = GatewayDistribution(
            self,
            "Distribution",
            origin=origin,
            edge=config.effective_edge,
            model_caches=config.model_caches,
            web_acl=self.firewall.web_acl if self.firewall else None,
            comment=config.name,
        )
        if config.edge.access_log:
            EdgeAccessLog(
                self,
                "AccessLog",
                gateway_name=config.name,
                distribution=self.distribution.distribution,
                retention=config.logs.retention,
            )
        if config.alerts:
            self._define_alerts(config, config.alerts)
        self._define_outputs(config)

    def _define_firewall(self, config: GatewayConfig) -> EdgeFirewall | None:
        edge = config.effective_edge
        if edge.firewall is None:
            return None
        return EdgeFirewall(
            self,
            "Firewall",
            gateway_name=config.name,
            firewall=edge.firewall,
            key_forms=config.accepted_keys,
            dialect=config.dialect,
            cors=edge.cors is not None,
            log_retention=config.logs.retention,
        )

    def _define_alerts(self, config: GatewayConfig, alerts: AlertsConfig) -> None:
        # Not above: these take long to load, and most gateways that are synthesized have none.
        from ml_gateway.constructs.alerts import EdgeAlarms
        from ml_gateway.constructs.alerts.gateway_dashboard import GatewayDashboard
        from ml_gateway.stacks.traffic import api_traffic

        GatewayDashboard(
            self,
            "Dashboard",
            traffic=api_traffic(config),
            distribution=self.distribution.distribution,
            web_acl=self.firewall.web_acl if self.firewall else None,
        )
        if alerts.errors:
            EdgeAlarms(
                self,
                "Alarms",
                gateway_name=config.name,
                distribution=self.distribution.distribution,
                email=alerts.email,
                errors=alerts.errors,
            )

    def _define_outputs(self, config: GatewayConfig) -> None:
        CfnOutput(
            self,
            "DistributionDomainName",
            value=self.distribution.distribution.distribution_domain_name,
            description="The address of the distribution",
        )
        for name, model in config.models.items():
            CfnOutput(
                self,
                f"{name.title().replace('-', '')}Url",
                value=f"https://{self.distribution.domain_name}{model.serving(name).base_path}",
                description=f"The URL to hand out for model {name}",
            )
