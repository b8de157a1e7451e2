"""Where what the file names by ARN is: in the region and account of the gateway."""

from pathlib import Path

import pytest

from tests.files import LISTENER, LOAD_BALANCER, MISSING, behind, report_on_data

ARN = "arn:aws:lambda:us-east-1:123456789012:function:fraud"


def cut(text: str) -> str:
    """A long text as messages show it."""
    return repr(text) if len(text) <= 78 else f"{text[:75]!r}"[:-1] + "...'"


@pytest.mark.parametrize(
    ("kind", "setting", "arn"),
    [
        ("lambda", "function", ARN),
        ("lambda", "function", f"{ARN}:live"),
        ("load_balancer", "listener", LISTENER),
        ("load_balancer", "load_balancer", LOAD_BALANCER.replace("/app/", "/net/")),
    ],
)
def test_an_arn_is_of_the_region_and_account_of_the_gateway(tmp_path: Path, kind: str, setting: str, arn: str) -> None:
    lone = {"listener": MISSING} if setting == "load_balancer" else {}
    here = behind(kind, **{**lone, setting: arn})
    assert report_on_data({**here, "account": "123456789012"}, tmp_path) == []
    elsewhere = report_on_data({**here, "regions": ["eu-west-1"], "account": "999999999999"}, tmp_path)
    assert elsewhere == [
        f"backends.b.{setting}: {cut(arn)} is in us-east-1, but the gateway is in eu-west-1; name one in eu-west-1",
        f"backends.b.{setting}: {cut(arn)} is of account 123456789012, but the gateway is of 999999999999; name one of "
        "that account",
    ]
