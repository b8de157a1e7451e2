"""How long the edge keeps answers."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ml_gateway.config.section import Section, between
from ml_gateway.config.types.durations import LIFETIME, Lifetime, check_lifetime
from ml_gateway.config.types.headers import CacheHeaders
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Conflict
from ml_gateway.wording import shown


class CacheConfig(Section):
    """How long CloudFront keeps answers to GET and HEAD. A duration alone: default and max at once."""

    model_config = ConfigDict(
        json_schema_extra={"type": ["object", "string"], "pattern": f"^{LIFETIME.pattern}$", "examples": ["60s"]}
    )

    default: Lifetime = Field(examples=["1h"])
    """How long an answer is kept whose Cache-Control and Expires do not say it."""

    max: Lifetime = Field(examples=["24h"])
    """How long an answer is kept that asks for more."""

    headers: CacheHeaders = Field(default=(), examples=[["X-Model-Version"]])
    """Up to 8 request headers that answers depend on, beside Authorization and Accept; with clients 7."""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: Any) -> Any:
        if isinstance(value, Mapping | BaseModel):
            return value
        if isinstance(value, bool):
            raise ValueError(f"{shown(value)} is no duration; write {'60s' if value else '0s, or leave the line out'}")
        lifetime = LIFETIME.read(value)
        if isinstance(lifetime, timedelta):
            check_lifetime(lifetime)
        return {"default": lifetime, "max": lifetime}

    @property
    def keeps(self) -> bool:
        """Whether any answer is kept at all."""
        return bool(self.max)

    @between("default", "max")
    def _default_is_within_max(self) -> Iterator[Conflict]:
        if self.default > self.max:
            message = f"{format_duration(self.default)} is longer than max; write at most {format_duration(self.max)}"
            yield Conflict(message, ("default",))

    @between("headers", "max")
    def _headers_tell_what_is_kept_apart(self) -> Iterator[Conflict]:
        if self.headers and not self.keeps:
            yield Conflict("has no effect beside a max of 0s, which keeps nothing; leave the line out", ("headers",))
