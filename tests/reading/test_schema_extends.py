"""gateway.schema.json, continued: a file that extends another one says less, may take away, and is checked."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ml_gateway.reading.schema import rendered_schema
from tests.files import BACKENDS, TOP

SCHEMA: dict[str, Any] = json.loads(rendered_schema())
EDITOR = Draft202012Validator(SCHEMA)

FILES = sorted([TOP / "gateway.yaml", *(TOP / "examples").glob("*.yaml")])


def taken(text: str) -> bool:
    return EDITOR.is_valid({"extends": "gateway.yaml", **yaml.safe_load(text)})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_any_part_of_a_file_and_null_in_its_place_pass_in_an_editor(file: Any) -> None:
    whole = yaml.safe_load(file.read_text())
    whole.pop("extends", None)
    for section, value in whole.items():
        assert EDITOR.is_valid({"extends": "gateway.yaml", section: value}), section
        assert EDITOR.is_valid({"extends": "gateway.yaml", section: None}), section
        if isinstance(value, dict):
            for key, inner in value.items():
                assert EDITOR.is_valid({"extends": "gateway.yaml", section: {key: inner}}), (section, key)
                assert EDITOR.is_valid({"extends": "gateway.yaml", section: {key: None}}), (section, key)


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_backend_need_not_say_its_type_again(kind: str) -> None:
    settings = {key: value for key, value in BACKENDS[kind].items() if key != "type"}
    for key, value in settings.items():
        assert EDITOR.is_valid({"extends": "a.yaml", "backends": {"b": {key: value}}}), key
        assert EDITOR.is_valid({"extends": "a.yaml", "backends": {"b": {key: None}}}), key


@pytest.mark.parametrize(
    "text",
    [
        "{oops: 1}",
        "{name: A}",
        "{regions: []}",
        "{models: {predict: {timout: 5s}}}",
        "{models: {predict: {timeout: 5}}}",
        "{plans: {default: {burst: x}}}",
        "{edge: {firewall: {rate: 2000}}}",
        "{edge: {cache: {default: [1s]}}}",
        "{backends: {b: {oops: 1}}}",
        "{backends: {b: {type: ftp}}}",
        "{clients: {mobile: {scopes: [a]}}}",
        "{extends: 5}",
        "{extends: ''}",
    ],
)
def test_what_is_wrong_with_a_part_is_red_in_an_editor(text: str) -> None:
    assert not taken(text)
    assert taken("{}")


def test_without_the_line_nothing_may_be_left_out_or_taken_away() -> None:
    whole = yaml.safe_load((TOP / "gateway.yaml").read_text())
    assert EDITOR.is_valid(whole)
    for section in ("name", "regions", "models", "plans"):
        assert not EDITOR.is_valid({key: value for key, value in whole.items() if key != section})
    assert not EDITOR.is_valid({**whole, "edge": None})


@pytest.mark.parametrize("text", ["{edge: {}}", "{models: {}}", "{clients: {}, plans: {default: {}}}"])
def test_an_empty_map_changes_nothing_and_is_none_of_an_editors_business(text: str) -> None:
    assert taken(text)


def test_an_editor_describes_the_settings_of_both_alike() -> None:
    assert set(SCHEMA["then"]["properties"]) == set(SCHEMA["else"]["properties"])
    assert set(SCHEMA["then"]["$defs"]) == set(SCHEMA["$defs"])
    for whole, part in ((SCHEMA["else"], SCHEMA["then"]), *zip(*both_definitions(), strict=True)):
        assert set(whole["properties"]) == set(part["properties"])
        for name, setting in whole["properties"].items():
            assert part["properties"][name].get("description") == setting.get("description")


def both_definitions() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    names = sorted(SCHEMA["$defs"])
    return [SCHEMA["$defs"][name] for name in names], [SCHEMA["then"]["$defs"][name] for name in names]
