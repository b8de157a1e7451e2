"""Each rule looks at something, is silent where there is nothing of its kind, and trusts nothing it cannot read."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from ml_gateway.policy import HOUSE_RULES, HouseRule
from ml_gateway.policy.house_rule import THE_TEMPLATE
from tests.constructs.firewalls import full_firewall
from tests.synthesis import Json, Templates

GATEWAYS = ["templates", "other_templates", "every_templates", "multi_tenant_templates", "complete_templates"]
TOKEN = {"Ref": "AParameter"}

LABELS = {
    "Name",
    "Rules.Name",
    "DistributionConfig.Origins.Id",
    "DistributionConfig.CacheBehaviors.PathPattern",
}
"""What a thing is called: under another name it is another thing. That one is missing is said by a rule of its own."""

MAY_BE_ANY: dict[str, set[str]] = {
    # One of two generations is enough for this one; that every key is a secret is a rule of its own.
    "EveryOriginSecretLocksTheApi": {"Value"},
    # Beside the headers cookies are protected, too: more than the rule asks for.
    "WafStoresNoCredential": {"DataProtectionConfig.DataProtections.Field.FieldType"},
}


@pytest.fixture(scope="module")
def all_templates(request: pytest.FixtureRequest) -> list[Json]:
    found: list[Json] = [template for name in GATEWAYS for template in request.getfixturevalue(name).values()]
    return [*found, full_firewall(mode="count")]


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.id)
def test_each_rule_has_looked_at_something_over_the_examples(rule: HouseRule, all_templates: list[Json]) -> None:
    assert sum(len(rule.over(template)) for template in all_templates) > 0


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.id)
def test_each_rule_is_silent_where_there_is_nothing_of_its_kind(rule: HouseRule) -> None:
    assert rule({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "theirs"}}}}) == []
    assert rule({"Resources": {}}) == []


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.id)
def test_each_rule_says_what_holds_and_who_says_so(rule: HouseRule) -> None:
    assert rule.id.isalnum()
    assert len(rule.sentence.split()) > 5
    assert rule.sentence.endswith(".") or rule.sentence.endswith("gateway.")
    assert rule.source


def test_ids_are_distinct() -> None:
    assert len({rule.id for rule in HOUSE_RULES}) == len(HOUSE_RULES)


class Reads(dict[str, Any]):
    """A map of a template that notes which of its values are asked for by name."""

    def __init__(self, values: Json, path: tuple[str | int, ...], seen: set[tuple[str | int, ...]]) -> None:
        super().__init__({key: watched(value, (*path, key), seen) for key, value in values.items()})
        self._path, self._seen = path, seen

    def __getitem__(self, key: str) -> Any:
        if key in self:
            self._seen.add((*self._path, key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key, default)
        if key in self:
            self._seen.add((*self._path, key))
        return found


def watched(value: Any, path: tuple[str | int, ...], seen: set[tuple[str | int, ...]]) -> Any:
    if isinstance(value, dict):
        return Reads(value, path, seen)
    if isinstance(value, list):
        return [watched(item, (*path, index), seen) for index, item in enumerate(value)]
    return value


def read_by(rule: HouseRule, template: Json) -> Iterator[tuple[str | int, ...]]:
    """Where the values stand in the properties of resources that the rule asks for by name, and that are no maps."""
    seen: set[tuple[str | int, ...]] = set()
    assert rule(watched(template, (), seen)) == []
    for path in sorted(seen, key=str):
        of_a_property = path[:1] == ("Resources",) and "Properties" in path[:3] and len(path) > 3
        if of_a_property and not isinstance(value_at(template, path), dict | list):
            yield path


def value_at(template: Json, path: tuple[str | int, ...]) -> Any:
    value: Any = template
    for step in path:
        value = value[step]
    return value


def with_token_at(template: Json, path: tuple[str | int, ...]) -> Json:
    broken = copy.deepcopy(template)
    value_at(broken, path[:-1])[path[-1]] = TOKEN
    return broken


READERS = [rule for rule in HOUSE_RULES if not rule.fatal]


@pytest.mark.parametrize("rule", READERS, ids=lambda rule: rule.id)
def test_what_cannot_be_read_breaks_the_rule(rule: HouseRule, all_templates: list[Json]) -> None:
    trusted = []
    for template in all_templates:
        for path in read_by(rule, template):
            if not rule(with_token_at(template, path)):
                trusted.append(".".join(str(step) for step in path[3:] if not isinstance(step, int)))
    assert set(trusted) - LABELS == MAY_BE_ANY.get(rule.id, set())


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.id)
def test_a_template_that_cannot_be_read_at_all_breaks_the_rule(rule: HouseRule) -> None:
    assert rule({"Resources": ["no", "map"], "Outputs": 1}) == [THE_TEMPLATE]


def test_templates_are_those_of_the_examples(all_templates: list[Json], complete_templates: Templates) -> None:
    assert len(all_templates) > 10
    assert complete_templates["edge"] in all_templates
