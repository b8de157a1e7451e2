"""What an Annotated type says beyond its bounds: how the file writes a value, in words and as a JSON Schema pattern."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ml_gateway.wording import shown

JsonSchema = dict[str, Any]


@dataclass(frozen=True)
class Matching:
    """Text of one form. Where it may be a credential in the wrong place, `repeated` is false: no message shows it."""

    pattern: str
    kind: str
    form: str
    repeated: bool = True

    def fits(self, text: str) -> bool:
        """Whether the whole text has the form."""
        return re.fullmatch(self.pattern, text) is not None

    def check(self, text: str) -> str:
        """The same text; ValueError with the form where it does not fit."""
        if not self.fits(text):
            raise ValueError(f"{shown(text) if self.repeated else 'this'} is not {self.kind}; write {self.form}")
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: in the file text, in Python text or the object. A bare number is never enough."""

    kind: type
    parse: Callable[[str], object]
    write: Callable[[Any], str]
    pattern: str
    example: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        as_text = core_schema.plain_serializer_function_ser_schema(self.write)
        return core_schema.no_info_before_validator_function(self.read, handler(source), serialization=as_text)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
        return {"type": "string", "pattern": f"^{self.pattern}$", "examples": [self.example]}

    def read(self, value: object) -> object:
        """The quantity; ValueError for text that does not parse, a number without its unit, and anything else."""
        if isinstance(value, self.kind):
            return value
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return self.parse(str(value))
        raise ValueError(f"{shown(value)} is not a quantity; write a number and a unit, such as {self.example}")


@dataclass(frozen=True)
class ReadOnlyMap:
    """A map that cannot be changed. The form of its keys goes to the JSON Schema; rules check them."""

    keys: Matching

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        as_dict = core_schema.wrap_serializer_function_ser_schema(_serialize, schema=schema)
        return core_schema.no_info_after_validator_function(MappingProxyType, schema, serialization=as_dict)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {**handler(schema), "propertyNames": {"pattern": f"^{self.keys.pattern}$"}}


def _serialize(value: Mapping[str, Any], serialize: Callable[[dict[str, Any]], Any]) -> Any:
    return serialize(dict(value))
