"""No rule raises, whatever a template holds."""

from collections.abc import Iterator
from typing import Any

import pytest

from ml_gateway.policy import HOUSE_RULES, HouseRule, Template
from ml_gateway.policy.api_documents import INTEGRATION
from tests.policy.conftest import Path, Watch, replaced, unwritten
from tests.synthesis import Json

OF_ANOTHER_SHAPE: tuple[Any, ...] = (None, "text", 7, [], [None], {}, {"Fn::GetAtt": []})

PATHS = ("Properties", "Body", "paths")
"""Where in an API its document has them."""


def spoiled(templates: list[Template]) -> Iterator[tuple[Template, Path, Any]]:
    """Places in templates, each with what is put there.

    Near the top each place gets each value. Deeper they take turns, and like places at several paths of APIs each get
    another one.
    """
    for number, same in enumerate(places_by_shape(templates)):
        template, path = same[0]
        if len(path) < 5:
            yield from ((template, path, value) for value in OF_ANOTHER_SHAPE)
        else:
            for turn, place in enumerate(same[: len(OF_ANOTHER_SHAPE)], start=number):
                yield *place, OF_ANOTHER_SHAPE[turn % len(OF_ANOTHER_SHAPE)]


def places_by_shape(templates: list[Template]) -> list[list[tuple[Template, Path]]]:
    """Every path in the templates, but one alone of those that differ in a logical id or a position only.

    Together are those that differ in the path of an API, below which operations are that have the same integration.
    """
    found: dict[Path, dict[str | None, tuple[Template, Path]]] = {}
    for template in templates:
        for path in ((), *every_path(template.content, ())):
            shape, path_of_api = shape_of(template.content, path)
            found.setdefault(shape, {}).setdefault(path_of_api, (template, path))
    return [list(same.values()) for same in found.values()]


def shape_of(template: Json, path: Path) -> tuple[Path, str | None]:
    """A path without what somebody chose, and the path of the API that it had."""
    if path[:1] != ("Resources",) or len(path) == 1:
        return path, None
    resource, inner = template["Resources"][path[1]], path[2:]
    shape = (resource["Type"], *("*" if isinstance(key, int) else key for key in inner))
    if inner[:3] != PATHS or len(inner) == 3:
        return shape, None
    item = resource["Properties"]["Body"]["paths"][inner[3]]
    operation = item[inner[4]] if len(inner) > 4 else None
    kind = operation[INTEGRATION]["type"] if isinstance(operation, dict) else ""
    return (kind, *shape[:4], *shape[5:]), str(inner[3])


def every_path(value: Any, path: Path) -> Iterator[Path]:
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from every_path(one, (*path, key))


def readers_of(template: Template, watch: Watch) -> dict[str, list[HouseRule]]:
    """The rules that look into a resource, by its logical id."""
    readers: dict[str, list[HouseRule]] = {}
    for rule in HOUSE_RULES:
        watch.clear()
        rule.findings(template)
        for logical_id in {path[0] for path in watch.needed | watch.maybe | watch.met}:
            readers.setdefault(logical_id, []).append(rule)
    return readers


def test_no_rule_raises_whatever_a_template_holds(
    samples: list[Template], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {id(template): readers_of(template, watch) for template in samples}
    monkeypatch.undo()
    places = list(spoiled(samples))
    assert len(places) > 4_000
    for template, path, value in places:
        # Deep in a resource only who looks there could raise.
        rules = HOUSE_RULES if len(path) < 4 else readers[id(template)].get(str(path[1]), ())
        template_with_it = unwritten(replaced(template.content, path, value))
        for rule in rules:
            assert isinstance(rule.findings(template_with_it), list), (path, value)
