"""What a review says of versions: one that goes while requests come to it, and other shares, by which overrides end."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ml_gateway import AlertsConfig, ClientConfig, EdgeConfig, Percentage
from ml_gateway.review.rollouts import ENDS
from tests.review.apis import answered, api, lost, plain
from tests.review.assemblies import resource, write_assembly
from tests.review.conftest import Assemble, RunReview
from tests.stacks.regional import DOMAIN, PLAN, TWO

URL = "https://{}.example.com/invocations"
KEPT: dict[str, Any] = {"kept": {"versions": {"v1": {"url": URL.format("kept")}}}}
"""A model that goes on having a version: what writes overrides stays then, and its log."""

PLAIN: dict[str, Any] = {"models": {"predict": {"url": URL.format("plain")}, **KEPT}}


def models(split: Mapping[str, int], **settings: Any) -> dict[str, Any]:
    """The default gateway's model in these versions; a single one needs no split."""
    versions = {name: {"url": URL.format(name)} for name in split}
    several = {"split": dict(split)} if len(split) > 1 else {}
    return {"models": {"predict": {"versions": versions, **several, **settings}, **KEPT}}


def told(version: str, share: int) -> str:
    return (
        f"version predict--{version}: the edge leads {share} of 100 requests to it, which are refused from the end of "
        "the API's deploy to the end of the edge's, some minutes. First deploy a split with 0 for it, and take it out "
        "then (docs/rollouts.md)"
    )


LOSSES: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("a version with a share goes", models({"v1": 90, "v2": 10}), models({"v1": 100}), [told("v2", 10)]),
    ("the first version goes", models({"v1": 90, "v2": 10}), models({"v2": 100}), [told("v1", 90)]),
    ("all versions go", models({"v1": 60, "v2": 40}), PLAIN, [told("v1", 60), told("v2", 40)]),
    ("one of three goes, and another one comes", models({"v1": 50, "v2": 30, "v3": 20}),
     models({"v1": 50, "v3": 20, "v4": 30}), [told("v2", 30)]),
    ("a version without a share goes", models({"v1": 100, "v2": 0}), models({"v1": 100}), []),
    ("the first version goes without a share", models({"v1": 0, "v2": 100}), models({"v2": 100}), []),
    ("a version goes that was alone", models({"v1": 100}), models({"v2": 100}), []),
    ("the last version goes", models({"v1": 100}), PLAIN, []),
    ("one that was alone goes, and two come", models({"v1": 100}), models({"v2": 50, "v3": 50}), []),
    ("a version comes", models({"v1": 90, "v2": 10}), models({"v1": 90, "v2": 5, "v3": 5}), []),
    ("a second version comes", models({"v1": 100}), models({"v1": 90, "v2": 10}), []),
    ("a model gets a version", PLAIN, models({"v1": 100}), []),
    ("a model gets versions", PLAIN, models({"v1": 90, "v2": 10}), []),
    ("other shares", models({"v1": 90, "v2": 10}), models({"v1": 80, "v2": 20}), []),
    ("no share any more", models({"v1": 90, "v2": 10}), models({"v1": 100, "v2": 0}), []),
    ("another order", models({"v1": 90, "v2": 10}), models({"v2": 10, "v1": 90}), []),
    ("another way to be sticky", models({"v1": 90, "v2": 10}), models({"v1": 90, "v2": 10}, choose="x-version"), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"), [case[1:] for case in LOSSES], ids=[case[0] for case in LOSSES]
)
def test_only_a_version_that_requests_are_led_to_is_lost(
    before: dict[str, Any], after: dict[str, Any], expected: list[str], assemble: Assemble, run_review: RunReview
) -> None:
    """So the model's own path goes on answering, and nobody else asks for a version."""
    old, new = assemble(**before), assemble(**after)
    review = run_review(old, new)
    assert sorted(lost(review.comment)) == sorted(expected)
    assert review.status == bool(expected)
    assert run_review(old, new, "--labelled").status == 0
    assert old != new


def test_a_version_is_lost_in_each_region(assemble: Assemble, run_review: RunReview) -> None:
    regional: dict[str, Any] = {
        "regions": TWO,
        "plans": {"default": PLAN},
        "clients": {"app": ClientConfig(plan="default")},
        "edge": EdgeConfig(domain=DOMAIN),
    }
    old = assemble(**regional, **models({"v1": 90, "v2": 10}))
    review = run_review(old, assemble(**regional, **models({"v1": 100})))
    assert lost(review.comment) == [told("v2", 10)] * 2


TWO_VERSIONS = {"v1": 90, "v2": 10}
MOVED = "model predict: https://<distribution>/predict stops answering"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (models(TWO_VERSIONS), {"models": KEPT}, MOVED),
        (models(TWO_VERSIONS), models(TWO_VERSIONS, path="/p"),
         f"{MOVED}; the model answers at https://<distribution>/p now"),
        (models(TWO_VERSIONS, methods=("POST", "GET")), models(TWO_VERSIONS),
         "model predict: GET /predict stops answering"),
    ],
    ids=["the model goes", "another path", "a method goes"],
)  # fmt: skip
def test_what_callers_of_all_versions_lose_is_said_of_the_model_alone(
    before: dict[str, Any], after: dict[str, Any], expected: str, assemble: Assemble, run_review: RunReview
) -> None:
    """No split would help."""
    assert lost(run_review(assemble(**before), assemble(**after)).comment) == [expected]


def details(comment: str) -> list[str]:
    """Of the rows of resources that have the shares of a model, what changes."""
    return [plain(line) for line in comment.splitlines() if "Custom::ModelShares" in line]


@pytest.mark.parametrize(
    ("after", "row"),
    [
        (models({"v1": 80, "v2": 20}), "changed"),
        (models({"v1": 90, "v2": 10, "v3": 0}), "changed"),
        (PLAIN, "removed"),
    ],
    ids=["other shares", "other versions", "none"],
)
def test_a_deploy_of_other_shares_says_that_overrides_end(
    after: dict[str, Any], row: str, assemble: Assemble, run_review: RunReview
) -> None:
    (found,) = details(run_review(assemble(**models({"v1": 90, "v2": 10})), assemble(**after)).comment)
    assert row in found
    assert ENDS in found
    assert "the output OverridesCommand shows whether there are any" in found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, models({"v1": 90, "v2": 10})),
        (models({"v1": 90, "v2": 10}), models({"v1": 90, "v2": 10}, timeout="5s")),
    ],
    ids=["the first shares", "the same shares"],
)
def test_where_no_override_ends_nothing_is_said_of_them(
    before: dict[str, Any], after: dict[str, Any], assemble: Assemble, run_review: RunReview
) -> None:
    review = run_review(assemble(**before), assemble(**after))
    assert "No difference in resources" not in review.comment
    assert ENDS not in plain(review.comment)


def test_the_last_version_of_a_gateway_takes_the_log_of_overrides_along(
    assemble: Assemble, run_review: RunReview
) -> None:
    plain_model = {"models": {"kept": {"url": URL.format("kept")}}}
    (line,) = lost(run_review(assemble(models=KEPT), assemble(**plain_model)).comment)
    assert line.startswith("OverridesLog")
    assert line.endswith("(AWS::Logs::LogGroup), removed: its lines are lost")


def test_an_alarm_that_comes_needs_no_label(assemble: Assemble, run_review: RunReview) -> None:
    alerts = {"alerts": AlertsConfig(email="ops@acme.com", errors=Percentage(1))}
    rollback = {"rollback": {"to": "v1", "errors": "2%"}}
    old, new = (assemble(**alerts, **models({"v1": 90, "v2": 10}, **more)) for more in ({}, rollback))
    assert run_review(old, new).status == 0


# Written by hand: whose shares count


VERSION = {"m": "/m", "m--v2": "/m--v2/m"}
WITH_IT = api(answered("POST /m", "POST /m--v2/m"), models=VERSION)
WITHOUT_IT = api(answered("POST /m"), models={"m": "/m"})


def shares(**properties: Any) -> dict[str, Any]:
    return {"Shares": resource("Custom::ModelShares", **properties)}


@pytest.mark.parametrize(
    ("edge", "resources", "expected"),
    [
        ("acme-edge", shares(Model="m", Split={"v1": 60, "v2": 40}), 1),
        ("acme-edge", shares(Model="m", Split={"v1": 100, "v2": 0}), 0),
        ("acme-edge", shares(Model="m", Split={"v2": 100}), 0),
        ("other-edge", shares(Model="m", Split={"v1": 60, "v2": 40}), 0),
        ("acme-edge", shares(Model="other", Split={"v1": 60, "v2": 40}), 0),
        ("acme-edge", shares(Model="m"), 0),
        ("acme-edge", shares(Model={"Ref": "M"}, Split={"v2": 40}), 0),
        ("acme-edge", shares(Model="m", Split={"Ref": "Split"}), 0),
        ("acme-edge", {"Shares": resource("Custom::Other", Model="m", Split={"v1": 60, "v2": 40})}, 0),
        ("acme-edge", {"Shares": {"Type": "Custom::ModelShares"}}, 0),
    ],
)
def test_the_shares_are_those_of_the_edge_of_the_same_gateway(
    edge: str, resources: dict[str, Any], expected: int, tmp_path: Path, run_review: RunReview
) -> None:
    old = write_assembly(tmp_path / "old", {"acme-api": WITH_IT, edge: resources})
    review = run_review(old, write_assembly(tmp_path / "new", {"acme-api": WITHOUT_IT, edge: resources}))
    assert [line.partition(":")[0] for line in lost(review.comment)] == ["version m--v2"] * expected
    assert review.status == expected
