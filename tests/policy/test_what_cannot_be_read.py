"""What a rule reads and cannot, because it is missing or a token, is a finding: it never passes, and never raises.

Each rule is watched while it looks at templates of ours. Then each property that it asked for is taken away, or becomes
a reference that no check can follow, one at a time.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from ml_gateway.policy import HOUSE_RULES, HouseRule, Template
from tests.policy.conftest import Path, Watch, replaced, unwritten
from tests.synthesis import Json

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


def shape(path: tuple[str, Path]) -> tuple[str | int, ...]:
    """The path with any item of a list for all: what holds for one is read in the same way of the others."""
    return (path[0], *("*" if isinstance(key, int) else key for key in path[1]))


def first_and_last(paths: set[tuple[str, Path]]) -> list[tuple[str, Path]]:
    shapes: dict[tuple[str | int, ...], list[tuple[str, Path]]] = {}
    for path in sorted(paths, key=lambda path: (path[0], [(isinstance(key, str), key) for key in path[1]])):
        shapes.setdefault(shape(path), []).append(path)
    return [path for same in shapes.values() for path in {same[0], same[-1]}]


def changed(template: Template, path: tuple[str, Path], change: Callable[[Any, Any], None]) -> Template:
    """A template in which `change` was made, given what holds the last key of a path, and that key."""
    logical_id, (*keys, last) = path
    holder = ("Resources", logical_id, *keys)
    held: Any = template.content
    for key in holder:
        held = held[key]
    held = held.copy()
    change(held, last)
    return unwritten(replaced(template.content, holder, held))


def remove(holder: Any, key: Any) -> None:
    holder.pop(key, None)


def replace_by_a_token(holder: Any, key: Any) -> None:
    holder[key] = TOKEN


@cache
def some_rule_speaks(template: Template, path: tuple[str, Path]) -> bool:
    """Where no check can follow what stands at the path, which several rules are chosen by."""
    spoiled = changed(template, path, replace_by_a_token)
    return any(rule.findings(spoiled) for rule in HOUSE_RULES)


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_finds_what_it_cannot_read(rule: HouseRule, samples: list[Template], watch: Watch) -> None:
    passed: list[tuple[str, tuple[str, Path]]] = []
    looked_at = 0
    for template in samples:
        watch.clear()
        subjects = list(rule.subjects(template))
        chosen_by = watch.all()
        watch.clear()
        assert [finding for subject in subjects for finding in rule.check(subject)] == []
        looked_at += len(subjects)
        read = watch.all()
        has_to_be_there = {p for p in read & watch.maybe if p in watch.needed or p[1][-1] not in FINE_IF_ABSENT}
        # What only says whether a rule applies may make it silent, and then another rule has to speak.
        for path in first_and_last(chosen_by - read):
            if not some_rule_speaks(template, path):
                passed.append(("a token", path))
        for path in first_and_last(read):
            if not rule.findings(changed(template, path, replace_by_a_token)):
                passed.append(("a token", path))
        for path in first_and_last(has_to_be_there):
            if not rule.findings(changed(template, path, remove)):
                passed.append(("nothing", path))
    assert looked_at
    assert passed == []


def test_nothing_is_called_fine_that_no_rule_asks_for(samples: list[Template], watch: Watch) -> None:
    for template in samples:
        for rule in HOUSE_RULES:
            assert rule.findings(template) == []
    assert set(FINE_IF_ABSENT) <= {path[1][-1] for path in watch.maybe - watch.needed}


def test_a_resource_that_hides_in_a_loop_is_found() -> None:
    method = {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": "GET"}}
    loop = Template.of({"Resources": {"Fn::ForEach::Methods": ["Name", ["A"], {"M${Name}": method}]}})
    found = {rule.id: [one.logical_id for one in rule.findings(loop)] for rule in HOUSE_RULES if rule.findings(loop)}
    assert "MlGateway::MethodsRequireKeys" in found
    assert set(map(tuple, found.values())) == {("Fn::ForEach::Methods",)}
