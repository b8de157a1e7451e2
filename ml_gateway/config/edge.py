"""What happens at the edge, in front of the API."""

from collections.abc import Iterator

from pydantic import Field

from ml_gateway.config.conflicts import ConflictError
from ml_gateway.config.fields import CacheHeaders, KeyForms, Lifetime, LongestLifetime, ResponseTimeout
from ml_gateway.config.frozen import FrozenModel
from ml_gateway.config.quantities import format_duration
from ml_gateway.credentials import API_KEY_HEADER


class CacheConfig(FrozenModel):
    """How long CloudFront keeps answers to GET and HEAD."""

    default: Lifetime = Field(examples=["1h"])
    """For answers that do not say how long they hold."""

    max: LongestLifetime = Field(examples=["24h"])
    """For answers that ask for more."""

    headers: CacheHeaders = Field((), examples=[["X-Model-Version"]])
    """Up to 8 request headers that answers depend on, beside Authorization and Accept; with clients 7."""

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

    accept_keys: KeyForms | None = Field(None, examples=[["x-api-key", "bearer", "api-key"]])
    """How clients may send their keys, as headers (bearer is Authorization: Bearer). Default: x-api-key and bearer."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.accept_keys is not None and API_KEY_HEADER not in self.accept_keys:
            message = f"{API_KEY_HEADER} is accepted in any case, because API Gateway itself reads it; list it, too"
            yield ConflictError(message, ("accept_keys",))
