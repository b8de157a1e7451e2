"""Row 7: what stands behind API Gateway waits for so long, and takes so much."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import TOP, behind, report_on_data

RAISED = {"service_quotas": {"integration_timeout": "5m", "response_timeout": "5m"}}
TOO_LONG = (
    "models.predict.timeout: {0} is longer than the 1m that SageMaker gives a model to answer; write at most that, or "
    "have it answer later: protocol: sagemaker has /async-invocations, for an asynchronous endpoint"
)


@pytest.mark.parametrize("protocol", ["raw", "sagemaker"])
@pytest.mark.parametrize("quotas", [{}, RAISED], ids=["usual quotas", "raised quotas"])
@pytest.mark.parametrize("timeout", ["60001ms", "61s", "2m", "15m"])
def test_a_timeout_that_sagemaker_does_not_wait_is_refused_once(
    tmp_path: Path, protocol: str, quotas: dict[str, Any], timeout: str
) -> None:
    settings = {**behind("sagemaker", {"protocol": protocol, "timeout": timeout}), **quotas}
    assert report_on_data(settings, tmp_path) == [TOO_LONG.format(timeout)]


@pytest.mark.parametrize("timeout", ["50ms", "29s", "30s", "60s"])
def test_what_sagemaker_waits_is_taken_where_api_gateway_waits_too(tmp_path: Path, timeout: str) -> None:
    assert report_on_data({**behind("sagemaker", {"timeout": timeout}), **RAISED}, tmp_path) == []


@pytest.mark.parametrize("kind", ["http", "load_balancer", "lambda"])
def test_other_backends_have_what_api_gateway_waits(tmp_path: Path, kind: str) -> None:
    assert report_on_data({**behind(kind, {"timeout": "2m"}), **RAISED}, tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "way_out"),
    [
        ("http", "stream: true, or "),
        ("load_balancer", "stream: true, or "),
        ("lambda", "stream: true, for which the function answers in another form (docs/backends.md), or "),
        ("sagemaker", ""),
    ],
)
def test_nobody_is_sent_to_a_stream_that_cannot_be(tmp_path: Path, kind: str, way_out: str) -> None:
    assert report_on_data(behind(kind, {"timeout": "30s"}), tmp_path) == [
        "models.predict.timeout: 30s is longer than the 29s that API Gateway waits for a whole answer; write "
        f"{way_out}service_quotas: {{integration_timeout: 30s}} once AWS raised it for the account"
    ]


@pytest.mark.parametrize(
    ("limit", "value", "way_out"),
    [
        ("answer of a SageMaker endpoint", "60 s", "/async-invocations"),
        ("body to a SageMaker endpoint", "6 MB; serverless 4 MB, either way", "/async-invocations"),
        ("body to a Lambda function", "6 MB as an event in base64: about 4.5 MB", "reference to the data"),
        ("answer of a Lambda function", "6 MB; as a stream 200 MB", "stream: true"),
    ],
)
def test_what_no_file_can_tell_is_listed_with_its_way_out(limit: str, value: str, way_out: str) -> None:
    rows = [line for line in (TOP / "docs/limits.md").read_text().splitlines() if line.startswith(f"| {limit} |")]
    (row,) = rows
    assert f"| {value} |" in row
    assert way_out in row
