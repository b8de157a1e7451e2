"""Reviews of the gateway's own templates: what an edit of the file needs, and what it does not."""

from typing import Any

import pytest

from ml_gateway import ClientConfig, OriginLockConfig
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


def test_another_stage_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(stage="v2"))
    assert review.status == 1
    assert "(<code>AWS::ApiGateway::Stage</code>), removed" in review.comment


def test_a_removed_client_needs_the_label_and_an_added_one_does_not(assemble: Assemble, run_review: RunReview) -> None:
    one, two = assemble(**clients("app")), assemble(**clients("app", "partner"))
    assert run_review(one, two).status == 0
    review = run_review(two, one)
    assert review.status == 1
    (line,) = [line for line in review.comment.splitlines() if line.startswith("* ")]
    assert "<code>acme-ml-keys</code> (<code>us-east-1</code>): client <code>partner</code>, key <code>default" in line


def test_the_first_client_changes_the_lock_and_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(**clients("app")))
    assert review.status == 1
    assert "<code>OriginLockGeneration1ApiKey" in review.comment
