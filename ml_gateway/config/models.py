"""A model as the file describes it: where callers find it, what it speaks, and how its answers travel."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from pydantic import ConfigDict, Field, StrictBool, StrictStr

from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.rules import unencrypted
from ml_gateway.config.section import FrozenModel
from ml_gateway.config.types.fields import HttpMethod, Methods, Path, Timeout, Url
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.config.types.urls import variables_of
from ml_gateway.conflicts import ConflictError
from ml_gateway.serving import PROTOCOLS, ProtocolName, ServedModel
from ml_gateway.serving.limits import LONGEST_BUFFERED, LONGEST_EDGE_TIMEOUT, LONGEST_STREAM
from ml_gateway.wording import shown

_ONLY_RAW: Final = "has no effect on the protocol {protocol}, which brings its own; leave the line out"


class ModelConfig(FrozenModel):
    """A model: its backend, and what callers may ask of it."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [{"oneOf": [{"required": ["url"]}, {"required": ["backend"]}]}]}
    )

    url: Url | None = Field(None, examples=["https://model.example.com/invocations"])
    """Where the model answers, the short form of an http backend: an absolute URL, without user name or password."""

    backend: StrictStr | None = Field(None, examples=["llama"])
    """The name of the backend that serves the model."""

    path: Path | None = Field(None, examples=["/fraud/{id}"])
    """Where callers find the model; all its routes lie below. Variables only for raw. Default: / and the name."""

    protocol: ProtocolName = Field("raw", examples=["openai"])
    """What the model's server speaks, which decides on the routes. raw: the path alone."""

    methods: Methods | None = Field(None, examples=[["GET", "POST"]])
    """The HTTP methods that callers of a raw model may use. Default: POST."""

    backend_method: HttpMethod | None = Field(None, examples=["POST"])
    """The HTTP method that a raw model expects. Default: the caller's."""

    stream: StrictBool | None = Field(None, examples=[True])
    """Whether answers are passed on as they come. Default: true for openai and anthropic, else false."""

    timeout: Timeout | None = Field(None, examples=["10s"])
    """How long API Gateway waits for the model: from 50ms. Default: 29s, and 15m for a model that streams."""

    cache: CacheConfig | None = Field(None, examples=["60s"])
    """How long CloudFront keeps answers to GET and HEAD; 0s: not at all. Default: as edge.cache says for all models."""

    long_timeout: StrictBool = Field(False, examples=[True])
    """Accept a timeout above 29s without streaming: the account's quota has to be raised before."""

    insecure: StrictBool = Field(False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to the model unencrypted."""

    @property
    def streams(self) -> bool:
        """Whether answers are passed on as they come."""
        if self.stream is None:
            return self.protocol != "raw" and PROTOCOLS[self.protocol].streams
        return self.stream

    @property
    def effective_timeout(self) -> timedelta:
        """The timeout, or what it is by default."""
        return self.timeout or (LONGEST_STREAM if self.streams else LONGEST_BUFFERED)

    def path_for(self, name: str) -> str:
        """The path of this model when it is called `name`."""
        return self.path or f"/{name}"

    def serving(self, name: str) -> ServedModel:
        """How this model is served when it is called `name`: what its routes come from."""
        return ServedModel(
            name=name,
            path=self.path_for(name),
            protocol=self.protocol,
            methods=self.methods or ("POST",),
            timeout=self.effective_timeout,
            streams=self.streams,
        )

    def _conflicts(self) -> Iterator[ConflictError]:
        yield from self._backend_conflicts()
        if self.protocol != "raw":
            yield from self._protocol_conflicts()
        yield from self._timeout_conflicts()

    def _backend_conflicts(self) -> Iterator[ConflictError]:
        if self.url is None and self.backend is None:
            message = "missing; write url: 'https://model.example.com/invocations', or backend with the name of one"
            yield ConflictError(message, ("url",), ("backend",))
        elif self.url is None and self.insecure:
            message = "true has no effect beside backend, which says itself what is accepted; leave the line out"
            yield ConflictError(message, ("insecure",), ("url",), ("backend",))
        elif self.url is not None and self.backend is not None:
            message = f"{shown(self.backend)} stands beside a url; write backend or url, not both"
            yield ConflictError(message, ("backend",), ("url",))
        if self.url is not None:
            yield from unencrypted(self.url, insecure=self.insecure)

    def _protocol_conflicts(self) -> Iterator[ConflictError]:
        reason = _ONLY_RAW.format(protocol=self.protocol)
        if self.methods is not None:
            yield ConflictError(reason, ("methods",), ("protocol",))
        if self.backend_method is not None:
            yield ConflictError(f"{shown(self.backend_method)} {reason}", ("backend_method",), ("protocol",))
        if variables_of(self.path or ""):
            message = f"{shown(self.path)} has a variable, which only a raw model can have; write the path out"
            yield ConflictError(message, ("path",), ("protocol",))

    def _timeout_conflicts(self) -> Iterator[ConflictError]:
        depends = (("protocol",), ("stream",))
        timeout = self.effective_timeout
        wait = format_duration(timeout)
        if self.long_timeout and (self.streams or timeout <= LONGEST_BUFFERED):
            reason = "a model that streams" if self.streams else f"a timeout of {wait}, which every account has"
            message = f"true has no effect on {reason}; leave the line out"
            yield ConflictError(message, ("long_timeout",), ("timeout",), *depends)
        if self.streams:
            return
        if timeout > LONGEST_EDGE_TIMEOUT:
            most = format_duration(LONGEST_EDGE_TIMEOUT)
            message = f"{wait} is longer than CloudFront waits for an answer; write at most {most}, or stream: true"
            yield ConflictError(message, ("timeout",), *depends)
        elif timeout > LONGEST_BUFFERED and not self.long_timeout:
            message = (
                f"{wait} is longer than the {format_duration(LONGEST_BUFFERED)} that API Gateway waits for a whole "
                "answer; write stream: true, or long_timeout: true once the account's quota is raised"
            )
            yield ConflictError(message, ("timeout",), ("long_timeout",), *depends)
