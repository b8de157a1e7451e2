"""The models, as the file describes them: where callers find one, what it speaks, and how its answers travel."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field, StrictBool, StrictStr

from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.rollouts import RollbackConfig, VersionConfig
from ml_gateway.config.section import Choice, Section, between
from ml_gateway.config.types.annotated import ReadOnlyMap
from ml_gateway.config.types.durations import Timeout
from ml_gateway.config.types.names import ENTRY_NAME, ServedAs
from ml_gateway.config.types.rollouts import Share, Sticky, TellingHeader
from ml_gateway.config.types.urls import HttpMethod, Methods, Path, Url, unencrypted, unsigned
from ml_gateway.conflicts import Conflict
from ml_gateway.serving import MOST_VERSIONS, ProtocolName
from ml_gateway.serving.model import ONLY_RAW, wrong_name_at_server
from ml_gateway.serving.paths import variables_of
from ml_gateway.wording import shown


class ModelConfig(Section):
    """A model: its backend, and what callers may ask of it."""

    choices: ClassVar = (
        Choice(
            settings=("url", "backend"),
            missing="write url: 'https://model.example.com/invocations', or backend with the name of one",
            both="{value} stands beside a url; write backend or url, not both",
            instead="versions",
        ),
    )

    url: Url | None = Field(default=None, examples=["https://model.example.com/invocations"])
    """Where the model answers, the short form of an http backend: an absolute URL on the internet, without credentials;
    but for raw the base URL that the protocol's own clients take."""

    backend: StrictStr | None = Field(default=None, examples=["llama"])
    """The name of the backend that serves the model."""

    path: Path | None = Field(default=None, examples=["/fraud/{id}"])
    """Where callers find the model; all its routes lie below. Variables only for raw. Default: / and the name."""

    protocol: ProtocolName = Field(default="raw", examples=["openai"])
    """What the model's server speaks, which decides on the routes. raw: the path alone."""

    served_as: ServedAs | None = Field(default=None, examples=["densenet_onnx"])
    """What its server calls the model, and so the paths of oip-v2, tfserving and torchserve, and openai's list of the
    gateway's own. Default: the name here."""

    methods: Methods | None = Field(default=None, examples=[["GET", "POST"]])
    """The HTTP methods that callers of a raw model may use. Default: POST."""

    backend_method: HttpMethod | None = Field(default=None, examples=["POST"])
    """The HTTP method that a raw model expects. Default: the caller's."""

    stream: StrictBool | None = Field(default=None, examples=[True])
    """Whether answers are passed on as they come; a lambda then answers in another form: docs/backends.md. Default:
    true for openai and anthropic, but not behind a lambda; else false."""

    timeout: Timeout | None = Field(default=None, examples=["10s"])
    """How long API Gateway waits for the model: from 50ms, of a buffered answer to service_quotas.integration_timeout.
    Default: 29s, and 15m for a model that streams."""

    cache: CacheConfig | None = Field(default=None, examples=["60s"])
    """How long CloudFront keeps answers to GET and HEAD; 0s: not at all. Default: as edge.cache says for all models."""

    versions: Annotated[
        Mapping[str, VersionConfig],
        Field(max_length=MOST_VERSIONS, examples=[{"v1": {"backend": "fraud-sm"}, "v2": {"backend": "fraud-two"}}]),
        ReadOnlyMap(ENTRY_NAME),
    ] = {}
    """The versions of the model, by name, each with a url or backend of its own, which the model then has none of: at
    most three. The first one answers while a deploy has not reached the edge."""

    split: Annotated[Mapping[str, Share], Field(examples=[{"v1": 90, "v2": 10}]), ReadOnlyMap(ENTRY_NAME)] = {}
    """The share of requests that each version gets: whole percents, together 100. One with 0 is for `choose` alone, or
    waits for its turn. Default: all of it, for a single version."""

    sticky: Sticky | None = Field(default=None, examples=["client", "header:x-user-id"])
    """Who gets the same version each time: a client (each key, and each identity of a token, is one), or whoever sends
    the same value of a header. Default: each request is for itself."""

    choose: TellingHeader | None = Field(default=None, examples=["x-model-version"])
    """The header in which a caller may name a version. Default: callers cannot choose."""

    rollback: RollbackConfig | None = Field(default=None, examples=[{"to": "v1", "errors": "2%"}])
    """Default: nothing is rolled back by itself."""

    paused: StrictBool = Field(default=False, examples=[True])
    """Answer each request with a 503 and Retry-After, and ask the backend nothing: URLs, keys and limits stay."""

    insecure: StrictBool = Field(default=False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to the model unencrypted."""

    @property
    def backends(self) -> tuple[str, ...]:
        """The names of those that serve the model, or its versions."""
        named = (self.backend, *(version.backend for version in self.versions.values()))
        return tuple(backend for backend in named if backend is not None)

    @between("url", "insecure")
    def _unencrypted_is_accepted(self) -> Iterator[Conflict]:
        if self.url is not None:
            yield from unencrypted(self.url, insecure=self.insecure)

    @between("url")
    def _unsigned_is_accepted(self) -> Iterator[Conflict]:
        if self.url is not None:
            yield from unsigned(self.url, authorized=False)

    @between("backend", "url", "insecure")
    def _insecure_is_about_a_url(self) -> Iterator[Conflict]:
        if self.backend is not None and self.url is None and self.insecure:
            message = "true has no effect beside backend, which says itself what is accepted; leave the line out"
            yield Conflict(message, ("insecure",))

    @between("methods", "protocol")
    def _methods_are_of_a_raw_model(self) -> Iterator[Conflict]:
        if self.protocol != "raw" and self.methods is not None:
            yield Conflict(ONLY_RAW.format(protocol=self.protocol), ("methods",))

    @between("backend_method", "protocol")
    def _backend_method_is_of_a_raw_model(self) -> Iterator[Conflict]:
        if self.protocol != "raw" and self.backend_method is not None:
            message = f"{shown(self.backend_method)} {ONLY_RAW.format(protocol=self.protocol)}"
            yield Conflict(message, ("backend_method",))

    @between("served_as", "protocol")
    def _served_as_is_in_the_paths(self) -> Iterator[Conflict]:
        if self.served_as is not None and (message := wrong_name_at_server(self.served_as, self.protocol)):
            yield Conflict(message, ("served_as",))

    @between("path", "protocol")
    def _variables_are_of_a_raw_model(self) -> Iterator[Conflict]:
        if self.protocol != "raw" and variables_of(self.path or ""):
            message = f"{shown(self.path)} has a variable, which only a raw model can have; write the path out"
            yield Conflict(message, ("path",))
