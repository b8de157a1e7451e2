"""The gateway that a file describes, as frozen values. They know nothing of CDK, and Python can build them too."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from ml_gateway.config.annotations import ReadOnlyMap
from ml_gateway.config.backends import BackendConfig, HttpBackendConfig
from ml_gateway.config.client_rules import (
    CLIENTS_DECIDE,
    idle_limits,
    plans_without_clients,
    unfit_edge,
    unfit_limits,
    unknown_plans,
    unused_plans,
)
from ml_gateway.config.conflicts import ConflictError
from ml_gateway.config.edge import EdgeConfig
from ml_gateway.config.fields import (
    ENTRY_NAME,
    TAG_KEY,
    Account,
    Description,
    GatewayName,
    Generation,
    KeyForm,
    Regions,
    Retention,
    Stage,
    TagValue,
)
from ml_gateway.config.frozen import FrozenModel
from ml_gateway.config.places_in_aws import elsewhere
from ml_gateway.config.plans import ClientConfig, PlanConfig
from ml_gateway.config.quotas import too_many_keys, too_many_references, too_many_resources
from ml_gateway.config.rules import misnamed, named_alike, only_one
from ml_gateway.config.served_model import ModelConfig
from ml_gateway.config.serving_rules import (
    Routes,
    cached_streams,
    impatient_edge,
    unfit_backend,
    unknown_backends,
    unservable_paths,
    unused_backends,
)
from ml_gateway.config.stack_resources import count_references, count_resources
from ml_gateway.routes import Dialect, Route
from ml_gateway.routes.limits import LONGEST_EDGE_TIMEOUT

MOST_TAGS: Final = 50

MOST_PLANS: Final = 300
"""API Gateway's quota "Usage plans per account per Region"."""

USUAL_KEY_FORMS: Final[tuple[KeyForm, ...]] = ("x-api-key", "bearer")
"""What API Gateway reads itself, and what the OpenAI SDK sends."""

SHORTEST_DEFAULT_RESPONSE_TIMEOUT: Final = timedelta(seconds=30)
"""CloudFront's own default."""


class OriginLockConfig(FrozenModel):
    """The secret by which the API knows the distribution."""

    generation: Generation = Field(1, examples=[2])
    """Raise it by one and deploy to rotate the secret. Never lower it: that is an outage."""


class LogsConfig(FrozenModel):
    """The access log of the API."""

    retention: Retention = Field(timedelta(days=90), examples=["30d"])
    """How long lines are kept: a number of days that CloudWatch Logs offers, such as 7d, 30d, 90d or 365d."""

    account_role: Literal["existing", "create"] = Field("existing", examples=["create"])
    """The role by which API Gateway writes logs, one for each account and region: there already, or to be created."""


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
        Field(min_length=1, max_length=MOST_PLANS, examples=[{"default": {"rate": "2/s", "burst": 10}}]),
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
        return {name: model.serving(name).routes() for name, model in self.models.items()}

    @property
    def accepted_keys(self) -> tuple[KeyForm, ...]:
        """How clients may send their keys; none without clients."""
        return (self.edge.accept_keys or USUAL_KEY_FORMS) if self.clients else ()

    @property
    def stack_resources(self) -> int:
        """How many CloudFormation resources the API stack has at most."""
        return count_resources(
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

    @property
    def origin_response_timeout(self) -> timedelta:
        """How long CloudFront waits for the API: as long as the file says, or else as the slowest model needs."""
        if self.edge.response_timeout is not None:
            return self.edge.response_timeout
        if any(model.streams for model in self.models.values()):
            return LONGEST_EDGE_TIMEOUT
        longest = max(model.effective_timeout for model in self.models.values())
        second = timedelta(seconds=1)
        needed = -(-longest // second) * second + second
        return min(max(needed, SHORTEST_DEFAULT_RESPONSE_TIMEOUT), LONGEST_EDGE_TIMEOUT)

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
        routes = self.routes
        yield from self._serving_conflicts(routes)
        yield from self._client_conflicts(routes)
        with_clients = bool(self.clients)
        yield from too_many_resources(routes, self.stack_resources, with_clients=with_clients)
        yield from too_many_references(self.secret_references, with_clients=with_clients)

    def _serving_conflicts(self, routes: Routes) -> Iterator[ConflictError]:
        unknown = list(unknown_backends(self.models, self.backends))
        yield from unknown or unused_backends(self.models, self.backends)
        for name, model in self.models.items():
            if model.backend is None or model.backend in self.backends:
                yield from unfit_backend(name, model, self.backend_of(name))
        if self.edge.cache is not None:
            for name, each in routes.items():
                yield from cached_streams(name, each)
        yield from impatient_edge(self.models, self.edge.response_timeout)
        # A name that is refused would make paths that are refused, too.
        yield from unservable_paths({name: each for name, each in routes.items() if ENTRY_NAME.fits(name)})

    def _client_conflicts(self, routes: Routes) -> Iterator[ConflictError]:
        if self.clients:
            unknown = list(unknown_plans(self.clients, self.plans))
            yield from unknown or unused_plans(self.clients, self.plans)
            yield from too_many_keys(self.clients)
        else:
            yield from plans_without_clients(self.plans)
        yield from unfit_limits(self.plans, routes)
        yield from idle_limits(self.plans)
        yield from unfit_edge(self.edge, with_clients=bool(self.clients))
