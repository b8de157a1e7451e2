"""What a run costs is said of what it makes."""

from collections import Counter
from pathlib import Path

import pytest
from aws_cdk import App

from live import costs
from live.app import define
from live.plan import (
    NAME_OF_FILES,
    SECOND_REGION_OF_FILES,
    ZONE_OF_FILES,
    Beside,
    Brought,
    Plan,
    TwoRegions,
    gateway_names,
    write_files,
)
from tests.synthesis import CONTEXT, TOP, Json

NAME = "ml-gateway-live-ab12"
HOST = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/word"
BESIDE = Beside(echo=HOST, issuer=f"{HOST}/issuer", version="0" * 32)
BROUGHT = Brought(
    two_regions=TwoRegions(zone=ZONE_OF_FILES, zone_name=NAME_OF_FILES, second_region=SECOND_REGION_OF_FILES)
)


def synthesized(directory: Path, brought: Brought) -> dict[str, Json]:
    """By the name and region of each stack, as on an account, with all checks: a finding fails the synthesis."""
    files = write_files(NAME, BESIDE, directory, brought=brought)
    app = App(context={**CONTEXT}, builtin_cloud_formation_validation=False)
    define(app, Plan(name=NAME, echo={"ECHO_WORD": "word", "ISSUER_KEYS": "{}"}, files=tuple(files)))
    return {f"{stack.stack_name} {stack.environment.region}": stack.template for stack in app.synth().stacks}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """By the name of each stack."""
    return {name.split()[0]: each for name, each in synthesized(tmp_path_factory.mktemp("live"), Brought()).items()}


def test_all_stacks_are_called_as_the_run(templates: dict[str, Json]) -> None:
    gateways = [f"{name}-{role}" for name in gateway_names(NAME).values() for role in ("keys", "api", "edge")]
    assert sorted(templates) == sorted([f"{NAME}-echo", *gateways])


def test_what_is_counted_is_what_is_defined(templates: dict[str, Json]) -> None:
    of_cloudfront, of_a_rotation, bearer = 8, 2, 1
    found = counted(list(templates.values()))
    found["secret"] += of_a_rotation + bearer
    found["metric"] += of_cloudfront
    found["metric of an alarm"] *= 2
    assert +found == costs.COUNTED


def test_what_two_regions_add_is_counted_as_well(templates: dict[str, Json], tmp_path: Path) -> None:
    """Each secret is in both regions, also that of the second generation, and each drain has a metric."""
    more = synthesized(tmp_path, BROUGHT)
    found = counted([each for name, each in more.items() if name.split()[0] not in templates])
    found["secret"] = 2 * (found["secret"] + 1)
    found["metric"] += found["health check"]
    assert +found == costs.IN_TWO_REGIONS


def counted(templates: list[Json]) -> Counter[str]:
    resources = [each for template in templates for each in template["Resources"].values()]
    found = Counter(each["Type"] for each in resources)
    acls = [each for each in resources if each["Type"] == "AWS::WAFv2::WebACL"]
    return Counter(
        {
            "secret": found["AWS::SecretsManager::Secret"],
            "web ACL": len(acls),
            "rule of a web ACL": sum(len(each["Properties"]["Rules"]) for each in acls),
            "metric of an alarm": found["AWS::CloudWatch::Alarm"],
            "dashboard": found["AWS::CloudWatch::Dashboard"],
            "metric": found["AWS::Logs::MetricFilter"],
            "health check": found["AWS::Route53::HealthCheck"],
        }
    )


def test_a_run_is_below_what_the_page_says() -> None:
    page = (TOP / "docs" / "live.md").read_text()
    assert "Under $1 by list prices" in page
    for brought in (Brought(), BROUGHT):
        assert costs.of_a_run(brought) < 1
        assert f"${costs.by_the_month(brought):.0f} a month" in page
        assert f"${costs.of_a_run(brought):.2f}" in costs.said(brought)


def test_nothing_of_the_server_stays_and_no_address_leads_to_the_function(templates: dict[str, Json]) -> None:
    echo = templates[f"{NAME}-echo"]["Resources"].values()
    assert not [each for each in echo if each["Type"] == "AWS::Lambda::Url" or each.get("DeletionPolicy") == "Retain"]
    allowed = [each["Properties"]["Principal"] for each in echo if each["Type"] == "AWS::Lambda::Permission"]
    assert allowed == ["apigateway.amazonaws.com"]
    (stage,) = [each["Properties"] for each in echo if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 50}


def test_files_are_changed_by_the_second_deploy(tmp_path: Path) -> None:
    first, then = (
        list(write_files(NAME, BESIDE, tmp_path, brought=BROUGHT, changed=changed).values())
        for changed in (False, True)
    )
    for before, after in zip(first, then, strict=True):
        assert (before.name, before.origin_lock.generation, after.origin_lock.generation) == (after.name, 1, 2)
        assert before != after
