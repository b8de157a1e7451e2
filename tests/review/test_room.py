"""A deploy that has more than a service takes while the old is still there is told before it fails."""

import pytest

from ml_gateway import ModelConfig
from ml_gateway.config import AlertsConfig
from ml_gateway.review.room import QUOTAS
from tests.review.apis import lost
from tests.review.assemblies import resource
from tests.review.conftest import Assemble, ReviewResources, RunReview
from tests.synthesis import Json


def several(type_: str, first: int, end: int, *, group: str = "Log") -> Json:
    """So many of a type, of which the numbers are in their logical ids."""
    named = {QUOTAS[type_].each or "Comment": {"Ref": group}}
    return {f"{group}{number}": resource(type_, **named, Number=number) for number in range(first, end)}


def told(comment: str) -> list[str]:
    return [line for line in lost(comment) if "for a while there would be" in line]


@pytest.mark.parametrize("type_", QUOTAS)
def test_what_is_renamed_at_a_quota_is_told_with_the_way_out(type_: str, review_resources: ReviewResources) -> None:
    """One less before, and as many after: there is no room for one of another name."""
    most = QUOTAS[type_].most
    (line,) = told(review_resources(several(type_, 0, most), several(type_, 1, most + 1)).comment)
    assert line.startswith(f"for a while there would be {most + 1} {QUOTAS[type_].called}, of which AWS gives {most}: ")
    assert line.endswith(QUOTAS[type_].way_out)


@pytest.mark.parametrize("type_", QUOTAS)
@pytest.mark.parametrize(
    ("before", "first", "after"), [(-1, 1, 0), (0, 0, -1), (1, 1, 2)], ids=["room", "fewer", "a raised quota"]
)
def test_what_there_is_room_for_is_not_told(
    type_: str, before: int, first: int, after: int, review_resources: ReviewResources
) -> None:
    """So many more than the quota, before and after, of which as many are the same as have the same number."""
    most = QUOTAS[type_].most
    review = review_resources(several(type_, 0, most + before), several(type_, first, most + after))
    assert told(review.comment) == []


def test_filters_of_two_log_groups_do_not_count_together(review_resources: ReviewResources) -> None:
    type_ = "AWS::Logs::MetricFilter"
    other = several(type_, 0, 60, group="Other")
    assert told(review_resources(several(type_, 0, 60) | other, several(type_, 1, 61) | other).comment) == []


def test_a_rename_among_33_models_with_alerts_is_told(assemble: Assemble, run_review: RunReview) -> None:
    """They have all of the 100 metric filters that a log group takes: 3 each, and one of the API."""
    models = {f"m{number}": ModelConfig(url="https://m.example.com/score") for number in range(33)}
    renamed = {f"m{number}": ModelConfig(url="https://m.example.com/score") for number in range(1, 34)}
    alerts = {"alerts": AlertsConfig(email="ops@acme.com", errors="1%")}
    review = run_review(assemble(models=models, **alerts), assemble(models=renamed, **alerts))
    assert review.status == 1
    (line,) = told(review.comment)
    assert line.startswith("for a while there would be 103 metric filters of one log group, of which AWS gives 100")
    without = run_review(assemble(models=models, **alerts), assemble(models=renamed))
    assert told(without.comment) == []
    assert told(run_review(assemble(models=renamed), assemble(models=renamed, **alerts)).comment) == []
