"""The gateway that a file describes, as frozen values. They know nothing of CDK, and Python can build them too."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from ml_gateway.config.annotations import ReadOnlyMap
from ml_gateway.config.conflicts import ConflictError, refuse
from ml_gateway.config.fields import (
    ENTRY_NAME,
    TAG_KEY,
    Account,
    Burst,
    CacheHeaders,
    Description,
    GatewayName,
    Generation,
    HttpMethod,
    Lifetime,
    LongestLifetime,
    Methods,
    Offset,
    Path,
    Quota,
    Rate,
    Regions,
    Retention,
    Stage,
    TagValue,
    Timeout,
    Url,
)
from ml_gateway.config.quantities import format_duration
from ml_gateway.config.rules import misnamed, models_alike, only_one, unusable_paths
from ml_gateway.config.wording import shown

MOST_OFFSET: Final = {"day": 0, "week": 6, "month": 27}
"""What API Gateway takes as the offset of a quota, for each period."""

MOST_TAGS: Final = 50


class FrozenModel(BaseModel):
    """Immutable value object that rejects unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        refuse(self._conflicts())
        return self

    def _conflicts(self) -> Iterable[ConflictError]:
        """What is wrong between settings each of which is right by itself."""
        return ()


class ModelConfig(FrozenModel):
    """A model behind an HTTP server."""

    url: Url = Field(examples=["https://model.example.com/invocations"])
    """Where the model answers: an absolute URL, without user name or password. A query string is kept."""

    path: Path | None = Field(None, examples=["/fraud/v2"])
    """Where callers find the model. Default: / and the model's name."""

    methods: Methods = Field(("POST",), examples=[["GET", "POST"]])
    """The HTTP methods that callers may use."""

    backend_method: HttpMethod | None = Field(None, examples=["POST"])
    """The HTTP method that the model expects. Default: the caller's."""

    timeout: Timeout = Field(timedelta(seconds=29), examples=["10s"])
    """How long API Gateway waits for the model: 50ms to 29s, in whole milliseconds."""

    insecure: StrictBool = Field(False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to the model unencrypted."""

    def path_for(self, name: str) -> str:
        """The path of this model when it is called `name`."""
        return self.path or f"/{name}"

    def _conflicts(self) -> Iterator[ConflictError]:
        encrypted = self.url.startswith("https:")
        if not encrypted and not self.insecure:
            message = f"{shown(self.url)} is not encrypted; write https://, or accept that with insecure: true"
            yield ConflictError(message, ("url",), ("insecure",))
        if encrypted and self.insecure:
            yield ConflictError("true has no effect on an https:// url; leave the line out", ("insecure",), ("url",))


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

    tags: Annotated[
        Mapping[str, TagValue], Field(max_length=MOST_TAGS, examples=[{"team": "fraud"}]), ReadOnlyMap(TAG_KEY)
    ] = {}
    """Tags of the stacks and of what they hold: at most 50."""

    @property
    def region(self) -> str:
        """The region of the API."""
        return self.regions[0]

    def _conflicts(self) -> Iterator[ConflictError]:
        yield from only_one("regions", self.regions, "and several are a later step")
        yield from only_one("plans", self.plans, "but one limits the gateway as a whole while there are no clients")
        yield from misnamed("models", self.models, ENTRY_NAME)
        yield from misnamed("plans", self.plans, ENTRY_NAME)
        yield from misnamed("tags", self.tags, TAG_KEY)
        yield from models_alike(self.models)
        yield from unusable_paths({name: model.path_for(name) for name, model in self.models.items()})
