"""What a rule reads and cannot, because it is missing or a token, is a finding: it never passes, and never raises.

Each rule is watched while it looks at templates of ours. Then each property that it asked for is taken away, or becomes
a reference that no check can follow, one at a time.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ml_gateway import CorsConfig, DomainConfig, EdgeConfig, OriginLockConfig
from ml_gateway.policy import HOUSE_RULES, HouseRule, Template
from ml_gateway.policy.template import Place
from ml_gateway.policy.tokens import is_token
from tests.constructs.firewalls import full_firewall
from tests.constructs.multi_tenant import CACHE, multi_tenant_template
from tests.policy.reading import templates_of_apis
from tests.synthesis import Json, gateway_config, synthesize

Path = tuple[str | int, ...]

TOKEN: Json = {"Ref": "SomethingElse"}

FINE_IF_ABSENT = {
    "Action": "a managed group has OverrideAction instead, and one of the two is needed",
    "BinaryMediaTypes": "bodies are then text; another rule compares it with the document",
    "Body": "an API of methods has none; of a document it is looked up by its name",
    "CacheBehaviors": "the default behavior is then the only one",
    "CorsConfig": "pages of other origins are then told nothing",
    "DependsOn": "one key waits for none",
    "ExcludeRateBasedDetails": "false by default (AWS WAF API Reference, DataProtection)",
    "ExcludeRuleMatchDetails": "false by default (AWS WAF API Reference, DataProtection)",
    "FieldKeys": "all fields of a type are protected (AWS WAF API Reference, FieldToProtect); headers need some",
    "MinimumCompressionSize": "nothing is compressed; what the document says is compared with it",
    "Name": "a secret without a name gets one that nobody can refer to by a text",
    "OrStatement": "a list may be one statement",
    "OriginGroups": "there are none",
    "Policy": "there is none; what the document says is compared with it",
    "QueryString": "the field is a header instead, and one of the two is needed",
    "RateBasedStatement": "the rule is no rate; those that have to be are looked up by their names",
    "ResponseCode": "would replace an answer",
    "ResponseHeaders": "a refusal that is no rate's needs none",
    "ResponsePagePath": "would replace an answer",
    "RuleActionOverrides": "each rule of the group does what AWS has it do; another rule needs some",
    "ScopeDownStatement": "would leave requests out",
    "SearchStringBase64": "would take the secret for its own encoding",
    "SecretString": "would be a value in the template",
    "connectionType": "the public network",
    "credentials": "a function permits the API itself; what needs a role is looked at as such",
    "headers": "an answer that declares none sends none",
    "parameters": "a path without variables, and an operation that maps none",
    "requestParameters": "nothing is mapped; what has to be is looked up by its name",
    "responseParameters": "no header is mapped",
    "responseTemplates": "an answer that passes as it is",
    "responseTransferMode": "the answer is buffered",
    "responses": "a proxy answers for itself; what needs some is looked at as such",
    "uri": "a mock calls nobody; what needs one is looked at as such",
    "x-amazon-apigateway-authorizer": "a scheme that asks no function; each operation needs one that does",
    "x-amazon-apigateway-minimum-compression-size": "what the property says is compared with it",
    "x-amazon-apigateway-policy": "what the property says is compared with it",
}
"""Properties that a rule asks for, and that may be absent -> why. All others have to be there."""


@dataclass
class Watch:
    """What was asked for, each by the id of its resource and its path."""

    needed: set[tuple[str, Path]] = field(default_factory=set)
    maybe: set[tuple[str, Path]] = field(default_factory=set)
    """Needed or not, there or not: all that was asked for by its name."""
    met: set[tuple[str, Path]] = field(default_factory=set)
    """Items of lists, and what was searched."""

    def clear(self) -> None:
        for paths in (self.needed, self.maybe, self.met):
            paths.clear()

    def all(self) -> set[tuple[str, Path]]:
        """Those inside a resource."""
        return {path for path in self.needed | self.maybe | self.met if path[0]}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watched = Watch()
    get, getitem, items, find = Place.get, Place.__getitem__, Place.items, Place.find

    def watched_get(place: Place, key: str) -> Place | None:
        watched.maybe.add((place.logical_id, (*place.path, key)))
        return get(place, key)

    def watched_getitem(place: Place, key: str) -> Place:
        watched.needed.add((place.logical_id, (*place.path, key)))
        return getitem(place, key)

    def watched_items(place: Place) -> list[Place]:
        found = items(place)
        watched.met |= {(one.logical_id, one.path) for one in found}
        return found

    def watched_find(place: Place, *keys: str) -> list[Place]:
        watched.met |= {(place.logical_id, path) for path in below(place.value, place.path)}
        return find(place, *keys)

    monkeypatch.setattr(Place, "get", watched_get)
    monkeypatch.setattr(Place, "__getitem__", watched_getitem)
    monkeypatch.setattr(Place, "items", watched_items)
    monkeypatch.setattr(Place, "find", watched_find)
    return watched


def below(value: Any, path: Path) -> Iterator[Path]:
    """Every path to an object or a list below a value, but into tokens and ARNs, which may be tokens."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        if isinstance(one, dict | list) and key != "Arn" and not is_token(one):
            yield (*path, key)
            yield from below(one, (*path, key))


@pytest.fixture(scope="module")
def samples() -> list[Json]:
    """One-stack and two-stack gateways, with and without clients, and firewalls: together each rule's subjects."""
    domain = DomainConfig(name="ml.example.com", hosted_zone="Z0123456789ABCDEFGHIJ")
    edge = EdgeConfig(cache=CACHE, cors=CorsConfig(origins=("https://app.example.com",)), domain=domain)
    two_stacks = synthesize(gateway_config(origin_lock=OriginLockConfig(generation=2), edge=edge))
    firewalls = [full_firewall(deny=("AQ",)), full_firewall(), full_firewall(mode="count")]
    return [*two_stacks.values(), multi_tenant_template(), *firewalls, *templates_of_apis()]


def shape(path: tuple[str, Path]) -> tuple[str | int, ...]:
    """The path with any item of a list for all: what holds for one is read in the same way of the others."""
    return (path[0], *("*" if isinstance(key, int) else key for key in path[1]))


def first_and_last(paths: set[tuple[str, Path]]) -> list[tuple[str, Path]]:
    shapes: dict[tuple[str | int, ...], list[tuple[str, Path]]] = {}
    for path in sorted(paths, key=lambda path: (path[0], [(isinstance(key, str), key) for key in path[1]])):
        shapes.setdefault(shape(path), []).append(path)
    return [path for same in shapes.values() for path in {same[0], same[-1]}]


def changed(template: Json, path: tuple[str, Path], change: Callable[[Any, Any], None]) -> Template:
    """A template in which `change` was made, given what holds the last key of a path, and that key."""
    copied = json.loads(json.dumps(template))
    holder = copied["Resources"][path[0]]
    for key in path[1][:-1]:
        holder = holder[key]
    change(holder, path[1][-1])
    return in_one_line(copied)


def in_one_line(content: Any) -> Template:
    """For whoever reads them by the thousand: to indent takes Python six times as long."""
    return Template(json.dumps(content))


def remove(holder: Any, key: Any) -> None:
    holder.pop(key, None)


def replace_by_a_token(holder: Any, key: Any) -> None:
    holder[key] = TOKEN


def found(rules: tuple[HouseRule, ...], template: Template) -> bool:
    return any(rule.findings(template) for rule in rules)


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_finds_what_it_cannot_read(rule: HouseRule, samples: list[Json], watch: Watch) -> None:
    passed: list[tuple[str, tuple[str, Path]]] = []
    looked_at = 0
    for template in samples:
        watch.clear()
        subjects = list(rule.subjects(Template.of(template)))
        chosen_by = watch.all()
        watch.clear()
        assert [finding for subject in subjects for finding in rule.check(subject)] == []
        looked_at += len(subjects)
        read = watch.all()
        has_to_be_there = {p for p in read & watch.maybe if p in watch.needed or p[1][-1] not in FINE_IF_ABSENT}
        # What only says whether a rule applies may make it silent, and then another rule has to speak.
        for path in first_and_last(chosen_by - read):
            if not found(HOUSE_RULES, changed(template, path, replace_by_a_token)):
                passed.append(("a token", path))
        for path in first_and_last(read):
            if not found((rule,), changed(template, path, replace_by_a_token)):
                passed.append(("a token", path))
        for path in first_and_last(has_to_be_there):
            if not found((rule,), changed(template, path, remove)):
                passed.append(("nothing", path))
    assert looked_at
    assert passed == []


def test_nothing_is_called_fine_that_no_rule_asks_for(samples: list[Json], watch: Watch) -> None:
    for template in samples:
        for rule in HOUSE_RULES:
            assert rule.findings(Template.of(template)) == []
    assert set(FINE_IF_ABSENT) <= {path[1][-1] for path in watch.maybe - watch.needed}


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


def test_a_resource_that_hides_in_a_loop_is_found() -> None:
    method = {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": "GET"}}
    loop = Template.of({"Resources": {"Fn::ForEach::Methods": ["Name", ["A"], {"M${Name}": method}]}})
    found = {rule.id: [one.logical_id for one in rule.findings(loop)] for rule in HOUSE_RULES if rule.findings(loop)}
    assert "MlGateway::MethodsRequireKeys" in found
    assert set(map(tuple, found.values())) == {("Fn::ForEach::Methods",)}
