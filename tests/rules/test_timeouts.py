"""Row 7: what stands behind API Gateway waits for so long, and takes so much."""

from pathlib import Path

import pytest

from tests.files import TOP, behind, report_on_data

RAISED = {"service_quotas": {"integration_timeout": "5m", "response_timeout": "5m"}}


@pytest.mark.parametrize("timeout", ["50ms", "29s", "30s", "60s"])
def test_what_sagemaker_waits_is_taken_where_api_gateway_waits_too(tmp_path: Path, timeout: str) -> None:
    assert report_on_data({**behind("sagemaker", {"timeout": timeout}), **RAISED}, tmp_path) == []


@pytest.mark.parametrize("kind", ["http", "load_balancer", "lambda"])
def test_other_backends_have_what_api_gateway_waits(tmp_path: Path, kind: str) -> None:
    assert report_on_data({**behind(kind, {"timeout": "2m"}), **RAISED}, tmp_path) == []


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
