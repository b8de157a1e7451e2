"""Versions of a model, their shares, and what rolls one back: what is taken, and what leads to no second problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_gateway.conflicts import Place
from tests.files import BACKENDS, MISSING, TOP, changed, report_on_data
from tests.rules.broken import MAIL, ROLLBACK, V1, V2, versioned


def told_of(settings: dict[str, Any], tmp_path: Path, **beside: Any) -> list[str]:
    """What is told of the small file's model with two versions, and with these settings."""
    places = {f"models.predict.{setting}": value for setting, value in settings.items()}
    return [line.removeprefix("models.predict.") for line in report_on_data(versioned({**places, **beside}), tmp_path)]


@pytest.mark.parametrize(
    "right",
    [
        {"split": {"v1": 90, "v2": 10}},
        {"split": {"v1": 0, "v2": 100}},
        {"split": {"v1": 100, "v2": 0}},
        {"split": {"v1": 90, "champion": 10}, "versions": {"v1": V1, "champion": V2}},
        {"split": {"v1": 100, "v2": 0, "v3": 0}, "versions": {"v1": V1, "v2": V2, "v3": V2}},
    ],
    ids=str,
)
def test_shares_that_are_100_together_are_taken(tmp_path: Path, right: dict[str, Any]) -> None:
    assert told_of(right, tmp_path) == []


def test_a_backend_stands_in_each_version(tmp_path: Path) -> None:
    assert told_of({"versions.v2": {"backend": "b"}}, tmp_path, **{"backends.b": BACKENDS["http"]}) == []


@pytest.mark.parametrize("split", [MISSING, {"v1": 100}], ids=["unsaid", "said"])
def test_a_single_version_has_all_requests_also_unsaid(tmp_path: Path, split: Any) -> None:
    assert told_of({"versions": {"v1": V1}, "split": split}, tmp_path) == []


@pytest.mark.parametrize("right", [{}, {"for": "1m"}, {"for": "60s"}, {"for": "1h"}, {"least": 1}, {"errors": "99.9%"},
                                   {"to": "v2"}], ids=str)  # fmt: skip
def test_a_rollback_that_can_be_is_taken(tmp_path: Path, right: dict[str, Any]) -> None:
    assert told_of({"rollback": {**ROLLBACK, **right}}, tmp_path, alerts=MAIL) == []


def test_nobody_who_chooses_a_version_makes_it_fail(tmp_path: Path) -> None:
    chosen = {"choose": "X-Model-Version", "rollback": ROLLBACK}
    assert told_of(chosen, tmp_path, alerts=MAIL) == [
        "rollback: stands beside choose, by which any caller could make a version fail on purpose: who sends "
        "X-Model-Version chooses what is counted; keep one of the two"
    ]


EXAMPLE = yaml.safe_load((TOP / "examples" / "rollouts.yaml").read_text())


def places(section: dict[str, Any], at: Place = ()) -> Iterator[Place]:
    for key, value in section.items():
        yield (*at, key)
        yield from places(value, (*at, key)) if isinstance(value, dict) else ()


@pytest.mark.parametrize("place", [*places(EXAMPLE)], ids=lambda place: ".".join(map(str, place)))
def test_what_was_refused_leads_to_no_second_problem(tmp_path: Path, place: Place) -> None:
    lines = report_on_data(changed({".".join(map(str, place)): [[]]}, EXAMPLE), tmp_path)
    assert lines
    assert [line for line in lines if not line.startswith(".".join(map(str, place)))] == []
