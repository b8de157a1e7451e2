"""The regional stack: the API, its limits and its lock."""

from typing import Any, Final

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway.backends import Backend, backend_of, served_by
from ml_gateway.config import GatewayConfig
from ml_gateway.constructs import ApiKeyLock, GatewayErrors, GatewayOrigin, GatewayUsagePlan, ProxyApi
from ml_gateway.routes import Route

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
            routes=_render_routes(config),
            name=config.name,
            description=config.description,
            stage_name=config.stage,
            log_retention=config.logs.retention,
        )
        if config.errors:
            GatewayErrors(self, "Errors", rest_api=self.api.rest_api, dialect=config.errors)
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


def _render_routes(config: GatewayConfig) -> dict[Route, Backend]:
    """Each route of each model, with what answers it."""
    routes: dict[Route, Backend] = {}
    for name, model in config.models.items():
        backend = backend_of(
            model.backend or name,
            config.backend_of(name),
            http_method=model.backend_method,
            errors=config.errors or "plain",
        )
        routes |= served_by(backend, model.serving(name))
    return routes
