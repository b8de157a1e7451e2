"""Several regions: what they need, what differs between them, and what callers may ask of all together."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import LimitConfig, PlanConfig, RequestQuota, RequestRate
from ml_gateway.design.plans import MethodLimit, in_each_region
from tests.files import MISSING, REGIONAL, TWO_REGIONS, ZONE, changed, report_on_data

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_two_regions_with_a_zone_and_a_plan_that_says_what_they_share_are_right(tmp_path: Path) -> None:
    assert report_on_data(changed(REGIONAL), tmp_path) == []


def test_several_regions_need_a_zone(tmp_path: Path) -> None:
    for domain in (MISSING, {"name": "ml.acme.com", "certificate": CERTIFICATE}):
        changes = {key: value for key, value in {**REGIONAL, "edge.domain": domain}.items() if value is not MISSING}
        assert report_on_data(changed(changes), tmp_path) == [
            "regions: 2 regions are behind one address by a name in a zone of Route 53, and there is none; write "
            "edge.domain with hosted_zone, or keep one region"
        ]


@pytest.mark.parametrize(
    "regions", [{"us-east-1": {"drain": True}}, {region: {"drain": True} for region in TWO_REGIONS}], ids=len
)
def test_no_file_drains_every_region(tmp_path: Path, regions: dict[str, Any]) -> None:
    assert report_on_data(changed({**REGIONAL, "regions": regions}), tmp_path) == [
        f"regions.{[*regions][-1]}.drain: true for every region leaves none that answers; take it off one"
    ]


def test_one_region_that_answers_is_enough(tmp_path: Path) -> None:
    regions = {"us-east-1": {"drain": True}, "eu-west-1": {}}
    assert report_on_data(changed({**REGIONAL, "regions": regions}), tmp_path) == []


def test_a_plan_says_what_several_regions_share(tmp_path: Path) -> None:
    clients = {"app": {"plan": {"rate": "1/s", "burst": 2}}, "web": {"plan": "default"}}
    without = changed({"regions": TWO_REGIONS, "edge.domain": ZONE, "clients": clients})
    message = (
        "missing; API Gateway counts in each of the 2 regions for itself. Write across_regions: each, and every region "
        "lets all of it through, or across_regions: split, and each lets through its part"
    )
    assert report_on_data(without, tmp_path) == [
        f"plans.default.across_regions: {message}",
        f"clients.app.plan.across_regions: {message}",
    ]


@pytest.mark.parametrize("across_regions", ["each", "split"])
def test_one_region_may_say_it_too(tmp_path: Path, across_regions: str) -> None:
    assert report_on_data(changed({"plans.default.across_regions": across_regions}), tmp_path) == []


@pytest.mark.parametrize(
    ("place", "value", "count"),
    [("burst", 1, 1), ("quota", "1/day", 1), ("limits", {"predict": {"rate": "1/s", "burst": 1}}, 1)],
)
def test_what_cannot_be_split_is_refused(tmp_path: Path, place: str, value: Any, count: int) -> None:
    changes = {**REGIONAL, "plans.default.across_regions": "split", f"plans.default.{place}": value}
    at = f"{place}.predict" if place == "limits" else place
    said = f"a burst of {count}" if place == "limits" else str(count)
    assert report_on_data(changed(changes), tmp_path) == [
        f"plans.default.{at}: {said} cannot be split between 2 regions; write at least 2, or across_regions: each"
    ]
    assert report_on_data(changed({**changes, "plans.default.across_regions": "each"}), tmp_path) == []


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


def test_a_url_with_a_region_is_looked_at_as_any_other(tmp_path: Path) -> None:
    for url, said in (
        ("https://{region}", "'{region}' is a name without a domain"),
        ("https://bedrock-runtime.{region}.amazonaws.com/model", "'bedrock-runtime.{region}.amazonaws.com' wants"),
        ("https://user:word@model.{region}.example.com", "the URL holds a user name or password"),
    ):
        (line,) = report_on_data(changed({**REGIONAL, "models.predict.url": url}), tmp_path)
        assert line.startswith(f"models.predict.url: {said}"), line
        assert "zz-" not in line


def test_no_variable_of_a_path_is_called_region(tmp_path: Path) -> None:
    model = {"url": "https://model.example.com/{region}", "path": "/score/{region}"}
    assert report_on_data(changed({"models.predict": model}), tmp_path) == [
        "models.predict.path: '/score/{region}' has the variable {region}, which in a url is the region of the API; "
        "rename it"
    ]


def test_an_alarm_is_not_in_the_region_that_it_is_for(tmp_path: Path) -> None:
    regions = {"us-east-1": {"alarm_region": "us-east-1"}, "eu-west-1": {}}
    assert report_on_data(changed({**REGIONAL, "regions": regions}), tmp_path) == [
        "regions.us-east-1.alarm_region: 'us-east-1' is the region that the alarm is for, and may be gone with it; "
        "write another"
    ]


@pytest.mark.parametrize(
    ("regions", "line"),
    [
        ({"us-east1": {}}, "regions.us-east1: 'us-east1' is not a commercial region; did you mean 'us-east-1'?"),
        (["us-east-1", "us-east-1"], "regions: 'us-east-1' is listed twice; keep one"),
        ({"us-east-1": {"drained": True}}, "regions.us-east-1.drained: unknown key; did you mean 'drain'?"),
        ({"us-east-1": {"drain": "yes"}}, "regions.us-east-1.drain: 'yes' is not true or false; write drain: true"),
    ],
    ids=str,
)
def test_a_region_is_written_as_it_is_called(tmp_path: Path, regions: Any, line: str) -> None:
    (found,) = report_on_data(changed({"regions": regions}), tmp_path)
    assert found.startswith(line), found


@pytest.mark.parametrize(
    ("domain", "line"),
    [
        (
            {**ZONE, "origin": "ml.acme.com"},
            "edge.domain.origin: 'ml.acme.com' is what callers use; write another, such as origin.ml.acme.com",
        ),
        (
            {"name": "ml.acme.com", "certificate": CERTIFICATE, "origin": "o.acme.com"},
            "edge.domain.origin: has no effect without hosted_zone, which gets its record; write that, or leave the "
            "line out",
        ),
    ],
)
def test_the_origin_has_a_name_of_its_own_in_the_zone(tmp_path: Path, domain: dict[str, str], line: str) -> None:
    assert report_on_data(changed({"edge.domain": domain}), tmp_path) == [line]


@pytest.mark.parametrize(("length", "right"), [(64, True), (65, False)])
def test_the_origin_fits_a_certificate(tmp_path: Path, length: int, right: bool) -> None:
    name = f"{'a' * (length - len('origin..acme.com'))}.acme.com"
    lines = report_on_data(changed({"edge.domain": {**ZONE, "name": name}}), tmp_path)
    assert (lines == []) is right
    if not right:
        assert lines == [
            f"edge.domain.origin: 'origin.{name}' has 65 characters, and ACM takes 64 for the first name of a "
            "certificate; write a shorter one here"
        ]
