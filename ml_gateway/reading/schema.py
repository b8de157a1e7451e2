"""`python -m ml_gateway.reading.schema` writes gateway.schema.json, by which editors complete and check the file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.reading.extends import EXTENDS
from ml_gateway.reading.file_schema import file_schema

SCHEMA_FILE: Final = Path(__file__).parents[2] / "gateway.schema.json"

EXTENDS_SETTING: Final = {
    "description": "The file below this one, as a path from this one's folder. What both say merges, key by key; "
    "anything but a map replaces what stands there, and null takes it away.",
    "examples": ["gateway.yaml"],
    "minLength": 1,
    "type": "string",
}
"""What an editor says of it. The loader reads it before there are settings at all."""

_ONLY_WHOLE: Final = (
    "required",
    "minProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "$defs",
    "if",
    "then",
    "else",
)
"""What is known of a section once all of its settings are there, or is put in another way."""


def rendered_schema() -> str:
    """The JSON Schema of the file as gateway.schema.json has it: of one that extends another in `then`."""
    schema = dict(file_schema())
    whole = {key: schema.pop(key) for key in ("$schema", "$defs", "title")}
    on_top = {name: _on_top(definition) for name, definition in whole["$defs"].items()}
    parts = {
        "if": {"type": "object", "required": [EXTENDS]},
        "then": {**_on_top(schema), "$defs": on_top},
        "else": {**schema, "title": whole["title"]},
    }
    for part in (parts["then"], parts["else"]):
        part["properties"] = {EXTENDS: EXTENDS_SETTING, **part["properties"]}
    return json.dumps({**whole, **parts}, indent=2, sort_keys=True) + "\n"


def _on_top(schema: Mapping[str, Any]) -> JsonSchema:
    """What a file that extends another may say where `schema` describes a whole one: less, and null."""
    less = {key: value for key, value in schema.items() if key not in _ONLY_WHOLE}
    for choice in schema.get("oneOf", ()), schema.get("anyOf", ()):
        if choice:
            less["anyOf"] = [_on_top(each) for each in choice]
    if "$ref" in schema:
        less["$ref"] = schema["$ref"].replace("#/", "#/then/")
    if "properties" in schema:
        less["properties"] = {name: _or_null(setting) for name, setting in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), dict):
        less["additionalProperties"] = _or_null(schema["additionalProperties"])
    return less


def _or_null(setting: Mapping[str, Any]) -> JsonSchema:
    told = {key: setting[key] for key in ("description", "examples", "default") if key in setting}
    said = {key: value for key, value in _on_top(setting).items() if key not in told}
    return {**told, "anyOf": [said, {"type": "null"}]}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(rendered_schema())
