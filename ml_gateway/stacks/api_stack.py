"""The regional stack: the API, its limits and its lock."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.backends import Backend, backend_from, served_by
from ml_gateway.config import AlertsConfig, GatewayConfig, PlanConfig
from ml_gateway.constructs import (
    ApiKeyLock,
    ClientKeys,
    GatewayClient,
    GatewayErrors,
    GatewayOrigin,
    GatewayUsagePlan,
    HeaderLock,
    MethodLimit,
    ProxyApi,
)
from ml_gateway.constructs.edge_region import EDGE_REGION
from ml_gateway.serving import Route


class ApiStack(Stack):
    """Everything of one gateway that is regional.

    Without clients one usage plan limits the gateway as a whole, and its key locks the API. With clients each has keys
    of its own, and the API is locked by a header.
    """

    api: ProxyApi
    origin_lock: ApiKeyLock | HeaderLock
    origin: GatewayOrigin

    def __init__(self, scope: Construct, construct_id: str, *, config: GatewayConfig, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description=f"{config.name}: the regional API of an ML gateway", **kwargs)
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
        self.origin_lock = self._define_clients(config) if config.clients else self._define_shared_plan(config)
        self.origin = self.api.origin(self.origin_lock)
        if config.alerts:
            self._define_alerts(config, config.alerts)
        CfnOutput(
            self,
            "InvokeUrl",
            value=self.api.invoke_url,
            description="The API itself: answers only to what comes through the distribution",
        )

    def _define_alerts(self, config: GatewayConfig, alerts: AlertsConfig) -> None:
        # Not above: these take long to load, and most gateways that are synthesized have none.
        from ml_gateway.constructs.alerts import ApiAlarms, TrafficMetrics
        from ml_gateway.stacks.traffic import api_traffic

        traffic = api_traffic(config)
        TrafficMetrics(self, "Metrics", traffic=traffic, access_log=self.api.access_log)
        ApiAlarms(self, "Alarms", traffic=traffic, alerts=alerts)

    def _define_shared_plan(self, config: GatewayConfig) -> ApiKeyLock:
        (plan,) = config.plans.values()
        return ApiKeyLock(
            self,
            "OriginLock",
            gateway_name=config.name,
            generation=config.origin_lock.generation,
            stage=self.api.stage,
            usage_plan=self._define_plan(self, "UsagePlan", config, plan),
            replica_regions=_replica_regions(config),
        )

    def _define_clients(self, config: GatewayConfig) -> HeaderLock:
        scope = Construct(self, "UsagePlans")
        plans = {name: self._define_plan(scope, name, config, plan) for name, plan in config.plans.items()}
        clients = {
            name: GatewayClient(usage_plan=plans[client.plan], keys=client.keys, description=client.description)
            for name, client in config.clients.items()
        }
        keys = ClientKeys(self, "Clients", gateway_name=config.name, clients=clients)
        for key, command in keys.retrieval_commands.items():
            CfnOutput(self, f"Key{_output_id(key)}", value=command, description=f"Prints the key {key}")
        for key, command in keys.usage_commands.items():
            CfnOutput(self, f"Usage{_output_id(key)}", value=command, description=f"Shows what {key} has used")
        return HeaderLock(
            self,
            "OriginLock",
            gateway_name=config.name,
            generation=config.origin_lock.generation,
            stage=self.api.stage,
            managed_rules=config.edge.firewall is None,
            replica_regions=_replica_regions(config),
            log_retention=config.logs.retention,
        )

    def _define_plan(
        self, scope: Construct, construct_id: str, config: GatewayConfig, plan: PlanConfig
    ) -> apigateway.UsagePlan:
        limits = {
            self.api.methods[route]: MethodLimit(rate=limit.rate.per_second, burst=limit.effective_burst)
            for model, limit in plan.limits.items()
            for route in config.routes[model]
        }
        return GatewayUsagePlan(scope, construct_id, stage=self.api.stage, plan=plan, limits=limits).usage_plan


def _replica_regions(config: GatewayConfig) -> list[str]:
    """Where else the origin secret is read: by the edge."""
    return [] if config.region == EDGE_REGION else [EDGE_REGION]


def _output_id(key: str) -> str:
    """`mobile-app/default` -> `DefaultOfMobileApp`."""
    client, name = (part.title().replace("-", "") for part in key.split("/"))
    return f"{name}Of{client}"


def _render_routes(config: GatewayConfig) -> dict[Route, Backend]:
    """Each route of each model, with what answers it."""
    routes: dict[Route, Backend] = {}
    for name, model in config.models.items():
        backend = backend_from(
            model.backend or name,
            config.backend_of(name),
            http_method=model.backend_method,
            errors=config.dialect,
        )
        routes |= served_by(backend, model.serving(name))
    return routes
