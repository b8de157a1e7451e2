"""URLs, paths, headers, ports and times: the bounds between which the services take them."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.files import changed, get, report_on_data


@pytest.mark.parametrize(
    "url",
    ["https://a.b", "https://a.b:443/", "https://a.b:8443/c/d?e=f&g=@h", "https://8.8.8.8:1024/%20", "https://a_b.c/"],
)
def test_a_url_may_have_a_port_a_path_and_a_query(tmp_path: Path, url: str) -> None:
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == []


@pytest.mark.parametrize(
    "path",
    ["/a", "/ping/a", "/a/ping", "/v1/fraud:predict", "/a.b/..c", "/$x/_-", "/{proxy+}", "/{a}/b/{c}", "/a/{b}/{c_1+}"],
)
def test_a_path_has_the_characters_of_api_gateway(tmp_path: Path, path: str) -> None:
    assert report_on_data(changed({"models.predict": get(path)}), tmp_path) == []


@pytest.mark.parametrize(("quota", "most"), [("1000/day", 0), ("1000/week", 6), ("1000/month", 27)])
def test_an_offset_is_at_most_what_the_period_of_its_quota_takes(tmp_path: Path, quota: str, most: int) -> None:
    right = changed({"plans.default.quota": quota, "plans.default.offset": most})
    wrong = changed({"plans.default.quota": quota, "plans.default.offset": most + 1})
    assert report_on_data(right, tmp_path) == []
    assert report_on_data(wrong, tmp_path) == [
        f"plans.default.offset: {most + 1} is more than a quota for each {quota.partition('/')[2]} takes; "
        f"write at most {most}"
    ]


@given(st.integers(0, 70_000))
@example(80)
@example(443)
@example(1023)
@example(1024)
@example(65535)
@example(65536)
def test_a_port_is_one_that_api_gateway_reaches(tmp_path_factory: pytest.TempPathFactory, port: int) -> None:
    lines = report_on_data(changed({"models.predict.url": f"https://a.b:{port}/"}), tmp_path_factory.getbasetemp())
    reached = port in (80, 443) or 1024 <= port <= 65535
    assert lines == (
        []
        if reached
        else [
            f"models.predict.url: API Gateway does not reach port {port}; serve the model on 80, 443 or 1024 to 65535"
        ]
    )


@given(st.integers(0, 40_000))
@example(49)
@example(50)
@example(29_000)
@example(29_001)
def test_a_timeout_is_between_50_ms_and_29_s(tmp_path_factory: pytest.TempPathFactory, milliseconds: int) -> None:
    settings = changed({"models.predict.timeout": f"{milliseconds}ms"})
    lines = report_on_data(settings, tmp_path_factory.getbasetemp())
    assert len(lines) == (0 if 50 <= milliseconds <= 29_000 else 1)


@pytest.mark.parametrize(
    "days",
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
)
def test_a_retention_is_one_that_cloudwatch_logs_offers(tmp_path: Path, days: int) -> None:
    assert report_on_data(changed({"logs.retention": f"{days}d"}), tmp_path) == []
