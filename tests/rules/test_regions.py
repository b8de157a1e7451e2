"""Several regions: what is taken, and what callers may ask of all together."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import LimitConfig, PlanConfig, RequestQuota, RequestRate
from ml_gateway.design.plans import MethodLimit, in_each_region
from tests.files import REGIONAL, ZONE, changed, report_on_data


def test_two_regions_with_a_zone_and_a_plan_that_says_what_they_share_are_right(tmp_path: Path) -> None:
    assert report_on_data(changed(REGIONAL), tmp_path) == []


def test_one_region_that_answers_is_enough(tmp_path: Path) -> None:
    regions = {"us-east-1": {"drain": True}, "eu-west-1": {}}
    assert report_on_data(changed({**REGIONAL, "regions": regions}), tmp_path) == []


@pytest.mark.parametrize("across_regions", ["each", "split"])
def test_one_region_may_say_it_too(tmp_path: Path, across_regions: str) -> None:
    assert report_on_data(changed({"plans.default.across_regions": across_regions}), tmp_path) == []


@pytest.mark.parametrize(
    ("setting", "value"), [("burst", 1), ("quota", "1/day"), ("limits", {"predict": {"rate": "1/s", "burst": 1}})]
)
def test_what_cannot_be_split_may_be_that_of_each_region(tmp_path: Path, setting: str, value: Any) -> None:
    assert report_on_data(changed({**REGIONAL, f"plans.default.{setting}": value}), tmp_path) == []


@given(st.floats(0.01, 10_000), st.integers(1, 5_000), st.integers(1, 10**9), st.integers(1, 30))
def test_the_parts_of_a_plan_are_never_more_than_the_whole(rate: float, burst: int, quota: int, regions: int) -> None:
    limits = {"own": LimitConfig(rate=RequestRate(rate), burst=burst), "usual": LimitConfig(rate=RequestRate(rate))}
    plan = PlanConfig(rate=RequestRate(rate), burst=burst, quota=RequestQuota(quota, "day"), limits=limits)
    plan = plan.model_copy(update={"across_regions": "split"})
    part = in_each_region(plan, regions)
    for name, limit in limits.items():
        whole, here = MethodLimit.of(limit).burst, MethodLimit.of(part.limits[name]).burst
        assert here * regions <= whole or whole < regions
    assert part.quota is not None
    assert part.rate.per_second * regions == pytest.approx(rate)
    if min(burst, quota) >= regions:
        assert 0 <= burst - part.burst * regions < regions
        assert 0 <= quota - part.quota.requests * regions < regions
    assert in_each_region(plan, 1).rate == plan.rate


@pytest.mark.parametrize(
    "url",
    [
        "https://model.{region}.example.com/invocations",
        "https://model-{region}.example.com/a",
        "https://model.example.com/{region}/score",
        "https://model.example.com/score?at={region}",
    ],
)
def test_a_url_may_have_the_region_in_it(tmp_path: Path, url: str) -> None:
    assert report_on_data(changed({**REGIONAL, "models.predict.url": url}), tmp_path) == []


def test_the_name_of_the_origin_fits_a_certificate(tmp_path: Path) -> None:
    name = f"{'a' * (64 - len('origin..acme.com'))}.acme.com"
    assert report_on_data(changed({"edge.domain": {**ZONE, "name": name}}), tmp_path) == []
