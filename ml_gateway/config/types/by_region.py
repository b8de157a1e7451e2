"""Values that may differ by region: one for all regions, or a map with one for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.config.types.aws import COMMERCIAL_REGION

Value = TypeVar("Value")


@dataclass(frozen=True)
class ByRegion:
    """A value of type `one`, or a map from regions to such values; rules check its keys. Not a union: its errors would
    have a step of their own."""

    one: Any

    def __get_pydantic_core_schema__(self, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        one: TypeAdapter[Any] = TypeAdapter(self.one)

        def read(value: Any, by_region: core_schema.ValidatorFunctionWrapHandler) -> Any:
            if not isinstance(value, Mapping):
                return one.validate_python(value)
            found = by_region(value)
            if not found:
                raise ValueError("empty; write one for each region")
            for region, each in found.items():
                if each == ():
                    raise ValueError(f"has none for {region}; write at least one")
            return MappingProxyType(found)

        return core_schema.no_info_wrap_validator_function(
            read,
            handler(dict[str, self.one]),  # type: ignore[name-defined]  # a type that is known here alone
            serialization=core_schema.plain_serializer_function_ser_schema(_plain),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        by_region = handler(schema)
        one: JsonSchema = by_region["additionalProperties"]
        regions = {"propertyNames": {"pattern": f"^{COMMERCIAL_REGION.pattern}$"}, "minProperties": 1}
        return {**one, **by_region, **regions, "type": [one["type"], "object"]}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def each_in_words(value: str | Mapping[str, str]) -> str:
    """The value, or that of each region and the region."""
    if isinstance(value, str):
        return value
    return " and ".join(f"{each} in {region}" for region, each in value.items())


def in_region(value: Value | Mapping[str, Value], region: str) -> Value:
    """The value of that region. Raises KeyError for a map without it."""
    return value[region] if isinstance(value, Mapping) else value
