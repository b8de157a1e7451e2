"""What a run costs is said of what it makes."""

from collections import Counter
from pathlib import Path

import pytest
from aws_cdk import App

from live import costs
from live.app import define
from live.plan import Beside, Plan, gateway_names, write_files
from tests.synthesis import CONTEXT, TOP, Json

NAME = "ml-gateway-live-ab12"
HOST = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/word"
BESIDE = Beside(echo=HOST, issuer=f"{HOST}/issuer", version="0" * 32)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """As they are on an account, with all checks: a finding fails the synthesis."""
    files = write_files(NAME, BESIDE, tmp_path_factory.mktemp("live"))
    app = App(context={**CONTEXT}, builtin_cloud_formation_validation=False)
    define(app, Plan(name=NAME, echo={"ECHO_WORD": "word", "ISSUER_KEYS": "{}"}, files=tuple(files)))
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def test_all_stacks_are_called_as_the_run(templates: dict[str, Json]) -> None:
    gateways = [f"{name}-{role}" for name in gateway_names(NAME).values() for role in ("keys", "api", "edge")]
    assert sorted(templates) == sorted([f"{NAME}-echo", *gateways])


def test_what_is_counted_is_what_is_defined(templates: dict[str, Json]) -> None:
    resources = [each for template in templates.values() for each in template["Resources"].values()]
    found = Counter(each["Type"] for each in resources)
    acls = [each for each in resources if each["Type"] == "AWS::WAFv2::WebACL"]
    of_cloudfront, of_a_rotation, bearer = 8, 2, 1
    assert {
        "secret": found["AWS::SecretsManager::Secret"] + of_a_rotation + bearer,
        "web ACL": len(acls),
        "rule of a web ACL": sum(len(each["Properties"]["Rules"]) for each in acls),
        "metric of an alarm": 2 * found["AWS::CloudWatch::Alarm"],
        "dashboard": found["AWS::CloudWatch::Dashboard"],
        "metric": found["AWS::Logs::MetricFilter"] + of_cloudfront,
    } == costs.COUNTED


def test_a_run_is_below_what_the_page_says() -> None:
    page = (TOP / "docs" / "live.md").read_text()
    assert "Under $1 by list prices" in page
    assert costs.of_a_run() < 1
    assert f"about ${costs.by_the_month():.0f} a month" in page
    assert f"${costs.of_a_run():.2f}" in costs.said()


def test_nothing_of_the_server_stays_and_no_address_leads_to_the_function(templates: dict[str, Json]) -> None:
    echo = templates[f"{NAME}-echo"]["Resources"].values()
    assert not [each for each in echo if each["Type"] == "AWS::Lambda::Url" or each.get("DeletionPolicy") == "Retain"]
    allowed = [each["Properties"]["Principal"] for each in echo if each["Type"] == "AWS::Lambda::Permission"]
    assert allowed == ["apigateway.amazonaws.com"]
    (stage,) = [each["Properties"] for each in echo if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 50}


def test_files_are_changed_by_the_second_deploy(tmp_path: Path) -> None:
    first, then = (list(write_files(NAME, BESIDE, tmp_path, changed=changed).values()) for changed in (False, True))
    for before, after in zip(first, then, strict=True):
        assert (before.name, before.origin_lock.generation, after.origin_lock.generation) == (after.name, 1, 2)
        assert before != after
