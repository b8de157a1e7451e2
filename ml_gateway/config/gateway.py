"""The gateway that a file describes, as frozen values. They know nothing of CDK, and Python can build them too."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from ml_gateway.config.alert_rules import alert_conflicts, count_alert_resources
from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.backends import BackendConfig, HttpBackendConfig
from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.cache_rules import cache_conflicts, neighbour_conflicts, ordered_caches
from ml_gateway.config.client_rules import CLIENTS_DECIDE, client_conflicts, unfit_edge
from ml_gateway.config.edge import EdgeConfig
from ml_gateway.config.edge_conflicts import hidden_routes, shared_errors
from ml_gateway.config.effective import USUAL_KEY_FORMS, most_of_a_key, needed_response_timeout
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.operation import LogsConfig, OriginLockConfig
from ml_gateway.config.places_in_aws import elsewhere, foreign_certificate
from ml_gateway.config.plans import ClientConfig, PlanConfig
from ml_gateway.config.quotas import too_many_references, too_many_resources
from ml_gateway.config.rules import misnamed, named_alike, only_one
from ml_gateway.config.section import FrozenModel
from ml_gateway.config.serving_rules import (
    Routes,
    impatient_edge,
    unfit_backend,
    unknown_backends,
    unservable_paths,
    unused_backends,
)
from ml_gateway.config.stack_resources import count_references, count_resources
from ml_gateway.config.types.annotated import ReadOnlyMap
from ml_gateway.config.types.fields import (
    ENTRY_NAME,
    TAG_KEY,
    Account,
    Description,
    GatewayName,
    KeyForm,
    Regions,
    Stage,
    TagValue,
)
from ml_gateway.conflicts import ConflictError
from ml_gateway.errors import Dialect
from ml_gateway.serving import Route

MOST_TAGS: Final = 50


class GatewayConfig(FrozenModel):
    """A gateway: one file, which becomes the stacks <name>-api and <name>-edge."""

    model_config = ConfigDict(json_schema_extra=CLIENTS_DECIDE)

    name: GatewayName = Field(examples=["acme-ml"])
    """The prefix of the stacks' names. Another environment in the same account takes another name."""

    description: Description = Field(
        "API Gateway to proxy requests to ML model endpoint.", examples=["Models of the fraud team."]
    )
    """What the console shows beside the API."""

    account: Account | None = None
    """The account to deploy to, 12 digits. Default: that of the CDK CLI's credentials."""

    regions: Regions = Field(examples=[["us-east-1"]])
    """Where the API lives: exactly one region for now."""

    stage: Stage = Field("v1", examples=["v1"])
    """The API's stage."""

    backends: Annotated[
        Mapping[str, BackendConfig],
        Field(examples=[{"llama": {"type": "http", "url": "https://model.example.com"}}]),
        ReadOnlyMap(ENTRY_NAME),
    ] = {}
    """The servers behind the models, by name. A model with a url needs none."""

    models: Annotated[
        Mapping[str, ModelConfig],
        Field(min_length=1, examples=[{"predict": {"url": "https://model.example.com/invocations"}}]),
        ReadOnlyMap(ENTRY_NAME),
    ]
    """The models, by name."""

    plans: Annotated[
        Mapping[str, PlanConfig],
        Field(min_length=1, examples=[{"default": {"rate": "2/s", "burst": 10}}]),
        ReadOnlyMap(ENTRY_NAME),
    ]
    """The usage plans, by name. Without clients exactly one, which limits the gateway as a whole."""

    clients: Annotated[
        Mapping[str, ClientConfig], Field(examples=[{"mobile-app": {"plan": "free"}}]), ReadOnlyMap(ENTRY_NAME)
    ] = {}
    """The callers that have keys of their own, by name. Default: whoever knows the address may call."""

    origin_lock: OriginLockConfig = Field(OriginLockConfig(), examples=[{"generation": 2}])
    logs: LogsConfig = Field(LogsConfig(), examples=[{"retention": "30d"}])
    edge: EdgeConfig = Field(EdgeConfig(), examples=[{"cache": {"default": "1h", "max": "24h"}}])

    alerts: AlertsConfig | None = Field(None, examples=[{"email": "ops@acme.com", "errors": "1%"}])
    """Default: no dashboard, and nobody is told."""

    errors: Dialect | None = Field(None, examples=["openai"])
    """How the gateway words its own errors, for all models. Default: API Gateway's own answers."""

    tags: Annotated[
        Mapping[str, TagValue], Field(max_length=MOST_TAGS, examples=[{"team": "fraud"}]), ReadOnlyMap(TAG_KEY)
    ] = {}
    """Tags of the stacks and of what they hold: at most 50."""

    @property
    def region(self) -> str:
        """The region of the API."""
        return self.regions[0]

    @property
    def routes(self) -> Mapping[str, tuple[Route, ...]]:
        """All routes of each model, by the model's name."""
        return {name: model.serving(name).routes for name, model in self.models.items()}

    @property
    def accepted_keys(self) -> tuple[KeyForm, ...]:
        """How clients may send their keys; none without clients."""
        return (self.edge.accept_keys or USUAL_KEY_FORMS) if self.clients else ()

    @property
    def origin_response_timeout(self) -> timedelta:
        """How long CloudFront waits for the API: as long as the file says, or else as the slowest model needs."""
        return self.edge.response_timeout or needed_response_timeout(self.models.values())

    @property
    def effective_edge(self) -> EdgeConfig:
        """The edge with what follows from clients, plans and models filled in.

        Without clients there are neither accept_keys nor a key_rate of the firewall.
        """
        firewall = self.edge.firewall
        if firewall is not None and self.clients:
            key_rate = firewall.key_rate or most_of_a_key(self.plans, firewall.rate)
            firewall = firewall.model_copy(update={"key_rate": key_rate})
        filled_in = {
            "response_timeout": self.origin_response_timeout,
            "accept_keys": self.accepted_keys or None,
            "firewall": firewall,
        }
        return self.edge.model_copy(update=filled_in)

    @property
    def dialect(self) -> Dialect:
        """How errors are worded that have a body of ours in any case."""
        return self.errors or "plain"

    @property
    def model_caches(self) -> Mapping[str, CacheConfig]:
        """How answers are kept by path pattern, for models that say so; in the order in which patterns are tried."""
        return ordered_caches(self.models)

    @property
    def stack_resources(self) -> int:
        """How many CloudFormation resources the API stack has at most."""
        alerting = count_alert_resources(self.alerts, self.models) if self.alerts is not None else 0
        return alerting + count_resources(
            [route for routes in self.routes.values() for route in routes],
            backends=self.backends.values(),
            generation=self.origin_lock.generation,
            with_errors=self.errors is not None,
            plans=len(self.plans),
            keys=self._keys,
        )

    @property
    def secret_references(self) -> Mapping[str, int]:
        """How many dynamic references the API stack's template has, by what they stand for."""
        return count_references(
            self.routes,
            models=self.models,
            backends=self.backends,
            generation=self.origin_lock.generation,
            keys=self._keys,
        )

    @property
    def _keys(self) -> int:
        return sum(len(client.keys) for client in self.clients.values())

    def backend_of(self, name: str) -> BackendConfig:
        """The backend of the model called `name`; of the short form, an http backend with its URL."""
        model = self.models[name]
        if model.url is not None:
            return HttpBackendConfig(type="http", url=model.url, insecure=model.insecure)
        return self.backends[str(model.backend)]

    def _conflicts(self) -> Iterator[ConflictError]:
        yield from only_one("regions", self.regions, "and several are a later step")
        for section in ("backends", "models", "plans", "clients"):
            yield from misnamed(section, getattr(self, section), ENTRY_NAME.check)
        yield from misnamed("tags", self.tags, TAG_KEY.check)
        yield from named_alike("models", self.models)
        yield from named_alike("clients", self.clients)
        yield from elsewhere(self.backends, self.region, self.account)
        yield from foreign_certificate(self.edge.domain, self.account)
        routes = self.routes
        yield from self._serving_conflicts(routes)
        yield from client_conflicts(self.clients, self.plans, routes)
        yield from unfit_edge(self.edge, self.models, with_clients=bool(self.clients))
        yield from self._cache_and_size_conflicts(routes)
        yield from shared_errors(self.edge, self.models, routes)
        yield from hidden_routes(self.edge, routes)
        if self.alerts is not None:
            yield from alert_conflicts(self.alerts, self.models, self.origin_response_timeout)

    def _cache_and_size_conflicts(self, routes: Routes) -> Iterator[ConflictError]:
        with_clients = bool(self.clients)
        yield from too_many_references(self.secret_references, with_clients=with_clients)
        conflicts = [
            *cache_conflicts(self.models, routes, self.edge.cache),
            *too_many_resources(routes, self.stack_resources, with_clients=with_clients),
        ]
        yield from conflicts or neighbour_conflicts(self.models, routes, self.edge.cache)

    def _serving_conflicts(self, routes: Routes) -> Iterator[ConflictError]:
        unknown = list(unknown_backends(self.models, self.backends))
        yield from unknown or unused_backends(self.models, self.backends)
        for name, model in self.models.items():
            if model.backend is None or model.backend in self.backends:
                yield from unfit_backend(name, model, self.backend_of(name))
        yield from impatient_edge(self.models, self.edge.response_timeout)
        # A name that is refused would make paths that are refused, too.
        yield from unservable_paths({name: each for name, each in routes.items() if ENTRY_NAME.fits(name)})
