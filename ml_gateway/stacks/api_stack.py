"""The regional stack: the API, its limits and its lock."""

from typing import Any, Final

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway.backends import backend_of
from ml_gateway.config import GatewayConfig
from ml_gateway.constructs import ApiKeyLock, GatewayOrigin, GatewayUsagePlan, ProxyApi
from ml_gateway.routes import routes_of

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront's own stack lives, whichever region the API is in."""


class ApiStack(Stack):
    """Everything of one gateway that is regional."""

    api: ProxyApi
    usage_plan: GatewayUsagePlan
    origin_lock: ApiKeyLock
    origin: GatewayOrigin

    def __init__(self, scope: Construct, construct_id: str, *, config: GatewayConfig, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description=f"{config.name}: the regional API of an ML gateway", **kwargs)
        (plan,) = config.plans.values()
        self.api = ProxyApi(
            self,
            "Api",
            routes={
                route: backend_of(model) for name, model in config.models.items() for route in routes_of(name, model)
            },
            name=config.name,
            description=config.description,
            stage_name=config.stage,
            log_retention=config.logs.retention,
        )
        self.usage_plan = GatewayUsagePlan(self, "UsagePlan", stage=self.api.stage, plan=plan)
        self.origin_lock = ApiKeyLock(
            self,
            "OriginLock",
            gateway_name=config.name,
            generation=config.origin_lock.generation,
            usage_plan=self.usage_plan.usage_plan,
            replica_regions=[] if config.region == EDGE_REGION else [EDGE_REGION],
        )
        self.origin = self.api.origin(self.origin_lock.origin_headers)
        CfnOutput(
            self,
            "InvokeUrl",
            value=self.api.invoke_url,
            description="The API itself: answers only to requests that carry a key of its usage plan",
        )
