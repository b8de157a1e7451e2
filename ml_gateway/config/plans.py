"""Usage plans and the clients that they limit."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator

from ml_gateway.config.rules import alike
from ml_gateway.config.section import FrozenModel
from ml_gateway.config.types.annotated import ReadOnlyMap
from ml_gateway.config.types.fields import ENTRY_NAME, RATE, Burst, Description, KeyNames, Offset, Quota, Rate
from ml_gateway.config.types.quantities import MOST_REQUESTS
from ml_gateway.conflicts import ConflictError

MOST_OFFSET: Final = {"day": 0, "week": 6, "month": 27}
"""What API Gateway takes as the offset of a quota, for each period."""


class LimitConfig(FrozenModel):
    """What a plan lets through to each method of one model. A rate alone is the short form."""

    model_config = ConfigDict(
        json_schema_extra={"type": ["object", "string"], "pattern": f"^{RATE.pattern}$", "examples": ["1/s"]}
    )

    rate: Rate
    """Requests per second that pass in the long run: at most the plan's own rate."""

    burst: Burst | None = Field(None, examples=[3])
    """Requests that may arrive at once: at most the plan's own. Default: those of one second, at least 1."""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | BaseModel) else {"rate": RATE.read(value)}

    @property
    def effective_burst(self) -> int:
        """The burst, or what it is by default."""
        return self.burst or min(math.ceil(self.rate.per_second), MOST_REQUESTS)


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

    limits: Annotated[Mapping[str, LimitConfig], Field(examples=[{"llama": "1/s"}]), ReadOnlyMap(ENTRY_NAME)] = {}
    """Tighter limits for single models, by the model's name: each of a model's methods has this limit for itself."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.offset and self.quota is None:
            message = f"an offset of {self.offset} needs a quota to be taken off; add a quota or leave the line out"
            yield ConflictError(message, ("offset",), ("quota",))
        if self.quota is not None and self.offset > (most := MOST_OFFSET[self.quota.period]):
            message = f"{self.offset} is more than a quota for each {self.quota.period} takes; write at most {most}"
            yield ConflictError(message, ("offset",), ("quota",))


class ClientConfig(FrozenModel):
    """A caller with keys of its own: what it may call is limited for it alone."""

    plan: StrictStr = Field(examples=["free"])
    """The name of the plan that limits it. Each of its keys has the plan's rate and quota for itself."""

    description: Description | None = Field(None, examples=["The app for phones."])
    """What the console shows beside its keys."""

    keys: KeyNames = Field(("default",), examples=[["a", "b"]])
    """The names of its keys, all of them valid: with two a client changes over from one to the other."""

    def _conflicts(self) -> Iterator[ConflictError]:
        for _, message in alike(self.keys):
            yield ConflictError(message, ("keys",))
