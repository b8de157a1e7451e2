"""No rule raises, whatever a template holds."""

from collections.abc import Iterator
from typing import Any

import pytest

from ml_gateway.policy import HOUSE_RULES, HouseRule, Template
from tests.policy.conftest import Path, Watch, in_one_line
from tests.synthesis import Json

OF_ANOTHER_SHAPE: tuple[Any, ...] = (None, "text", 7, [], [None], {}, {"Fn::GetAtt": []})


def one_of_each_shape(templates: list[Json]) -> Iterator[tuple[Json, Path]]:
    """Every path in the templates, but one alone of those that differ in a logical id or a position only."""
    seen = set()
    for template in templates:
        for path in ((), *every_path(template, ())):
            kind = template["Resources"][path[1]]["Type"] if path[:1] == ("Resources",) and path[1:] else None
            shaped = (kind, *("*" if isinstance(key, int) else key for key in path[2:]), path[:1])
            if shaped not in seen:
                seen.add(shaped)
                yield template, path


def every_path(value: Any, path: Path) -> Iterator[Path]:
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from every_path(one, (*path, key))


def replaced(content: Any, path: Path, value: Any) -> Any:
    """The content with `value` at the path; what lies beside the path is shared, and nobody changes it."""
    if not path:
        return value
    copied = content.copy()
    copied[path[0]] = replaced(content[path[0]], path[1:], value)
    return copied


def readers_of(template: Json, watch: Watch) -> dict[str, list[HouseRule]]:
    """The rules that look into a resource, by its logical id."""
    readers: dict[str, list[HouseRule]] = {}
    for rule in HOUSE_RULES:
        watch.clear()
        rule.findings(in_one_line(template))
        for logical_id in {path[0] for path in watch.needed | watch.maybe | watch.met}:
            readers.setdefault(logical_id, []).append(rule)
    return readers


def test_no_rule_raises_whatever_a_template_holds(
    samples: list[Json], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {id(template): readers_of(template, watch) for template in samples}
    monkeypatch.undo()
    places = list(one_of_each_shape(samples))
    assert len(places) > 400
    for number, (template, path) in enumerate(places):
        # Near the top each place gets each of them. Deeper they take turns, and only who looks there could raise.
        several = OF_ANOTHER_SHAPE if len(path) < 5 else (OF_ANOTHER_SHAPE[number % len(OF_ANOTHER_SHAPE)],)
        rules = HOUSE_RULES if len(path) < 4 else readers[id(template)].get(str(path[1]), ())
        for value in several:
            # Of its text there are rules of its size alone.
            spoiled = Template("null")
            spoiled.content = replaced(template, path, value)
            for rule in rules:
                assert isinstance(rule.findings(spoiled), list), (path, value)
