"""Reviews of the gateway's own templates: what an edit of the file needs, and what it does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from ml_gateway import ClientConfig, ModelConfig, OriginLockConfig, define_gateway
from tests.review.conftest import RunReview
from tests.synthesis import CONTEXT, gateway_config

Assemble = Callable[..., Path]


@pytest.fixture(scope="session")
def assemble(tmp_path_factory: pytest.TempPathFactory) -> Assemble:
    """The folder of the assembly of the default gateway with these changes."""
    known: dict[str, Path] = {}

    def run(**changes: Any) -> Path:
        key = repr(changes)
        if key not in known:
            known[key] = tmp_path_factory.mktemp("assembly")
            app = App(context=CONTEXT, builtin_cloud_formation_validation=False, outdir=str(known[key]))
            define_gateway(app, gateway_config(**changes))
            app.synth()
        return known[key]

    return run


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
@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3)])
def test_a_rotation_needs_no_label(
    assemble: Assemble, run_review: RunReview, lock: dict[str, Any], old: int, new: int
) -> None:
    review = run_review(assemble(**generation(old), **lock), assemble(**generation(new), **lock))
    assert (review.status, review.errors) == (0, "")
    assert f"origin/{new}:SecretString" in review.comment


def test_the_third_generation_removes_the_first(assemble: Assemble, run_review: RunReview) -> None:
    comment = run_review(assemble(**generation(2)), assemble(**generation(3))).comment
    removed = [line for line in comment.splitlines() if line.startswith("| removed |")]
    assert len(removed) == 3
    assert all("<code>OriginLockGeneration1" in line for line in removed)


@pytest.mark.parametrize("lock", [{}, clients("app")], ids=["api_key", "header"])
@pytest.mark.parametrize(("old", "new"), [(1, 3), (2, 1), (3, 2)])
def test_a_jump_or_a_step_back_needs_the_label(
    assemble: Assemble, run_review: RunReview, lock: dict[str, Any], old: int, new: int
) -> None:
    before, after = assemble(**generation(old), **lock), assemble(**generation(new), **lock)
    assert run_review(before, after).status == 1
    assert run_review(before, after, "--labelled").status == 0


def test_another_path_is_shown_and_needs_no_label(assemble: Assemble, run_review: RunReview) -> None:
    moved = ModelConfig(url="https://model.example.com/invocations", path="/team/predict")
    review = run_review(assemble(), assemble(models={"predict": moved}))
    assert review.status == 0
    assert "teampredict" in review.comment


def test_another_gateway_name_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(name="other-ml"))
    assert review.status == 1
    assert review.comment.count("the whole stack, removed") == 2
    assert review.comment.count("The stack is added") == 2


def test_another_stage_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(stage="v2"))
    assert review.status == 1
    assert "(<code>AWS::ApiGateway::Stage</code>), removed" in review.comment


def test_a_removed_client_needs_the_label_and_an_added_one_does_not(assemble: Assemble, run_review: RunReview) -> None:
    one, two = assemble(**clients("app")), assemble(**clients("app", "partner"))
    assert run_review(one, two).status == 0
    review = run_review(two, one)
    assert review.status == 1
    lost = [line for line in review.comment.splitlines() if line.startswith("* ")]
    assert [line.split("<code>")[4].split("</code>")[0] for line in lost] == [
        "AWS::ApiGateway::ApiKey",
        "AWS::SecretsManager::Secret",
        "AWS::ApiGateway::UsagePlanKey",
    ]
    assert all("partner" in line for line in lost)


def test_the_first_client_changes_the_lock_and_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(**clients("app")))
    assert review.status == 1
    assert "<code>OriginLockGeneration1ApiKey" in review.comment
