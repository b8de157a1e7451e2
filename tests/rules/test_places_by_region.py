"""What backends name in several regions: one value that holds in each, or a map."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.backends import LambdaBackend
from tests.files import LISTENER, LOAD_BALANCER, MISSING, REGIONAL, TWO_REGIONS, behind, changed, report_on_data

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


@pytest.mark.parametrize(
    ("kind", "setting", "written", "said"),
    [
        ("lambda", "function", {}, "empty; write one for each region"),
        ("load_balancer", "load_balancer", {}, "empty; write one for each region"),
        (
            "load_balancer",
            "subnets",
            {"us-east-1": [], "eu-west-1": ["subnet-0123456789abcdef0"]},
            "has none for us-east-1; write at least one",
        ),
    ],
)
def test_a_map_that_is_empty_is_refused(
    tmp_path: Path, kind: str, setting: str, written: dict[str, Any], said: str
) -> None:
    lines = report_on_data(behind(kind, **{setting: written}), tmp_path)
    assert f"backends.b.{setting}: {said}" in lines


def test_python_takes_one_value() -> None:
    by_region: Any = {"us-east-1": "fraud"}
    with pytest.raises(ValueError, match=r"LambdaBackend\.function: a map by region is for a file; give one value"):
        LambdaBackend(name="b", function=by_region)


def test_an_arn_in_a_map_is_of_its_region(tmp_path: Path) -> None:
    swapped = {"us-east-1": elsewhere(FUNCTION), "eu-west-1": FUNCTION}
    assert report_on_data(changed(REGIONAL, behind("lambda", function=swapped)), tmp_path) == [
        f"backends.b.function.us-east-1: '{elsewhere(FUNCTION)}' is in eu-west-1, but the gateway is in us-east-1; "
        "name one in us-east-1",
        f"backends.b.function.eu-west-1: '{FUNCTION}' is in us-east-1, but the gateway is in eu-west-1; name one in "
        "eu-west-1",
    ]


def test_a_listener_in_a_map_is_of_the_load_balancer_of_its_region(tmp_path: Path) -> None:
    other = LOAD_BALANCER.replace("0123456789abcdef", "fedcba9876543210")
    by_region = {"us-east-1": LISTENER, "eu-west-1": elsewhere(LISTENER)}
    subnets = {region: ["subnet-0123456789abcdef0"] for region in TWO_REGIONS}
    balancers = {"us-east-1": LOAD_BALANCER, "eu-west-1": elsewhere(other)}
    data = behind("load_balancer", listener=by_region, load_balancer=balancers, subnets=subnets)
    (line,) = report_on_data(changed(REGIONAL, data), tmp_path)
    assert line.startswith("backends.b.listener.eu-west-1: ")
    assert line.endswith(" is of another load balancer; leave one of the two out")
    (mixed,) = report_on_data(behind("load_balancer", load_balancer={"us-east-1": other}), tmp_path)
    assert mixed.startswith("backends.b.listener: ")
    assert mixed.endswith(" is of another load balancer; leave one of the two out")


@pytest.mark.parametrize("kind", ["lambda", "sagemaker"])
def test_a_name_holds_in_each_region(tmp_path: Path, kind: str) -> None:
    assert report_on_data(changed(REGIONAL, behind(kind)), tmp_path) == []
