"""docs/reference.md says what the models say, and leaves out none of their settings."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.reading.file_schema import file_schema, schema_at
from ml_gateway.reading.reference import REFERENCE_FILE, rendered_reference

PAGE = rendered_reference()
DEFINITIONS = {"the file": file_schema(), **file_schema()["$defs"]}
SECTIONS = re.findall(r"^## (?:`(.+)`|The file)$((?:\n(?!## ).*)*)", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"\| `([a-z_0-9]+: .*)` \|$", PAGE, re.MULTILINE)


def test_the_file_in_docs_is_what_the_models_give() -> None:
    assert REFERENCE_FILE.read_text() == PAGE, "run make schema"


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_every_setting_has_a_line_with_its_text(definition: dict[str, object]) -> None:
    settings = definition["properties"]
    assert isinstance(settings, dict)
    assert settings
    for name, setting in settings.items():
        said = setting.get("description", "").replace("\n", " ")
        assert any(line.startswith(f"| `{name}` | {said}") for line in PAGE.splitlines()), name


def test_required_settings_are_said_to_be_required() -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith("| `regions`"))
    assert "| required |" in line
    (line,) = (line for line in PAGE.splitlines() if line.startswith("| `stage`"))
    assert "| `v1` |" in line


def test_each_example_is_yaml_of_that_one_setting() -> None:
    assert len(EXAMPLES) == len([line for line in PAGE.splitlines() if line.startswith("| `")])
    assert all(len(yaml.safe_load(example)) == 1 for example in EXAMPLES)


@pytest.mark.parametrize(("place", "text"), SECTIONS, ids=[place or "the file" for place, _ in SECTIONS])
def test_each_example_is_what_an_editor_takes_there(place: str, text: str) -> None:
    """As loading does, but for what contradicts another setting."""
    examples = re.findall(r"\| `([a-z_0-9]+: .*)` \|$", text, re.MULTILINE)
    assert examples
    for example in examples:
        ((name, value),) = yaml.safe_load(example.replace("\\|", "|")).items()
        schema = {**section_at(place)["properties"][name], "$defs": file_schema()["$defs"]}
        assert list(Draft202012Validator(schema).iter_errors(value)) == [], example


def section_at(place: str) -> JsonSchema:
    """What the schema says of a section, by its heading."""
    return schema_at(tuple(place.replace(" of type ", ".").split("."))) if place else file_schema()
