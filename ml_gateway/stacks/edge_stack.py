"""The global stack: the distribution that callers talk to."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway.config import CacheConfig
from ml_gateway.constructs import GatewayDistribution, GatewayOrigin


class EdgeStack(Stack):
    """Everything of one gateway that is global. It knows neither the API nor the kind of lock behind `origin`."""

    distribution: GatewayDistribution

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        origin: GatewayOrigin,
        cache: CacheConfig | None,
        response_timeout: timedelta,
        accepted_keys: Sequence[str],
        model_paths: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, construct_id, description=f"{gateway_name}: the edge of an ML gateway", **kwargs)
        self.distribution = GatewayDistribution(
            self,
            "Distribution",
            origin=origin,
            cache=cache,
            response_timeout=response_timeout,
            accepted_keys=accepted_keys,
            comment=gateway_name,
        )
        domain_name = self.distribution.domain_name
        CfnOutput(self, "DistributionDomainName", value=domain_name, description="The address of the gateway")
        for name, path in model_paths.items():
            CfnOutput(
                self,
                f"{name.title().replace('-', '')}Url",
                value=f"https://{domain_name}{path}",
                description=f"The URL to hand out for model {name}",
            )
