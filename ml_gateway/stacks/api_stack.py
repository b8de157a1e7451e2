"""The regional stack: the API, its limits and its lock."""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway import naming
from ml_gateway.backends import Backend, backend_from, served_by
from ml_gateway.config import AlertsConfig
from ml_gateway.constructs import (
    ApiKeyLock,
    ClientKeys,
    ClientSecrets,
    GatewayClient,
    GatewayOrigin,
    GatewayUsagePlan,
    HeaderLock,
    OriginDomain,
    OriginSecrets,
    ProxyApi,
    SavedQueries,
)
from ml_gateway.design import GatewayDesign, Identified, Keyed, Open, OriginName, PlanDesign, backend_in
from ml_gateway.serving import Route, version_name
from ml_gateway.stacks.encryption import encryption_key


class ApiStack(Stack):
    """Everything of one gateway that is regional, for one of its regions.

    Without clients one usage plan limits the gateway as a whole, and its key locks the API. With clients each has keys
    of its own, or tokens, and the API is locked by a header.
    """

    api: ProxyApi
    origin_lock: ApiKeyLock | HeaderLock
    origin: GatewayOrigin

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        design: GatewayDesign,
        region: str,
        origin_secrets: OriginSecrets,
        client_secrets: ClientSecrets,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description=f"{design.name}: the regional API of an ML gateway",
            # A third of a large document would be spaces, and CloudFormation takes 1 MB of a template.
            suppress_template_indentation=True,
            **kwargs,
        )
        self._encryption_key = encryption_key(self, design, region)
        authorizer = None
        if isinstance(design.callers, Identified):
            # Not above: it takes long to load, and most gateways have none.
            from ml_gateway.stacks.identities import define_authorizer

            authorizer = define_authorizer(self, design, client_secrets, encryption_key=self._encryption_key)
        self.api = ProxyApi(
            self,
            "Api",
            routes=_render_routes(design, region),
            name=design.name,
            description=design.description,
            stage_name=design.stage,
            errors=design.errors,
            log_retention=design.log_retention,
            throttle=design.throttle,
            tracing=design.tracing,
            encryption_key=self._encryption_key,
            quotas=design.quotas,
            authorizer=authorizer,
        )
        # The document has paths alone: tags in it might be a warning, and every warning stops a deploy.
        resource = cast(apigateway.CfnRestApi, self.api.rest_api.node.default_child)
        served = {name: model.served for name, model in design.models.items()}
        of_versions = {
            version_name(name, version): its.served.common_path
            for name, model in design.models.items()
            for version, its in model.versions.items()
        }
        paths = {name: model.common_path for name, model in served.items()}
        resource.add_metadata(naming.MODELS_METADATA, paths | of_versions)
        if renamed := {name: model.served_as for name, model in served.items() if model.served_as != name}:
            resource.add_metadata(naming.SERVED_AS_METADATA, renamed)
        if paused := [name for name, model in served.items() if model.paused]:
            resource.add_metadata(naming.PAUSED_METADATA, paused)
        clients: ClientKeys | None = None
        match design.callers:
            case Open():
                self.origin_lock = self._define_shared_plan(design, origin_secrets)
            case Keyed():
                clients = self._define_clients(design, client_secrets)
                self.origin_lock = self._define_header_lock(design, design.callers, origin_secrets)
        self.origin = self.api.origin(self.origin_lock, name=design.origin.name if design.origin else None)
        SavedQueries(
            self,
            "Queries",
            gateway_name=design.name,
            access_log=self.api.access_log,
            api_keys=clients.api_keys if clients else None,
        )
        if design.alerts:
            self._define_alerts(design, design.alerts, region)
        self._define_outputs(clients)
        if authorizer:
            from ml_gateway.stacks.identities import define_authorizer_outputs, describe_callers

            describe_callers(resource, design)
            define_authorizer_outputs(self, authorizer, self.api, region=region)
        if design.origin:
            self._define_origin(design, design.origin, region)

    def _define_origin(self, design: GatewayDesign, origin: OriginName, region: str) -> None:
        """Last: the record comes after all else."""
        # An edge from before there was a name refers to it, and does so again where its next deploy is rolled back.
        CfnOutput(self, "ApiId", value=self.api.rest_api.rest_api_id).override_logical_id(naming.API_ID)
        others = self.node.children
        domain = OriginDomain(self, "Origin", origin=origin, stage=self.api.stage)
        here, check = design.regions[region], None
        if here.alarm_region:
            # Not above: it takes long to load.
            from ml_gateway.constructs.drain import define_drain_check

            check = define_drain_check(
                self, "DrainCheck", gateway_name=design.name, region=region, alarm_region=here.alarm_region
            )
        if not here.drained:
            domain.add_record(health_check=check, after=others)

    def _define_alerts(self, design: GatewayDesign, alerts: AlertsConfig, region: str) -> None:
        # Not above: these take long to load, and most gateways that are synthesized have none.
        from ml_gateway.constructs.alerts import ApiAlarms, ModelMetrics
        from ml_gateway.stacks.api_metrics import api_metrics

        metrics = api_metrics(design, region)
        ModelMetrics(self, "Metrics", metrics=metrics, access_log=self.api.access_log)
        alarms = ApiAlarms(self, "Alarms", metrics=metrics, alerts=alerts, encryption_key=self._encryption_key)
        if rollbacks := design.rollbacks:
            from ml_gateway.constructs.alerts.rollback_alarms import RollbackAlarms

            RollbackAlarms(self, "Rollbacks", metrics=metrics, rollbacks=rollbacks, topic=alarms.topic)

    def _define_shared_plan(self, design: GatewayDesign, secrets: OriginSecrets) -> ApiKeyLock:
        (plan,) = design.plans.values()
        return ApiKeyLock(
            self,
            "OriginLock",
            secrets=secrets,
            stage=self.api.stage,
            usage_plan=self._define_plan(self, "UsagePlan", plan),
        )

    def _define_clients(self, design: GatewayDesign, secrets: ClientSecrets) -> ClientKeys:
        plans = self._define_plans("UsagePlans", design.plans, at="plans.{}")
        # Beside the others and not among them: a client may be called as a plan is.
        own = self._define_plans("ClientPlans", design.own_plans, at="clients.{}.plan")
        clients = {
            name: GatewayClient(
                usage_plan=plans[client.plan] if isinstance(client.plan, str) else own[name],
                description=client.description,
            )
            for name, client in design.clients.items()
        }
        return ClientKeys(self, "Clients", secrets=secrets, clients=clients)

    def _define_header_lock(self, design: GatewayDesign, callers: Keyed, secrets: OriginSecrets) -> HeaderLock:
        return HeaderLock(
            self,
            "OriginLock",
            secrets=secrets,
            stage=self.api.stage,
            callers=callers,
            managed_rules=design.firewall is None,
            log_retention=design.log_retention,
            encryption_key=self._encryption_key,
        )

    def _define_outputs(self, clients: ClientKeys | None) -> None:
        CfnOutput(
            self,
            naming.INVOKE_URL,
            value=self.api.invoke_url,
            description="The API itself: answers only to what comes through the distribution",
        )
        CfnOutput(
            self,
            naming.ACCESS_LOG_GROUP,
            value=self.api.access_log.log_group_name,
            description="The log group with a line for each request that reached the API",
        )
        if isinstance(self.origin_lock, HeaderLock):
            CfnOutput(
                self,
                naming.LOCK_LOG_GROUP,
                value=self.origin_lock.firewall_log.log_group_name,
                description="The log group of the web ACL that locks the API",
            )
        if clients:
            CfnOutput(
                self,
                naming.USAGE_COMMAND,
                value=clients.usage_command,
                description="Shows what that key has used of its quota in this region, once names and dates are put in",
            )
            CfnOutput(
                self,
                naming.DISABLE_KEY_COMMAND,
                value=clients.disable_command,
                description="Has this region refuse that key at once, once names are put in; then take its name out",
            )

    def _define_plans(
        self, construct_id: str, plans: Mapping[str, PlanDesign], *, at: str
    ) -> dict[str, apigateway.UsagePlan]:
        scope = Construct(self, construct_id)
        defined = {name: self._define_plan(scope, name, plan) for name, plan in plans.items()}
        for name, plan in defined.items():
            resource = cast(apigateway.CfnUsagePlan, plan.node.default_child)
            resource.add_metadata(naming.PLAN_METADATA, at.format(name))
        return defined

    def _define_plan(self, scope: Construct, construct_id: str, plan: PlanDesign) -> apigateway.UsagePlan:
        return GatewayUsagePlan(
            scope, construct_id, stage=self.api.stage, plan=plan.plan, limits=plan.limits
        ).usage_plan


def _render_routes(design: GatewayDesign, region: str) -> dict[Route, Backend]:
    """Each route of each model, with what answers it in that region."""
    routes: dict[Route, Backend] = {}
    for model in design.models.values():
        for part in (model, *model.versions.values()):
            backend = backend_from(part.defined_as, backend_in(part.backend, region), errors=design.dialect)
            routes |= served_by(backend, part.served, errors=design.dialect)
    return routes
