"""Each rule of each web ACL that we define refuses what it is for, and lets models have what is theirs."""

import json

import pytest

from ml_gateway.errors import Dialect
from tests.constructs.firewalls import small_firewall
from tests.documents import document_of
from tests.policy.reading import everything_named
from tests.released.examples import APPS, FILES, name_of
from tests.synthesis import Json, Templates, TemplatesOf, resources
from tests.waf.expectations import BLOCKED, TOO_OFTEN, answer_of, stopped, uncounted, unmet, unpassed, unrefused, worded
from tests.waf.managed_groups import COUNTS_BY_ITSELF
from tests.waf.refused import COUNTED, REFUSED
from tests.waf.traffic import traffic_of
from tests.waf.web_acl import WebAcl
from tests.waf.web_acls import OF_EXAMPLES, OF_FIREWALLS, Expected

every_web_acl = pytest.mark.parametrize(
    ("example", "stack", "expected"), [(*place, expected) for place, expected in OF_EXAMPLES.items()],
    ids=[" ".join(place) for place in OF_EXAMPLES],
)  # fmt: skip


def test_every_web_acl_of_every_example_is_looked_at(templates_of: TemplatesOf) -> None:
    found = {
        (name_of(example), stack)
        for example in (*FILES, *APPS)
        for stack, template in templates_of(name_of(example)).items()
        for _ in resources(template, "AWS::WAFv2::WebACL")
    }
    assert found == set(OF_EXAMPLES)


@every_web_acl
def test_it_has_the_rules_that_are_looked_at(
    example: str, stack: str, expected: Expected, templates_of: TemplatesOf
) -> None:
    assert WebAcl(templates_of(example)[stack], secrets=expected.secrets).rules() == expected.rules


@every_web_acl
def test_each_rule_refuses_with_the_right_answer(
    example: str, stack: str, expected: Expected, templates_of: TemplatesOf
) -> None:
    assert list(unrefused(templates_of(example)[stack], expected)) == []


@every_web_acl
def test_what_only_counts_passes(example: str, stack: str, expected: Expected, templates_of: TemplatesOf) -> None:
    assert list(uncounted(templates_of(example)[stack], expected)) == []


@every_web_acl
def test_models_get_their_traffic(example: str, stack: str, expected: Expected, templates_of: TemplatesOf) -> None:
    assert list(unpassed(templates_of(example)[stack], expected)) == []


@every_web_acl
def test_no_path_of_the_example_is_taken_for_an_attack(
    example: str, stack: str, expected: Expected, templates_of: TemplatesOf
) -> None:
    templates = templates_of(example)
    web_acl = WebAcl(templates[stack], secrets=expected.secrets)
    sent = [each for name, api in templates.items() if name.startswith("api") for each in traffic_of(api)]
    assert sent
    assert [found for what, request in sent for found in stopped(web_acl, what, request)] == []


@pytest.mark.parametrize("name", OF_FIREWALLS)
def test_a_firewall_with_every_rule_does_so_too(name: str, firewalls: Templates) -> None:
    expected = OF_FIREWALLS[name]
    assert WebAcl(firewalls[name], secrets={}).rules() == expected.rules
    assert list(unmet(firewalls[name], expected)) == []


@pytest.mark.parametrize("expected", [*OF_EXAMPLES.values(), *OF_FIREWALLS.values()])
def test_each_rule_has_a_request_that_it_notices(expected: Expected) -> None:
    assert set(expected.rules) <= {row.rule for row in (*REFUSED, *COUNTED)}


def test_what_is_refused_is_not_what_only_counts() -> None:
    assert not {row.rule for row in REFUSED} & {row.rule for row in COUNTED}
    assert {row.rule.rpartition("/")[2] for row in COUNTED} >= COUNTS_BY_ITSELF


@pytest.mark.parametrize("place", [place for place, expected in OF_EXAMPLES.items() if expected.secret], ids=" ".join)
def test_whom_the_lock_refuses_reads_the_answer_of_the_api(place: tuple[str, str], templates_of: TemplatesOf) -> None:
    """WAF's own block is one of API Gateway's responses, which the document words where the file has `errors:`."""
    example, stack = place
    document = document_of(templates_of(example)[stack])
    found = [one["WAF_FILTERED"] for one in everything_named("x-amazon-apigateway-gateway-responses", document)]
    assert [each["statusCode"] for each in found] == ["403"] * len(found)
    bodies = [json.loads(each["responseTemplates"]["application/json"]) for each in found]
    assert [without_id(each) for each in bodies] == [
        words for words in [worded(BLOCKED, OF_EXAMPLES[place].dialect)] if words
    ]


def without_id(body: Json) -> Json:
    """WAF's own answers have none."""
    return {
        key: without_id(value) if isinstance(value, dict) else value
        for key, value in body.items()
        if key != "request_id"
    }


@pytest.mark.parametrize("dialect", ["openai", "oip", "plain"])
@pytest.mark.parametrize("cors", [True, False])
def test_who_is_refused_reads_it_in_the_callers_dialect(dialect: Dialect, cors: bool) -> None:
    expected = Expected(
        own=("AddressRate",), groups=OF_FIREWALLS["small"].groups, rates=OF_FIREWALLS["small"].rates,
        dialect=dialect, cors=cors,
    )  # fmt: skip
    assert list(unrefused(small_firewall(dialect=dialect, cors=cors), expected)) == []
    assert {answer_of(rule, expected).status for rule in expected.rules} == {403, 429}
    assert TOO_OFTEN[2] in str(answer_of("AddressRate", expected).body)
