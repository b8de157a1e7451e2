"""The gateway as it is to be built: what the file says, and what follows where it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from ml_gateway.config import AlertsConfig, GatewayConfig, IssuerConfig, PlanConfig
from ml_gateway.credentials import USUAL_KEY_FORMS
from ml_gateway.design.callers import Callers, Identified, Keyed, Open
from ml_gateway.design.clients import ClientDesign
from ml_gateway.design.edge import EdgeDesign
from ml_gateway.design.firewall import FirewallDesign
from ml_gateway.design.models import ModelDesign
from ml_gateway.design.origin_name import OriginName
from ml_gateway.design.plans import MethodLimit, PlanDesign
from ml_gateway.design.regions import RegionDesign
from ml_gateway.design.rollouts import Rollback
from ml_gateway.design.service_quotas import ServiceQuotas
from ml_gateway.design.throttle import stage_limit
from ml_gateway.errors import Dialect
from ml_gateway.naming import rollback_alarm
from ml_gateway.serving import ModelTraffic, Route, traffic_of


@dataclass(frozen=True, kw_only=True)
class GatewayDesign:
    """A gateway in which every setting is a value; None is what the gateway does not have.

    `account`: 12 digits, or whatever account the CDK CLI deploys to. `regions`: in the order of the file. `origin`:
    None where no hosted zone is known; then there is one region. `quotas`: those of the account, in each region.
    `plans` are what one region lets through, as is `throttle` for each method: None leaves that to the account.
    `own_plans`: those of single clients, by the client's name. `clients`: empty where `callers` are `Open`. `issuers`:
    by the name by which clients have tokens of them. `reserved_concurrency`: of the authorizer; None leaves it to the
    account. `errors`: the dialect of the API's own errors; None leaves API Gateway's own answers. `kms_keys`: the ARN
    of the key by region, for each that has a stack; empty where AWS's own keys encrypt.
    """

    name: str
    description: str
    account: str | None
    regions: Mapping[str, RegionDesign]
    origin: OriginName | None
    stage: str
    quotas: ServiceQuotas
    models: Mapping[str, ModelDesign]
    plans: Mapping[str, PlanDesign]
    own_plans: Mapping[str, PlanDesign]
    callers: Callers
    clients: Mapping[str, ClientDesign]
    issuers: Mapping[str, IssuerConfig]
    reserved_concurrency: int | None
    throttle: MethodLimit | None
    generation: int
    edge: EdgeDesign
    firewall: FirewallDesign | None
    edge_access_log: bool
    alerts: AlertsConfig | None
    errors: Dialect | None
    log_retention: timedelta
    tracing: bool
    kms_keys: Mapping[str, str]
    creates_log_role: bool
    tags: Mapping[str, str]

    @classmethod
    def of(cls, config: GatewayConfig) -> "GatewayDesign":
        """What `config` means. Whether it can be built is for the rules to say."""
        quotas = ServiceQuotas.of(config.service_quotas)
        models = {name: ModelDesign.of(name, model, config.backends) for name, model in config.models.items()}
        clients = {name: ClientDesign.of(client) for name, client in config.clients.items()}
        regions, firewall = RegionDesign.of(config.regions), config.edge.firewall
        plans = {name: PlanDesign.of(plan, models, regions=len(regions)) for name, plan in config.plans.items()}
        own_plans = {
            name: PlanDesign.of(client.plan, models, regions=len(regions))
            for name, client in config.clients.items()
            if isinstance(client.plan, PlanConfig)
        }
        return cls(
            name=config.name,
            description=config.description,
            account=config.account,
            regions=regions,
            origin=OriginName.of(config.edge.domain),
            stage=config.stage,
            quotas=quotas,
            models=models,
            plans=plans,
            own_plans=own_plans,
            callers=_callers(config),
            clients=clients,
            issuers=config.issuers,
            reserved_concurrency=config.authorizer.reserved_concurrency,
            throttle=stage_limit(config.throttle, plans=config.plans, clients=clients, regions=len(regions)),
            generation=config.origin_lock.generation,
            edge=EdgeDesign.of(
                config.edge, models, quotas, dialect=config.errors or "plain", issuers=config.issuers.values()
            ),
            firewall=FirewallDesign.of(
                firewall, callers=_callers(config), plans=config.every_plan.values(), regions=len(regions)
            )
            if firewall
            else None,
            edge_access_log=config.edge.access_log,
            alerts=config.alerts,
            errors=config.errors,
            log_retention=config.logs.retention,
            tracing=config.tracing,
            kms_keys=config.encryption.kms_key if config.encryption else {},
            creates_log_role=config.logs.account_role == "create",
            tags=config.tags,
        )

    def may_call(self, client: str) -> tuple[str, ...]:
        """The names of the models that a client may call, in the order of the file."""
        allowed = self.clients[client].models
        return tuple(name for name in self.models if allowed is None or name in allowed)

    @property
    def every_plan(self) -> Mapping[tuple[str, ...], PlanDesign]:
        """The plans that have names, and those of single clients, by where they stand."""
        named: dict[tuple[str, ...], PlanDesign] = {("plans", name): plan for name, plan in self.plans.items()}
        return named | {("clients", name, "plan"): plan for name, plan in self.own_plans.items()}

    @property
    def rollbacks(self) -> Mapping[str, Rollback]:
        """By the name of its alarm, each version whose callers another one gets where it fails."""
        return {
            rollback_alarm(self.name, name, version): Rollback(model=name, version=version, when=model.rollback)
            for name, model in self.models.items()
            if model.rollback and model.split
            for version in model.versions
            if version != model.rollback.to
        }

    @property
    def dialect(self) -> Dialect:
        """How errors are worded that have a body of ours in any case."""
        return self.errors or "plain"

    @property
    def routes(self) -> Mapping[str, tuple[Route, ...]]:
        """The routes of each model that callers ask for, by the model's name."""
        return {name: model.routes for name, model in self.models.items()}

    @property
    def parts(self) -> Mapping[tuple[str, ...], ModelDesign]:
        """What has a backend of its own, by where the file says which: each model, or else each of its versions."""
        found: dict[tuple[str, ...], ModelDesign] = {}
        for name, model in self.models.items():
            for version, its in model.versions.items():
                found["models", name, "versions", version] = its
            if not model.versions:
                found["models", name] = model
        return found

    @cached_property
    def traffic(self) -> tuple[ModelTraffic, ...]:
        """What the access log has of each model."""
        versions = {
            name: {version: its.served for version, its in model.versions.items()}
            for name, model in self.models.items()
            if len(model.versions) > 1  # a single one is asked under the model's own path
        }
        return traffic_of((model.served for model in self.models.values()), versions)


def _callers(config: GatewayConfig) -> Callers:
    forms = config.edge.accept_keys or USUAL_KEY_FORMS
    if any(client.jwt or client.models is not None for client in config.clients.values()):
        return Identified(forms, issuers=tuple(issuer.url for issuer in config.issuers.values()))
    return Keyed(forms) if config.clients else Open()
