"""Where what the file names by ARN is: in the region and account of the gateway."""

from pathlib import Path

import pytest

from tests.files import LISTENER, LOAD_BALANCER, MISSING, behind, report_on_data

ARN = "arn:aws:lambda:us-east-1:123456789012:function:fraud"


@pytest.mark.parametrize(
    ("kind", "setting", "arn"),
    [
        ("lambda", "function", ARN),
        ("lambda", "function", f"{ARN}:live"),
        ("load_balancer", "listener", LISTENER),
        ("load_balancer", "load_balancer", LOAD_BALANCER.replace("/app/", "/net/")),
    ],
)
def test_an_arn_of_the_region_and_account_of_the_gateway_is_taken(
    tmp_path: Path, kind: str, setting: str, arn: str
) -> None:
    lone = {"listener": MISSING} if setting == "load_balancer" else {}
    here = behind(kind, **{**lone, setting: arn})
    assert report_on_data({**here, "account": "123456789012"}, tmp_path) == []
