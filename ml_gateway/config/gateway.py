"""The gateway that a file describes, as frozen values. They know nothing of CDK, and Python can build them too."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import ConfigDict, Field, StrictBool

from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.authorizer import AuthorizerConfig
from ml_gateway.config.backends import BackendConfig
from ml_gateway.config.clients import ClientConfig
from ml_gateway.config.edge import EdgeConfig
from ml_gateway.config.encryption import EncryptionConfig
from ml_gateway.config.issuers import IssuerConfig
from ml_gateway.config.logs import LogsConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.origin_lock import OriginLockConfig
from ml_gateway.config.plans import PlanConfig
from ml_gateway.config.regions import Regions
from ml_gateway.config.section import Section, between
from ml_gateway.config.service_quotas import ServiceQuotasConfig
from ml_gateway.config.throttle import ThrottleConfig
from ml_gateway.config.types.annotated import JsonSchema, ReadOnlyMap
from ml_gateway.config.types.aws import Account, check_region
from ml_gateway.config.types.headers import MOST_CACHE_HEADERS_WITH_CLIENTS
from ml_gateway.config.types.names import ENTRY_NAME, TAG_KEY, Description, GatewayName, Stage, TagValue
from ml_gateway.conflicts import Conflict, Place, refused_names
from ml_gateway.errors import Dialect
from ml_gateway.wording import shown, suggestion

MOST_TAGS: Final = 50

_FEWER_HEADERS: Final[JsonSchema] = {
    "properties": {"cache": {"properties": {"headers": {"maxItems": MOST_CACHE_HEADERS_WITH_CLIENTS}}}}
}

_CLIENTS_DECIDE: Final[JsonSchema] = {
    "if": {"required": ["clients"], "properties": {"clients": {"minProperties": 1}}},
    "then": {"properties": {"edge": _FEWER_HEADERS, "models": {"additionalProperties": _FEWER_HEADERS}}},
    "else": {
        "properties": {
            "plans": {"minProperties": 1, "maxProperties": 1},
            "edge": {"properties": {"accept_keys": False, "firewall": {"properties": {"key_rate": False}}}},
        },
        "required": ["plans"],
    },
}
"""What an editor takes with clients, and without."""


class GatewayConfig(Section):
    """A gateway: one file, which becomes the stacks <name>-api and <name>-edge."""

    model_config = ConfigDict(json_schema_extra=_CLIENTS_DECIDE)

    name: GatewayName = Field(examples=["acme-ml"])
    """The prefix of the stacks' names. Another environment in the same account takes another name."""

    description: Description = Field(
        default="API Gateway to proxy requests to ML model endpoint.", examples=["Models of the fraud team."]
    )
    """What the console shows beside the API."""

    account: Account | None = None
    """The account to deploy to, 12 digits. Default: that of the CDK CLI's credentials."""

    regions: Regions = Field(examples=[["us-east-1"], {"us-east-1": {}, "eu-west-1": {"drain": True}}])
    """Where the API is: a list, or a map with more about each. Several need edge.domain with a hosted_zone: then the
    nearest one answers."""

    stage: Stage = Field(default="v1", examples=["v1"])
    """The API's stage."""

    service_quotas: ServiceQuotasConfig = Field(default=ServiceQuotasConfig(), examples=[{"api_resources": 1200}])

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
        Field(examples=[{"default": {"rate": "2/s", "burst": 10}}]),
        ReadOnlyMap(ENTRY_NAME),
    ] = {}
    """The usage plans, by name. Without clients exactly one, which limits the gateway as a whole."""

    clients: Annotated[
        Mapping[str, ClientConfig], Field(examples=[{"mobile-app": {"plan": "free"}}]), ReadOnlyMap(ENTRY_NAME)
    ] = {}
    """The callers that the gateway knows, by name. Default: whoever knows the address may call."""

    issuers: Annotated[
        Mapping[str, IssuerConfig],
        Field(
            examples=[
                {"corp": {"url": "https://login.acme.com/", "audience": "https://ml.acme.com", "claim": "azp"}},
            ]
        ),
        ReadOnlyMap(ENTRY_NAME),
    ] = {}
    """The issuers whose tokens clients send in place of keys, by name; a client's `jwt` names them."""

    authorizer: AuthorizerConfig = Field(default=AuthorizerConfig(), examples=[{"reserved_concurrency": 50}])

    throttle: ThrottleConfig | None = Field(default=None, examples=[{"rate": "500/s", "burst": 1000}])
    origin_lock: OriginLockConfig = Field(default=OriginLockConfig(), examples=[{"generation": 2}])
    logs: LogsConfig = Field(default=LogsConfig(), examples=[{"retention": "30d"}])
    tracing: StrictBool = Field(default=False, examples=[True])
    """Have API Gateway send traces of a sample of the requests to AWS X-Ray."""

    encryption: EncryptionConfig | None = Field(
        default=None,
        examples=[{"kms_key": "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"}],
    )
    edge: EdgeConfig = Field(default=EdgeConfig(), examples=[{"cache": {"default": "1h", "max": "24h"}}])

    alerts: AlertsConfig | None = Field(default=None, examples=[{"email": "ops@acme.com", "errors": "1%"}])
    """Default: no dashboard, and nobody is told."""

    errors: Dialect | None = Field(default=None, examples=["openai"])
    """How the gateway words its own errors, for all models: openai (Anthropic's SDK reads it, too), oip (Triton's
    client), plain. Default: API Gateway's own answers."""

    tags: Annotated[
        Mapping[str, TagValue], Field(max_length=MOST_TAGS, examples=[{"team": "fraud"}]), ReadOnlyMap(TAG_KEY)
    ] = {}
    """Tags of the stacks and of what they hold: at most 50."""

    @property
    def every_plan(self) -> Mapping[Place, PlanConfig]:
        """The plans that have names, and those of single clients, by where they stand."""
        named: dict[Place, PlanConfig] = {("plans", name): plan for name, plan in self.plans.items()}
        own = {
            ("clients", name, "plan"): client.plan
            for name, client in self.clients.items()
            if isinstance(client.plan, PlanConfig)
        }
        return named | own

    @between("regions")
    def _regions_are_commercial(self) -> Iterator[Conflict]:
        for region, message in refused_names(self.regions, check_region):
            yield Conflict(message, ("regions", region))

    @between("regions")
    def _alarms_are_elsewhere(self) -> Iterator[Conflict]:
        for region, said in self.regions.items():
            if said.alarm_region == region:
                message = f"{shown(region)} is the region that the alarm is for, and may be gone with it; write another"
                yield Conflict(message, ("regions", region, "alarm_region"))

    @between("models.*.backend", "models.*.versions", "backends")
    def _models_name_backends(self) -> Iterator[Conflict]:
        for at, backend in self._named_backends():
            if backend is not None and backend not in self.backends:
                way_out = suggestion(backend, self.backends) if self.backends else "define it in backends"
                yield Conflict(f"{shown(backend)} is not a backend; {way_out}", at)

    def _named_backends(self) -> Iterator[tuple[Place, str | None]]:
        for name, model in self.models.items():
            yield ("models", name, "backend"), model.backend
            for version, its in model.versions.items():
                yield ("models", name, "versions", version, "backend"), its.backend
