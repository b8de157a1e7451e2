"""The regions that have an API, as the file describes them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StrictBool, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from ml_gateway.config.section import Section
from ml_gateway.config.types.annotated import JsonSchema, ReadOnlyMap
from ml_gateway.config.types.aws import COMMERCIAL_REGION, Region
from ml_gateway.config.types.lists import Distinct


class RegionConfig(Section):
    """A region that has an API."""

    drain: StrictBool = Field(default=False, examples=[True])
    """Keep requests away from it, as long as another region is there: a new one arrives so."""

    alarm_region: Region | None = Field(default=None, examples=["us-west-2"])
    """Another region, whose metric and alarm drain this one at once. Default: us-east-1, and us-west-2 for us-east-1
    itself. It has to be bootstrapped. Of one region alone there is no alarm."""


_LIST: Final = TypeAdapter(Annotated[tuple[Region, ...], Distinct()])


class _ListOrMap:
    """A list of names is a map in which nothing is said of each. Not a union: its errors would have a step of their
    own."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_by_name, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        items = {"type": "string", "pattern": f"^{COMMERCIAL_REGION.pattern}$"}
        listed = {"type": ["array", "object"], "items": items, "minItems": 1, "uniqueItems": True}
        return {**handler(schema), **listed}


def _by_name(value: Any) -> Any:
    return value if isinstance(value, Mapping) else dict.fromkeys(_LIST.validate_python(value), RegionConfig())


Regions = Annotated[Mapping[str, RegionConfig], Field(min_length=1), ReadOnlyMap(COMMERCIAL_REGION), _ListOrMap()]
