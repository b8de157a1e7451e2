"""The page of house rules lists each of them, as the rules say it themselves."""

import re

from ml_gateway.policy import HOUSE_RULES
from tests.synthesis import TOP

PAGE = (TOP / "docs" / "policy.md").read_text()


def test_the_page_lists_every_rule_in_its_own_words() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    assert listed == [(rule.id, rule.sentence, rule.source) for rule in HOUSE_RULES]
    assert len(listed) > 30


def test_what_the_sources_name_in_this_repository_exists() -> None:
    named = re.findall(r"docs/[\w/.-]+\.md", " ".join(rule.source for rule in HOUSE_RULES))
    assert named
    assert [path for path in named if not (TOP / path).exists()] == []


def test_the_example_of_an_exception_names_a_rule() -> None:
    (named,) = re.findall(r'"MlGateway::(\w+)"', PAGE)
    assert named in {rule.id for rule in HOUSE_RULES}
