"""What backends name in several regions: one value that holds in each, or a map."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.backends import LambdaBackend
from tests.files import LISTENER, LOAD_BALANCER, MISSING, REGIONAL, behind, changed, report_on_data

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:fraud"


def elsewhere(arn: str) -> str:
    return arn.replace("us-east-1", "eu-west-1")


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("lambda", "function", FUNCTION),
        ("load_balancer", "listener", LISTENER),
        ("load_balancer", "load_balancer", LOAD_BALANCER),
        ("load_balancer", "vpc_link", "a1b2c3"),
        ("load_balancer", "subnets", ["subnet-0123456789abcdef0"]),
        ("load_balancer", "security_groups", ["sg-0123456789abcdef0"]),
    ],
)
def test_what_is_in_one_region_is_given_for_each(tmp_path: Path, kind: str, setting: str, value: Any) -> None:
    def by_region(text: Any) -> Any:
        moved = elsewhere(text) if isinstance(text, str) else text
        return {"us-east-1": text, "eu-west-1": moved}

    usual = {"listener": by_region(LISTENER), "subnets": by_region(["subnet-0123456789abcdef0"])}
    if setting == "vpc_link":
        usual["subnets"] = MISSING
    rest = usual if kind == "load_balancer" else {}

    def lines(written: Any) -> list[str]:
        return report_on_data(changed(REGIONAL, behind(kind, **{**rest, setting: written})), tmp_path)

    assert lines(by_region(value)) == []
    (alone,) = lines(value)
    assert alone.startswith(f"backends.b.{setting}: ")
    assert alone.endswith(" is in one region, and the gateway in 2; write {us-east-1: ..., eu-west-1: ...}")
    assert lines({"us-east-1": value}) == [
        f"backends.b.{setting}: has none for eu-west-1, where the gateway is; add eu-west-1: to the map"
    ]
    assert lines({**by_region(value), "ap-south-1": by_region(value)["eu-west-1"]})[-1] == (
        f"backends.b.{setting}.ap-south-1: the gateway is not in ap-south-1; leave the line out, or add it to regions"
    )


def test_python_takes_one_value() -> None:
    by_region: Any = {"us-east-1": "fraud"}
    with pytest.raises(ValueError, match=r"LambdaBackend\.function: a map by region is for a file; give one value"):
        LambdaBackend(name="b", function=by_region)


@pytest.mark.parametrize("kind", ["lambda", "sagemaker"])
def test_a_name_holds_in_each_region(tmp_path: Path, kind: str) -> None:
    assert report_on_data(changed(REGIONAL, behind(kind)), tmp_path) == []
