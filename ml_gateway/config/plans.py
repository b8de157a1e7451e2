"""Usage plans, as the file describes them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from ml_gateway.config.section import Section, between
from ml_gateway.config.types.annotated import JsonSchema, ReadOnlyMap
from ml_gateway.config.types.names import ENTRY_NAME
from ml_gateway.config.types.rates import RATE, Burst, Offset, Quota, Rate
from ml_gateway.conflicts import Conflict

MOST_OFFSET: Final = {"day": 0, "week": 6, "month": 27}
"""What API Gateway takes as the offset of a quota, for each period."""


class LimitConfig(Section):
    """What a plan lets through to each method of one model. A rate alone is the short form."""

    model_config = ConfigDict(
        json_schema_extra={"type": ["object", "string"], "pattern": f"^{RATE.pattern}$", "examples": ["1/s"]}
    )

    rate: Rate
    """Requests per second that pass in the long run: at most the plan's own rate."""

    burst: Burst | None = Field(default=None, examples=[3])
    """Requests that may arrive at once: at most the plan's own. Default: those of one second, at least 1."""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | BaseModel) else {"rate": RATE.read(value)}


class PlanConfig(Section):
    """Limits on requests. API Gateway applies them on a best-effort basis."""

    rate: Rate
    """Requests per second that pass in the long run, such as 2/s or 0.5/s."""

    burst: Burst = Field(examples=[10])
    """Requests that may arrive at once."""

    quota: Quota | None = None
    """Requests that pass in a day, week or month, such as 1000/month. Default: any number."""

    offset: Offset = Field(default=0, examples=[1])
    """Requests taken off the quota of the first period: at most 6 of a week and 27 of a month, none of a day."""

    across_regions: Literal["each", "split"] | None = Field(default=None, examples=["split"])
    """What several regions let through: each all of it, or each its part of it. Has to be said with several; with one
    region both are the same."""

    limits: Annotated[Mapping[str, LimitConfig], Field(examples=[{"llama": "1/s"}]), ReadOnlyMap(ENTRY_NAME)] = {}
    """Tighter limits for single models, by the model's name: each of a model's methods, in each of its versions, has
    this limit for itself."""

    @between("offset", "quota")
    def _offset_fits_the_quota(self) -> Iterator[Conflict]:
        if self.offset and self.quota is None:
            message = f"an offset of {self.offset} needs a quota to be taken off; add a quota or leave the line out"
            yield Conflict(message, ("offset",))
        if self.quota is not None and self.offset > (most := MOST_OFFSET[self.quota.period]):
            message = f"{self.offset} is more than a quota for each {self.quota.period} takes; write at most {most}"
            yield Conflict(message, ("offset",))


class _ByNameOrInline:
    """A text is the name of a plan, a map the plan itself. Not a union: its errors would have a step of their own."""

    def __get_pydantic_core_schema__(self, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            lambda value, inline: value if isinstance(value, str) else inline(value),
            handler(PlanConfig),
            serialization=core_schema.plain_serializer_function_ser_schema(_serialize_plan),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        inline = handler.resolve_ref_schema(handler(schema))
        return {
            **{key: inline[key] for key in ("properties", "required", "additionalProperties")},
            "type": ["object", "string"],
        }


def _serialize_plan(plan: str | PlanConfig) -> Any:
    return plan if isinstance(plan, str) else plan.model_dump()


PlanOfClient = Annotated[str | PlanConfig, _ByNameOrInline()]
