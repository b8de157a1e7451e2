"""Reviews of the gateway's own templates: what an edit of the file needs, and what it does not."""

import re
from typing import Any

import pytest

from ml_gateway import ClientConfig, OriginLockConfig, PlanConfig, RequestRate
from ml_gateway.review.interruptions import BESIDE, UNTIL_THE_EDGE
from ml_gateway.review.plans import MOVED_KEY
from tests.review.conftest import Assemble, RunReview


def generation(number: int) -> dict[str, OriginLockConfig]:
    return {"origin_lock": OriginLockConfig(generation=number)}


def clients(*names: str) -> dict[str, dict[str, ClientConfig]]:
    return {"clients": {name: ClientConfig(plan="default") for name in names}}


def test_the_same_gateway_shows_no_difference(assemble: Assemble, run_review: RunReview) -> None:
    old, new = assemble(), assemble(stage="v1")
    assert old != new
    review = run_review(old, new)
    assert review.status == 0
    assert review.comment.endswith("\nNo difference in resources or outputs.\n")


@pytest.mark.parametrize("lock", [{}, clients("app")], ids=["api_key", "header"])
@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 4)])
def test_a_rotation_needs_no_label(
    assemble: Assemble, run_review: RunReview, lock: dict[str, Any], old: int, new: int
) -> None:
    review = run_review(assemble(**generation(old), **lock), assemble(**generation(new), **lock))
    assert (review.status, review.errors) == (0, "")
    assert f"origin/{new}:SecretString" in review.comment


def test_a_rotation_removes_the_key_before_the_last_and_the_secret_before_that(
    assemble: Assemble, run_review: RunReview
) -> None:
    comment = run_review(assemble(**generation(3)), assemble(**generation(4))).comment
    removed = sorted(line.split("<code>")[1] for line in comment.splitlines() if line.startswith("| removed |"))
    assert [name.partition("<")[0] for name in removed] == [
        "OriginLockGeneration2ApiKey72338998",
        "OriginLockGeneration2UsagePlanKeyEA3ACAD8",
        "OriginSecretsGeneration1SecretCBC1E16F",
    ]


@pytest.mark.parametrize("lock", [{}, clients("app")], ids=["api_key", "header"])
@pytest.mark.parametrize(("old", "new"), [(1, 3), (2, 1), (3, 2)])
def test_a_jump_or_a_step_back_needs_the_label(
    assemble: Assemble, run_review: RunReview, lock: dict[str, Any], old: int, new: int
) -> None:
    before, after = assemble(**generation(old), **lock), assemble(**generation(new), **lock)
    refused = run_review(before, after)
    assert refused.status == 1
    assert f"the origin secret of <code>acme-ml</code>, generation {old} → {new}: " in refused.comment
    assert run_review(before, after, "--labelled").status == 0


def test_another_gateway_name_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(name="other-ml"))
    assert review.status == 1
    assert review.comment.count("the whole stack, removed") == 3
    assert review.comment.count("The stack is added") == 3


@pytest.mark.parametrize("lock", [{}, clients("app")], ids=["api_key", "header"])
def test_another_stage_is_said_with_who_is_refused_and_needs_the_label(
    assemble: Assemble, run_review: RunReview, lock: dict[str, Any]
) -> None:
    review = run_review(assemble(**lock), assemble(stage="v2", **lock))
    assert review.status == 1
    assert lines_of(review.comment) == [
        f"stage v1 → v2: {UNTIL_THE_EDGE}. No caller sees the stage's name, so keep it. {BESIDE}"
    ]


@pytest.mark.parametrize(("before", "after"), [((), ("app",)), (("app",), ())], ids=["first", "last"])
def test_the_first_client_and_the_last_are_said_with_who_is_refused_and_need_the_label(
    assemble: Assemble, run_review: RunReview, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    review = run_review(assemble(**clients(*before)), assemble(**clients(*after)))
    assert review.status == 1
    which = "the last client of acme-ml goes" if before else "the first client of acme-ml comes"
    (line,) = [
        line for line in lines_of(review.comment) if line.startswith(f"{which}: {UNTIL_THE_EDGE}; afterwards who")
    ]
    assert line.endswith(BESIDE)


def test_a_removed_client_needs_the_label_and_an_added_one_does_not(assemble: Assemble, run_review: RunReview) -> None:
    one, two = assemble(**clients("app")), assemble(**clients("app", "partner"))
    assert run_review(one, two).status == 0
    review = run_review(two, one)
    assert review.status == 1
    (line,) = [line for line in review.comment.splitlines() if line.startswith("* ")]
    assert "<code>acme-ml-keys</code> (<code>us-east-1</code>): client <code>partner</code>, key <code>default" in line


GOLD = PlanConfig(rate=RequestRate(9), burst=9)
DEFAULT = PlanConfig(rate=RequestRate(2), burst=10)
NAMED = {"plans": {"default": DEFAULT, "gold": GOLD}}


def lines_of(comment: str) -> list[str]:
    """The lines of what is guarded, without the stack and the markup."""
    lines = [line.partition(": ")[2] for line in comment.splitlines() if line.startswith("* ")]
    return [re.sub("</?code>", "", line).replace("&#91;", "[").replace("&#93;", "]") for line in lines]


@pytest.mark.parametrize(
    ("before", "after"),
    [("default", "gold"), ("default", GOLD), (GOLD, "gold"), (GOLD, "default")],
    ids=["named", "named_to_inline", "inline_to_named", "inline_to_another"],
)
def test_a_key_that_would_change_plans_is_told_before_the_deploy_fails(
    assemble: Assemble, run_review: RunReview, before: str | PlanConfig, after: str | PlanConfig
) -> None:
    old, new = (assemble(**NAMED, clients={"app": ClientConfig(plan=plan)}) for plan in (before, after))
    review = run_review(old, new)
    assert review.status == 1
    assert lines_of(review.comment) == [f"client app, key default: {MOVED_KEY}"]


def test_a_plan_of_another_name_is_a_move_of_the_keys_in_it(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(
        assemble(plans={"gold": GOLD}, clients={"app": ClientConfig(plan="gold")}),
        assemble(plans={"best": GOLD}, clients={"app": ClientConfig(plan="best")}),
    )
    key, plan = sorted(lines_of(review.comment))
    assert (review.status, key) == (1, f"client app, key default: {MOVED_KEY}")
    assert plan.startswith("plans.gold: the plan goes")


def test_a_plan_that_changes_in_place_needs_no_label(assemble: Assemble, run_review: RunReview) -> None:
    old, new = (assemble(clients={"app": ClientConfig(plan=plan)}) for plan in (DEFAULT, GOLD))
    assert run_review(old, new).status == 0


def test_another_key_together_with_another_plan_is_no_move(assemble: Assemble, run_review: RunReview) -> None:
    old, new = (
        assemble(**NAMED, clients={"app": ClientConfig(plan=plan, keys=(key,))})
        for plan, key in (("default", "a"), ("gold", "b"))
    )
    (line,) = lines_of(run_review(old, new).comment)
    assert line.startswith("client app, key a: refused once the API is deployed")


def test_a_plan_that_goes_is_one_line_and_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    old, new = assemble(**NAMED, **clients("app")), assemble(plans={"default": DEFAULT}, **clients("app"))
    review = run_review(old, new)
    assert review.status == 1
    (line,) = lines_of(review.comment)
    assert line.startswith("plans.gold: the plan goes")
    assert run_review(old, new, "--labelled").status == 0


def test_a_client_that_goes_with_its_own_plan_is_one_line(assemble: Assemble, run_review: RunReview) -> None:
    own = {"app": ClientConfig(plan="default"), "batch": ClientConfig(plan=GOLD)}
    review = run_review(assemble(clients=own), assemble(**clients("app")))
    (line,) = lines_of(review.comment)
    assert (review.status, line.partition(": ")[0]) == (1, "client batch, key default")
    assert "To change over" not in line


def test_names_in_place_of_the_unnamed_key_revoke_it_and_the_line_says_how_to_change_over(
    assemble: Assemble, run_review: RunReview
) -> None:
    named = {"app": ClientConfig(plan="default", keys=("a", "b"))}
    (line,) = lines_of(run_review(assemble(**clients("app")), assemble(clients=named)).comment)
    assert line.startswith("client app, key default: ")
    assert line.endswith(". To change over keep default until nobody sends it: keys: [default, a, b]")


def test_the_first_client_changes_the_lock_and_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(**clients("app")))
    assert review.status == 1
    assert "<code>OriginLockGeneration1ApiKey" in review.comment
