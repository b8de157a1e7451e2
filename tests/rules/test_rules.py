"""The list of rules: it has all of them, and each is silent exactly where what it declares to read was refused."""

from copy import deepcopy
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from ml_gateway import rules
from ml_gateway.conflicts import Conflict, Place, places_read
from ml_gateway.reading.file_schema import file_schema, schema_at
from ml_gateway.rules import RULES, Rule
from tests.files import report_on_data
from tests.rules.broken import BROKEN, IDS, conflicts


def test_the_list_has_every_rule_once() -> None:
    modules = [getattr(rules, info.name) for info in iter_modules(rules.__path__) if info.name != "rule"]
    defined = [each for module in modules for each in vars(module).values() if isinstance(each, Rule)]
    assert len(defined) > 30
    assert sorted(map(id, RULES)) == sorted(map(id, defined))


def test_each_rule_has_a_file_that_breaks_it() -> None:
    assert {id(rule) for rule, _ in BROKEN} == set(map(id, RULES))
    assert len(BROKEN) == len(RULES)


def read_by(rule: Rule, conflict: Conflict, settings: dict[str, Any]) -> list[Place]:
    """The place of a conflict, and all that its rule declares to read for it."""
    return [conflict.at, *places_read(rule.reads, conflict, lambda section: settings.get(section, {}))]


def spoiled(settings: dict[str, Any], place: Place) -> dict[str, Any]:
    """The file with something at `place` that no setting takes."""
    data = deepcopy(settings)
    *above, key = place
    section: Any = data
    for step in above:
        section = section.setdefault(step, {})
        if not isinstance(section, dict):
            return spoiled(settings, tuple(above))
    section[key] = [[]]
    return data


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_tells_what_breaks_it_with_its_place(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    found = conflicts(rule, settings)
    assert found
    told = report_on_data(settings, tmp_path)
    assert all(any(line.endswith(conflict.message) for line in told) for conflict in found)


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_is_silent_where_what_it_reads_was_refused(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    (conflict, *_) = conflicts(rule, settings)
    read = read_by(rule, conflict, settings)
    for place in read:
        told = report_on_data(spoiled(settings, place), tmp_path)
        assert told, place
        assert not [line for line in told if line.endswith(conflict.message)], place


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_is_told_beside_what_it_does_not_read(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    beside = {**settings, "description": [[]], "stage": [[]], "logs": [[]], "origin_lock": [[]], "oops": 1}
    told = report_on_data(beside, tmp_path)
    assert len(told) >= 6
    assert all(any(line.endswith(each.message) for line in told) for each in conflicts(rule, settings))


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_does_not_declare_the_place_of_its_conflict(rule: Rule, settings: dict[str, Any]) -> None:
    """But for a map of entries: declared is what is refused in it, and not only the map as a whole."""
    for path in rule.reads:
        places = [
            (conflict.at, list(places_read([path], conflict, lambda section: settings.get(section, {}))))
            for conflict in conflicts(rule, settings)
        ]
        assert places
        assert not all(read == [at] for at, read in places) or has_entries(path), path


def has_entries(path: str) -> bool:
    return isinstance(schema_at(tuple(path.split("."))).get("additionalProperties"), dict)


def settings_below(schema: dict[str, Any]) -> set[str]:
    return set(schema.get("properties", ()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.find.__name__)
def test_a_rule_reads_settings_that_there_are(rule: Rule) -> None:
    for path in rule.reads:
        section, *below = path.split(".")
        if not section:
            continue  # below a conflict's own place: test_declared.py shows that it is there
        assert section in settings_below(dict(file_schema()))
        if section == "backends" and below:
            types = schema_at(("backends", "b"))["discriminator"]["mapping"]
            assert any(below[1] in settings_below(schema_at(("backends", "b", kind))) for kind in types)
        elif below:
            assert below[-1] in settings_below(schema_at((section, *below[:-1])))


def test_files_that_break_rules_differ() -> None:
    assert len({str(settings) for _, settings in BROKEN}) == len(BROKEN)
