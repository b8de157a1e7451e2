"""The layout of the file as JSON Schema: what may stand at which place, and an example of it."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ml_gateway.config.gateway import GatewayConfig
from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Place


class _FileSchema(GenerateJsonSchema):
    """Describes the file rather than the Python values: nothing is null, and only single settings have defaults."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default") is None or isinstance(described["default"], dict):
            described.pop("default", None)
        return described

    def encode_default(self, dft: Any) -> Any:
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, _schema: Any) -> bool:
        return False


@cache
def file_schema() -> JsonSchema:
    """The JSON Schema of gateway.yaml (draft 2020-12)."""
    schema = GatewayConfig.model_json_schema(schema_generator=_FileSchema)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "gateway.yaml"}


def sections() -> Iterator[tuple[str, JsonSchema]]:
    """Each map of the file that has settings, outermost first, with the place where it stands: `models.<name>`."""
    return _sections("", file_schema())


def _sections(place: str, section: JsonSchema) -> Iterator[tuple[str, JsonSchema]]:
    yield place, section
    for name, setting in section["properties"].items():
        inner = f"{place}.{name}".removeprefix(".")
        entries = setting.get("additionalProperties") or {}
        if "$ref" in setting:
            yield from _sections(inner, definition(setting["$ref"]))
        elif "$ref" in entries:
            yield from _sections(f"{inner}.<name>", definition(entries["$ref"]))
        elif "discriminator" in entries:
            for kind, reference in entries["discriminator"]["mapping"].items():
                yield from _sections(f"{inner}.<name> of type {kind}", definition(reference))


def definition(reference: str) -> JsonSchema:
    """What a `$ref` of the schema stands for."""
    found: JsonSchema = file_schema()["$defs"][reference.rpartition("/")[2]]
    return found


def schema_at(place: Place) -> JsonSchema:
    """What may stand at `place`; empty where nothing may. Places are pydantic's: see `without_tags`."""
    schema = file_schema()
    for key in place:
        if "discriminator" in schema:
            schema = {"$ref": schema["discriminator"]["mapping"][key]}
        else:
            # What takes a list or a map has both.
            entries = schema.get("items") if isinstance(key, int) else schema.get("additionalProperties")
            schema = schema.get("properties", {}).get(key) or entries or {}
        if "$ref" in schema:
            schema = {**definition(schema["$ref"]), **schema}
    return schema


def without_tags(place: Place) -> Place:
    """`place` as the file has it. Pydantic's has the type of a backend between its name and its settings."""
    return tuple(key for index, key in enumerate(place) if "discriminator" not in schema_at(place[:index]))


def types_at(place: Place) -> Collection[str]:
    """The types of which one has to be named at `place`."""
    types: Collection[str] = schema_at(place)["discriminator"]["mapping"]
    return types


def example_at(place: Place) -> Any:
    """A valid value for `place`; of a section that has no example, what it cannot do without. None if unknown."""
    schema = schema_at(place)
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("type") == "object":
        return {key: example_at((*place, key)) for key in _required(schema)}
    return None


def stand_in(place: Place) -> Any:
    """What to put at `place` so that the rest of the file can be looked at; None for what may be left out."""
    section = schema_at(place[:-1])
    optional = section.get("properties", {}).keys() - _required(section)
    return None if place[-1] in optional else example_at(place)


def _required(section: JsonSchema) -> list[str]:
    """The settings that a section cannot do without; where it takes one of several, the first of them."""
    choices = [rule.get("oneOf") or rule["anyOf"] for rule in section.get("allOf", ())]
    return [*section.get("required", ()), *(key for first, *_ in choices for key in first["required"])]
