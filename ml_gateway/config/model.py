"""The gateway that a file describes, as frozen values. They know nothing of CDK, and Python can build them too."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from ml_gateway.config.annotations import ReadOnlyMap
from ml_gateway.config.backends import BackendConfig, HttpBackendConfig
from ml_gateway.config.conflicts import ConflictError
from ml_gateway.config.fields import (
    ENTRY_NAME,
    TAG_KEY,
    Account,
    Burst,
    CacheHeaders,
    Description,
    GatewayName,
    Generation,
    Lifetime,
    LongestLifetime,
    Offset,
    Quota,
    Rate,
    Regions,
    ResponseTimeout,
    Retention,
    Stage,
    TagValue,
)
from ml_gateway.config.frozen import FrozenModel
from ml_gateway.config.places_in_aws import elsewhere
from ml_gateway.config.quantities import format_duration
from ml_gateway.config.rules import misnamed, models_alike, only_one
from ml_gateway.config.served_model import ModelConfig
from ml_gateway.config.serving_rules import (
    cached_streams,
    impatient_edge,
    too_many,
    unfit_backend,
    unknown_backends,
    unservable_paths,
    unused_backends,
)
from ml_gateway.config.stack_resources import count_resources
from ml_gateway.routes import Dialect, Route
from ml_gateway.routes.limits import LONGEST_EDGE_TIMEOUT

MOST_OFFSET: Final = {"day": 0, "week": 6, "month": 27}
"""What API Gateway takes as the offset of a quota, for each period."""

MOST_TAGS: Final = 50

SHORTEST_DEFAULT_RESPONSE_TIMEOUT: Final = timedelta(seconds=30)
"""CloudFront's own default."""


class PlanConfig(FrozenModel):
    """Limits on requests. API Gateway applies them on a best-effort basis."""

    rate: Rate
    """Requests per second that pass in the long run, such as 2/s or 0.5/s."""

    burst: Burst = Field(examples=[10])
    """Requests that may arrive at once."""

    quota: Quota | None = None
    """Requests that pass in a day, week or month, such as 1000/month. Default: any number."""

    offset: Offset = Field(0, examples=[1])
    """Requests taken off the quota of the first period: at most 6 of a week and 27 of a month, none of a day."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.offset and self.quota is None:
            message = f"an offset of {self.offset} needs a quota to be taken off; add a quota or leave the line out"
            yield ConflictError(message, ("offset",), ("quota",))
        if self.quota is not None and self.offset > (most := MOST_OFFSET[self.quota.period]):
            message = f"{self.offset} is more than a quota for each {self.quota.period} takes; write at most {most}"
            yield ConflictError(message, ("offset",), ("quota",))


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


class CacheConfig(FrozenModel):
    """How long CloudFront keeps answers to GET and HEAD."""

    default: Lifetime = Field(examples=["1h"])
    """For answers that do not say how long they hold."""

    max: LongestLifetime = Field(examples=["24h"])
    """For answers that ask for more."""

    headers: CacheHeaders = Field((), examples=[["X-Model-Version"]])
    """Up to 8 request headers that answers depend on, beside Authorization and Accept."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.default > self.max:
            message = f"{format_duration(self.default)} is longer than max; write at most {format_duration(self.max)}"
            yield ConflictError(message, ("default",), ("max",))


class EdgeConfig(FrozenModel):
    """The CloudFront distribution."""

    cache: CacheConfig | None = Field(None, examples=[{"default": "1h", "max": "24h"}])
    """Default: nothing is cached."""

    response_timeout: ResponseTimeout | None = Field(None, examples=["60s"])
    """How long CloudFront waits for the first byte, and between two packets: 1s to 120s. Default: what models need."""


class GatewayConfig(FrozenModel):
    """A gateway: one file, which becomes the stacks <name>-api and <name>-edge."""

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
        Field(
            min_length=1, json_schema_extra={"maxProperties": 1}, examples=[{"default": {"rate": "2/s", "burst": 10}}]
        ),
        ReadOnlyMap(ENTRY_NAME),
    ]
    """The usage plans, by name: exactly one for now, which limits the gateway as a whole."""

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
    def stack_resources(self) -> int:
        """How many CloudFormation resources the API stack has at most."""
        return count_resources(
            (route for routes in self.routes.values() for route in routes),
            backends=self.backends.values(),
            generation=self.origin_lock.generation,
            with_errors=self.errors is not None,
        )

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
        yield from only_one("plans", self.plans, "but one limits the gateway as a whole while there are no clients")
        yield from misnamed("backends", self.backends, ENTRY_NAME.check)
        yield from misnamed("models", self.models, ENTRY_NAME.check)
        yield from misnamed("plans", self.plans, ENTRY_NAME.check)
        yield from misnamed("tags", self.tags, TAG_KEY.check)
        yield from models_alike(self.models)
        yield from elsewhere(self.backends, self.region, self.account)
        yield from self._serving_conflicts()

    def _serving_conflicts(self) -> Iterator[ConflictError]:
        unknown = list(unknown_backends(self.models, self.backends))
        yield from unknown or unused_backends(self.models, self.backends)
        for name, model in self.models.items():
            if model.backend is None or model.backend in self.backends:
                yield from unfit_backend(name, model, self.backend_of(name))
        routes = self.routes
        if self.edge.cache is not None:
            for name, each in routes.items():
                yield from cached_streams(name, each)
        yield from impatient_edge(self.models, self.edge.response_timeout)
        # A name that is refused would make paths that are refused, too.
        yield from unservable_paths({name: each for name, each in routes.items() if ENTRY_NAME.fits(name)})
        yield from too_many(routes, self.stack_resources)
