"""Sections: what has to be there is declared once, for the schema and for the message."""

from typing import Any

import pytest
from pydantic import ValidationError

from ml_gateway.config import (
    AddressesConfig,
    AlertsConfig,
    CountriesConfig,
    DomainConfig,
    LoadBalancerBackendConfig,
    ModelConfig,
    VersionConfig,
)
from ml_gateway.config.section import Choice, Section
from tests.files import BACKENDS

OTHERS: dict[type[Section], dict[str, Any]] = {
    AlertsConfig: {"email": "ops@acme.com"},
    AddressesConfig: {},
    CountriesConfig: {},
    DomainConfig: {"name": "ml.acme.com"},
    ModelConfig: {},
    VersionConfig: {},
    LoadBalancerBackendConfig: {"type": "load_balancer", "host": "llama.internal"},
}
"""What each section with a choice needs beside it."""
EXAMPLES = [(section, choice) for section in OTHERS for choice in section.choices]


def every_section(base: type[Section] = Section) -> set[type[Section]]:
    found = {each for section in base.__subclasses__() for each in (section, *every_section(section))}
    return {section for section in found if section.__module__.startswith("ml_gateway")}


def test_every_section_with_a_choice_is_here() -> None:
    assert {section for section in every_section() if section.choices} == set(OTHERS)
    assert len(EXAMPLES) == 8


def example_of(section: type[Section], setting: str) -> Any:
    examples = section.model_fields[setting].examples
    assert examples
    return examples[0]


def settings(section: type[Section], *given: str) -> dict[str, Any]:
    """A value for each of the settings, and the first of every other choice of that section."""
    chosen = {
        name for choice in section.choices if not set(given) & set(choice.settings) for name in choice.settings[:1]
    }
    return {**OTHERS[section], **{name: example_of(section, name) for name in (*given, *chosen)}}


def refusals(section: type[Section], values: dict[str, Any]) -> dict[str, str]:
    try:
        section.model_validate(values)
    except ValidationError as refusal:
        return {str(error["loc"][0]): error["msg"].removeprefix("Value error, ") for error in refusal.errors()}
    return {}


@pytest.mark.parametrize(("section", "choice"), EXAMPLES)
def test_one_of_the_two_has_to_be_there(section: type[Section], choice: Choice) -> None:
    first, second = choice.settings
    without = {name: value for name, value in settings(section, first).items() if name != first}
    assert refusals(section, without)[first] == f"missing; {choice.missing}"
    assert refusals(section, settings(section, first)) == {}
    assert refusals(section, settings(section, second)) == {}


@pytest.mark.parametrize(("section", "choice"), EXAMPLES)
def test_both_may_be_there_or_not_as_the_choice_says(section: type[Section], choice: Choice) -> None:
    first, second = choice.settings
    told = refusals(section, settings(section, first, second)).get(second, "")
    assert bool(told) == (choice.both is not None)
    assert choice.both is None or told.endswith(choice.both.removeprefix("{value}"))


@pytest.mark.parametrize("section", OTHERS, ids=lambda section: section.__name__)
def test_the_schema_says_what_the_choices_say(section: type[Section]) -> None:
    expected = [
        {
            "oneOf" if choice.both else "anyOf": [
                {"required": [setting]} for setting in (*choice.settings, choice.instead) if setting
            ]
        }
        for choice in section.choices
    ]
    assert section.model_json_schema()["allOf"] == expected


@pytest.mark.parametrize("versions", [None, {}, {"v1": {"url": "https://model.example.com/v1"}}])
def test_what_stands_instead_has_neither_of_the_two_asked_for(versions: Any) -> None:
    values = {} if versions is None else {"versions": versions}
    (choice,) = ModelConfig.choices
    assert choice.instead == "versions"
    assert refusals(ModelConfig, values) == ({} if versions else {"url": f"missing; {choice.missing}"})


def test_backends_are_those_of_the_files() -> None:
    assert BACKENDS["load_balancer"].items() >= OTHERS[LoadBalancerBackendConfig].items()
