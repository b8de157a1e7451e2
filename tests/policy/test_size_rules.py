"""What a stack has too much of is refused, with the count and a way out."""

from collections.abc import Callable

import pytest

from ml_gateway.policy import HouseRule, Template
from ml_gateway.policy import size_rules as rules
from ml_gateway.policy.size_rules import SIZE_RULES
from tests.synthesis import Json

API: Json = {"Api": {"Type": "AWS::ApiGateway::RestApi"}}
REFERENCE = "{{resolve:secretsmanager:acme/a:SecretString:::}}"


def resources(count: int) -> Json:
    topics = {f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(count - len(API))}
    return {"Resources": {**API, **topics}}


def outputs(count: int) -> Json:
    return {"Resources": API, "Outputs": {f"Output{number}": {"Value": "x"} for number in range(count)}}


def references(count: int) -> Json:
    return {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Tags": [REFERENCE] * count}}}}


def bytes_(count: int) -> Json:
    # Two bytes each in UTF-8: characters do not do.
    empty = Template.of({"Resources": API, "Description": ""}).size
    return {"Resources": API, "Description": "ü" * ((count - empty) // 2) + "u" * ((count - empty) % 2)}


OR_ANOTHER = "or put them in another gateway"

LIMITS: list[tuple[HouseRule, Callable[[int], Json], int, str]] = [
    (rules.stack_has_at_most_500_resources, resources, 500, f"take out backends, keys or alerts, {OR_ANOTHER}"),
    (rules.stack_has_at_most_200_outputs, outputs, 200, "move some of what it defines to another stack"),
    (
        rules.template_has_at_most_60_references,
        references,
        60,
        f"take out keys, or models of backends that are sent secrets, {OR_ANOTHER}",
    ),
    (rules.template_has_at_most_1000000_bytes, bytes_, 1_000_000, f"take out models, {OR_ANOTHER}"),
]
"""Each rule with a template of that size, the most that it takes, and the way out. No file makes too many outputs."""


@pytest.mark.parametrize(("rule", "template", "most", "way_out"), LIMITS, ids=lambda value: getattr(value, "id", None))
def test_the_most_is_taken_and_one_more_is_refused(
    rule: HouseRule, template: Callable[[int], Json], most: int, way_out: str
) -> None:
    assert rule.findings(Template.of(template(most))) == []
    (finding,) = rule.findings(Template.of(template(most + 1)))
    assert finding.logical_id == ""
    assert finding.found == f"this one has {most + 1}; {way_out}"
    assert str(most) in rule.sentence


def test_each_rule_has_a_template_beyond_it() -> None:
    assert {rule.id for rule, *_ in LIMITS} == {rule.id for rule in SIZE_RULES}


def test_a_stack_that_is_no_gateway_has_another_way_out() -> None:
    topics = {f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(501)}
    (finding,) = rules.stack_has_at_most_500_resources.findings(Template.of({"Resources": topics}))
    assert finding.found == "this one has 501; move some of what it defines to another stack"


def test_a_template_is_as_large_as_its_file() -> None:
    assert Template('{"Description": "für Müller"}').size == 31
