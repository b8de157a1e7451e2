"""Regions in a review: one that arrives, one that goes, and a name that would lead to nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ml_gateway import ClientConfig, DomainConfig, EdgeConfig, LogsConfig
from ml_gateway.review import guards
from ml_gateway.review.assembly import read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.guards import findings
from ml_gateway.review.regions import REMOVED_STACK
from tests.review.assemblies import resource, write_assembly
from tests.review.conftest import Assemble, RunReview
from tests.stacks.regional import DOMAIN, PLAN

US, EU, AP = "us-east-1", "eu-west-1", "ap-south-1"
PAGE = " (docs/regions.md)"
DRAINED = {"drain": True}
ANSWERS: dict[str, bool] = {}
"""What a region says to which requests come."""

Regions = Mapping[str, Mapping[str, Any]]
Review = Callable[..., dict[str, list[str]]]


@pytest.fixture
def review(assemble: Assemble) -> Review:
    """What a review says by stack and region, of two lists of regions; `before` and `after` change more."""

    def run(
        old: Regions,
        new: Regions,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> dict[str, list[str]]:
        usual = {
            "plans": {"default": PLAN},
            "clients": {"app": ClientConfig(plan="default")},
            "edge": EdgeConfig(domain=DOMAIN),
        }
        of_old, of_new = (
            read_assembly(assemble(**{**usual, "regions": dict(regions), **(more or {})}))
            for regions, more in ((old, before), (new, after))
        )
        said: dict[str, list[str]] = {}
        for finding in findings(compare(of_old, of_new), old=of_old, new=of_new):
            text = "".join(word if isinstance(word, str) else word.text for word in finding.what)
            said.setdefault("@".join(finding.stack), []).append(text)
        return said

    return run


def test_a_region_that_arrives_drained_needs_no_label(review: Review) -> None:
    assert review({US: ANSWERS}, {US: ANSWERS, EU: DRAINED}) == {}
    assert review({US: ANSWERS, EU: ANSWERS}, {US: ANSWERS, EU: ANSWERS, AP: DRAINED}) == {}


def test_a_region_that_arrives_with_a_record_is_told_to_arrive_drained(review: Review) -> None:
    assert review({US: ANSWERS}, {US: ANSWERS, EU: ANSWERS}) == {
        "acme-ml-api@eu-west-1": [
            "a new region, which answers as soon as it is there: let it arrive drained, regions: {eu-west-1: {drain: "
            f"true}}}}, look at it, and take that out in another deploy{PAGE}"
        ]
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({US: ANSWERS, EU: DRAINED}, {US: ANSWERS, EU: ANSWERS}),
        ({US: ANSWERS, EU: ANSWERS}, {US: ANSWERS, EU: DRAINED}),
        ({US: ANSWERS, EU: ANSWERS}, {EU: ANSWERS, US: ANSWERS}),
    ],
    ids=["brought in", "drained", "in another order"],
)
def test_draining_and_bringing_back_need_no_label(review: Review, old: Regions, new: Regions) -> None:
    assert review(old, new) == {}


def test_the_last_region_that_answers_is_not_drained_in_the_deploy_that_brings_another_in(review: Review) -> None:
    said = review({US: ANSWERS, EU: DRAINED}, {US: DRAINED, EU: ANSWERS})
    assert said["acme-ml-api@us-east-1"][-1] == (
        "nothing answers at origin.ml.acme.com while this is deployed: no region that answers goes on, and the others "
        f"may come too late: bring one of them back first, and deploy{PAGE}"
    )
    assert "acme-ml-api@eu-west-1" not in said


def test_taking_away_a_region_that_answers_is_refused_with_the_steps(review: Review) -> None:
    said = review({US: ANSWERS, EU: ANSWERS, AP: ANSWERS}, {US: ANSWERS, EU: ANSWERS})
    steps = (
        f"the whole stack, removed: {REMOVED_STACK}. The region still answers: first regions: {{ap-south-1: {{drain: "
        "true}}, deploy, wait, then cdk destroy --exclusively acme-ml-api-ap-south-1 acme-ml-drain-ap-south-1 while "
        f"the file still has it{PAGE}"
    )
    assert said == {"acme-ml-api@ap-south-1": [steps], "acme-ml-drain-ap-south-1@us-east-1": [steps]}


def test_of_a_region_that_is_drained_the_last_step_is_named(review: Review) -> None:
    said = review({US: ANSWERS, EU: ANSWERS, AP: DRAINED}, {US: ANSWERS, EU: ANSWERS})
    step = (
        f"the whole stack, removed: {REMOVED_STACK}. First cdk destroy --exclusively acme-ml-api-ap-south-1 "
        f"acme-ml-drain-ap-south-1 while the file still has it{PAGE}"
    )
    assert said == {"acme-ml-api@ap-south-1": [step], "acme-ml-drain-ap-south-1@us-east-1": [step]}


def test_the_last_region_loses_its_drain_and_the_other_all_of_it(review: Review) -> None:
    logs = {"logs": LogsConfig(account_role="create")}
    said = review({US: ANSWERS, EU: DRAINED}, {US: ANSWERS}, before=logs, after=logs)
    of_eu = "acme-ml-account-eu-west-1 acme-ml-api-eu-west-1 acme-ml-drain-eu-west-1"
    assert {stack: line.partition(". ")[2] for stack, (line,) in said.items()} == {
        "acme-ml-account@eu-west-1": f"First cdk destroy --exclusively {of_eu} while the file still has it{PAGE}",
        "acme-ml-api@eu-west-1": f"First cdk destroy --exclusively {of_eu} while the file still has it{PAGE}",
        "acme-ml-drain-eu-west-1@us-east-1": f"First cdk destroy --exclusively {of_eu} while the file still has it"
        f"{PAGE}",
        "acme-ml-drain-us-east-1@us-west-2": "First cdk destroy --exclusively acme-ml-drain-us-east-1 while the file "
        f"still has it{PAGE}",
    }


def test_an_account_stack_of_a_region_that_stays_is_no_region_that_goes(review: Review) -> None:
    said = review({US: ANSWERS}, {US: ANSWERS}, before={"logs": LogsConfig(account_role="create")})
    assert said == {"acme-ml-account@us-east-1": [f"the whole stack, removed: {REMOVED_STACK}"]}


def test_without_an_origin_name_the_old_region_is_left_until_the_new_one_answers(review: Review) -> None:
    without: dict[str, object] = {"edge": EdgeConfig()}
    said = review({US: ANSWERS}, {EU: ANSWERS}, before=without, after=without)
    assert said == {"acme-ml-api@us-east-1": [f"the whole stack, removed: {REMOVED_STACK}"]}


def test_a_move_in_one_deploy_is_refused_with_its_order(review: Review) -> None:
    said = review({US: ANSWERS}, {EU: ANSWERS})
    assert said["acme-ml-api@us-east-1"] == [
        f"the whole stack, removed: {REMOVED_STACK}. No region that answers goes on. Keep it, add the new one drained, "
        f"bring that in, drain this one, and take it away last{PAGE}"
    ]


def test_a_region_that_comes_with_the_first_name_need_not_be_drained(review: Review) -> None:
    said = review({US: ANSWERS}, {US: ANSWERS, EU: ANSWERS}, before={"edge": EdgeConfig()})
    assert said == {}


def test_an_alarm_that_moves_is_deleted_after_the_deploy(review: Review) -> None:
    there = {US: ANSWERS, EU: {**ANSWERS, "alarm_region": "us-east-2"}}
    assert review({US: ANSWERS, EU: ANSWERS}, there) == {
        "acme-ml-drain-eu-west-1@us-east-1": [
            "its alarm is in another region now: deploy, then aws cloudformation delete-stack --stack-name "
            f"acme-ml-drain-eu-west-1 --region us-east-1, and not while it drains{PAGE}"
        ]
    }


def test_stacks_of_other_apps_are_none_of_a_gateway(run_review: RunReview, tmp_path: Path) -> None:
    record = resource("AWS::Route53::RecordSet", Name="a.b.", Type="A", Region="us-east-1", SetIdentifier="x")
    both = write_assembly(tmp_path / "old", {"shop-api": {"A": record}, "shop-two": {"B": record}})
    gone = run_review(both, write_assembly(tmp_path / "new", {"shop-two": {"B": record}}))
    assert "the whole stack, removed" in gone.comment
    assert "cdk destroy" not in gone.comment
    less = write_assembly(tmp_path / "less", {"shop-api": {}, "shop-two": {"B": record}})
    assert run_review(both, less).status == 1


def test_losing_the_zone_is_guarded_with_the_reason(review: Review) -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    without = EdgeConfig(domain=DomainConfig(name="ml.acme.com", certificate=certificate))
    said = review({US: ANSWERS}, {US: ANSWERS}, after={"edge": without})["acme-ml-api@us-east-1"]
    assert said[-1] == (
        "nothing answers at origin.ml.acme.com while this is deployed: the distribution asks there until its own "
        f"deploy, which comes last. Keep the name by edge.domain: {{origin: origin.ml.acme.com}}, with the hosted zone"
        f"{PAGE}"
    )


def test_another_origin_name_is_guarded_and_keeping_it_is_not(review: Review) -> None:
    def edge(**domain: str) -> dict[str, EdgeConfig]:
        return {"edge": EdgeConfig(domain=DOMAIN.model_copy(update=domain))}

    said = review({US: ANSWERS}, {US: ANSWERS}, after=edge(origin="apis.acme.com"))["acme-ml-api@us-east-1"]
    assert said[-1].startswith("nothing answers at origin.ml.acme.com while this is deployed: ")
    kept = review({US: ANSWERS}, {US: ANSWERS}, after=edge(name="new.acme.com", origin="origin.ml.acme.com"))
    assert "acme-ml-api@us-east-1" not in kept


def test_getting_a_zone_needs_no_label(review: Review) -> None:
    assert review({US: ANSWERS}, {US: ANSWERS}, before={"edge": EdgeConfig()}) == {}


@pytest.mark.parametrize("guard", ["arrives", "unanswered"])
def test_without_its_guard_the_short_cut_would_pass(
    guard: str, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_cuts: dict[str, tuple[Regions, Regions]] = {
        "arrives": ({US: ANSWERS}, {US: ANSWERS, EU: ANSWERS}),
        "unanswered": ({US: ANSWERS, EU: DRAINED}, {US: DRAINED, EU: ANSWERS}),
    }
    assert review(*short_cuts[guard]) != {}
    monkeypatch.setattr(guards, guard, lambda *_: ())
    monkeypatch.setattr(guards, "is_drained", lambda *_: True)
    assert review(*short_cuts[guard]) == {}
