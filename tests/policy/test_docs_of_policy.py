"""docs/policy.md lists the house rules as they are, and each names a source that exists."""

import re

import pytest

from ml_gateway.policy import HOUSE_RULES, HouseRule
from tests.synthesis import TOP

PAGE = (TOP / "docs" / "policy.md").read_text()


def test_the_page_lists_each_rule_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert [(f"MlGateway::{name}", sentence, source) for name, sentence, source in rows] == [
        (rule.id, rule.sentence, rule.source) for rule in HOUSE_RULES
    ]


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_a_rule_has_a_sentence_and_a_source(rule: HouseRule) -> None:
    assert len(rule.sentence.split()) > 4
    assert not rule.sentence.endswith(".")
    pages = re.findall(r"docs/[\w/.-]+\.md", rule.source)
    assert [page for page in pages if not (TOP / page).is_file()] == []
    assert pages or re.search(r"(Guide|Reference|pricing|#\d+)", rule.source)


def test_the_example_of_an_acknowledgment_names_a_rule() -> None:
    named = set(re.findall(r'"(MlGateway::\w+)"', PAGE))
    assert named
    assert named <= {rule.id for rule in HOUSE_RULES}
