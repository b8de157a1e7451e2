"""The list of questions is whole: each is asked, or says why not, and stands on a page."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import cast

import pytest

from live.gateway import Asked, Gateway
from live.observations import FIRST, THEN
from live.observations.seen import Seen
from live.place import Place
from live.plan import ALL_OF_FILES, Brought
from live.questions import questions
from live.run import Run
from live.written import DESTROY, DOCS, PAGE, named_in
from tests.live.synthesized import NAME

ASKED = {*FIRST, *THEN, DESTROY}


def test_each_question_is_asked_once_or_says_why_not() -> None:
    assert len(questions()) > 50
    assert {each.id for each in questions().values() if not each.unasked} == ASKED
    assert len(ASKED) == len(FIRST) + len(THEN) + 1


@pytest.mark.parametrize("brought", [Brought(), ALL_OF_FILES], ids=["nothing", "all"])
def test_what_needs_something_is_asked_with_it_alone(brought: Brought) -> None:
    place = cast(Place, SimpleNamespace(name="aws", brought=brought, secrets=list))
    gateway = cast(Gateway, SimpleNamespace(credentials=()))
    found = Run(place=place, name=NAME, step=lambda _title: nullcontext(), answers={}, known=set())
    observations = dict.fromkeys([*FIRST, *THEN], lambda _asked: Seen(held=True, saw="it was asked"))
    found.ask(observations, Asked(place=place, open=gateway, clients=gateway, bearer="b"))
    needing = {name: each.needs for name in (*FIRST, *THEN) if (each := questions()[name]).needs}
    assert set(needing.values()) == ALL_OF_FILES.needs
    assert {name in found.answers for name in needing} == {brought is ALL_OF_FILES}
    assert len(found.answers) == len(observations) - (0 if brought is ALL_OF_FILES else len(needing))
    found.complete("it was not come to")
    said = {found.answers[name].saw for name in needing}
    lacking = {f"it would need {each}" for each in needing.values()}
    assert said == ({"it was asked"} if brought is ALL_OF_FILES else lacking)


def test_each_question_stands_where_it_is_asked() -> None:
    named = {name for page in DOCS.glob("*.md") if page.name != PAGE for name in named_in(page.read_text())}
    assert set(questions()) - named == set()


@pytest.mark.parametrize("page", ["identity.md", "rollouts.md"])
def test_each_thing_that_nobody_has_seen_has_a_question(page: str) -> None:
    text = (DOCS / page).read_text()
    listed = text.partition("## What nobody has seen live\n")[2].partition("\n\nThe local cloud")[0]
    items = listed.strip().removeprefix("* ").split("\n* ")
    assert len(items) > 5
    assert [item for item in items if not named_in(item)] == []


def test_each_promise_that_the_tests_do_not_show_whole_has_a_question() -> None:
    text = (DOCS / "security.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "::test_" in line]
    rows = [row for row in rows if len(row) == 4]
    left = [row for row in rows if row[2]]
    assert len(left) > 20
    # What is told there is no doubt about AWS.
    told = ["a model that sends CORS headers", "from the API's deploy to the edge's"]
    assert [row[0] for row in left if not named_in(row[3]) and not any(row[2].startswith(each) for each in told)] == []


def test_each_thing_that_is_not_known_of_the_document_has_a_question() -> None:
    text = (DOCS / "security.md").read_text()
    listed = text.partition("## Not known on live AWS\n")[2].partition("\nAn import that is refused")[0]
    items = listed.split("\n* ")[1:]
    assert len(items) == 10
    assert [item for item in items if not named_in(item) and "#what-nobody-has-seen-live" not in item] == []
