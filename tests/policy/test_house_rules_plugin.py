"""House rules as a part of a synthesis: what they see, what they report, and how a finding is acknowledged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnResource, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway import OriginSecrets, acknowledge, add_policy_checks
from ml_gateway.policy import HOUSE_RULES, SOURCE_METADATA, HouseRulesPlugin
from tests.synthesis import TOP

OPEN_METHOD = "MlGateway::MethodsRequireKeys"
TOO_LARGE = "MlGateway::StackHasAtMost500Resources"
LIMIT = "@aws-cdk/core:stackResourceLimit"

Findings = dict[str, list[Any]]


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Somebody's app: without our feature flags."""
    found = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    add_policy_checks(found)
    return found


def define_open_method(scope: Construct, construct_id: str = "Open") -> apigateway.RestApi:
    api = apigateway.RestApi(scope, construct_id, cloud_watch_role=False)
    api.root.add_method("GET")
    return api


def define_resources(scope: Construct, count: int) -> None:
    for number in range(count):
        CfnResource(scope, f"Handle{number}", type="AWS::CloudFormation::WaitConditionHandle")


def reported(app: App) -> Any:
    """The plugin's part of the report; cdk-nag's fails these apps anyway."""
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text())
    (ours,) = (each for each in report["pluginReports"] if each["pluginName"] == "MlGateway")
    return ours


def places(report: Any, rule: str) -> list[str]:
    """The construct paths of a rule's findings."""
    found = (each for each in report["violations"] if each["ruleName"] == rule)
    return sorted(construct["constructPath"] for each in found for construct in each["violatingConstructs"])


def test_a_finding_names_the_rule_the_sentence_the_place_and_the_construct(app: App) -> None:
    define_open_method(Stack(app, "theirs"))
    report = reported(app)
    assert report["conclusion"] == "failure"
    (violation,) = (each for each in report["violations"] if each["ruleName"] == OPEN_METHOD)
    assert violation["description"] == (
        "every method of an API requires an API key: Properties.ApiKeyRequired is missing"
    )
    assert violation["suggestedFix"].startswith("see docs/security.md")
    (construct,) = violation["violatingConstructs"]
    assert construct["constructPath"] == "theirs/Open/Default/GET/Resource"
    assert construct["cloudFormationResource"]["templatePath"] == "theirs.template.json"
    assert construct["cloudFormationResource"]["propertyPaths"] == ["Properties.ApiKeyRequired"]


def test_stacks_in_stages_and_in_stacks_are_looked_at(app: App) -> None:
    stack = Stack(app, "theirs")
    define_open_method(NestedStack(stack, "Inner"))
    staged = Stack(Stage(app, "prod"), "theirs")
    define_open_method(staged)
    define_open_method(NestedStack(staged, "Inner"))
    assert places(reported(app), OPEN_METHOD) == [
        "prod/theirs/Inner/Open/Default/GET/Resource",
        "prod/theirs/Open/Default/GET/Resource",
        "theirs/Inner/Open/Default/GET/Resource",
    ]


@pytest.mark.parametrize(
    ("region", "generation", "wrong"),
    [
        ("us-east-1", 1, "names fraud/origin/1, and the app defines fraud/origin/2, fraud/origin/3, fraud/origin/4"),
        ("eu-west-1", 4, "names fraud/origin/4, of which eu-west-1 has no replica"),
    ],
)
def test_stacks_are_read_together_and_each_in_its_region(app: App, region: str, generation: int, wrong: str) -> None:
    OriginSecrets(Stack(app, "keys", env=Environment(region="us-east-1")), "Kept", gateway_name="fraud", generation=4)
    reader = NestedStack(Stack(app, "theirs", env=Environment(region=region)), "Inner")
    reference = f"{{{{resolve:secretsmanager:fraud/origin/{generation}:SecretString:::}}}}"
    CfnResource(reader, "Key", type="AWS::ApiGateway::ApiKey", properties={"Value": reference})
    report = reported(app)
    (violation,) = (each for each in report["violations"] if each["ruleName"] == "MlGateway::OriginSecretsAreKept")
    assert violation["description"].endswith(f": Properties {wrong}")
    assert places(report, "MlGateway::OriginSecretsAreKept") == ["theirs/Inner/Key"]


def test_an_acknowledgment_holds_for_what_it_is_written_beside_alone(app: App) -> None:
    stack = Stack(app, "theirs")
    define_open_method(stack)
    acknowledge(define_open_method(stack, "Public"), OPEN_METHOD, "everybody may read the status page, without a key")
    report = reported(app)
    assert places(report, OPEN_METHOD) == ["theirs/Open/Default/GET/Resource"]
    assert report["conclusion"] == "failure"
    (suppressed,) = report["suppressedViolations"]
    assert suppressed["acknowledgedAt"] == "theirs/Public"
    assert suppressed["reason"] == "everybody may read the status page, without a key"


def test_a_stack_that_is_too_large_is_told_with_the_line_of_the_file(app: App) -> None:
    stack = Stack(app, "theirs")
    stack.node.add_metadata(SOURCE_METADATA, "gateway.yaml:7: models")
    define_resources(stack, 499)
    define_open_method(stack)
    report = reported(app)
    (violation,) = (each for each in report["violations"] if each["ruleName"] == TOO_LARGE)
    assert violation["description"] == (
        "gateway.yaml:7: models: a stack has at most 500 resources: this one has 503; "
        "take out backends, keys or alerts, or put them in another gateway"
    )
    assert places(report, TOO_LARGE) == ["theirs"]


def test_nobody_can_acknowledge_what_cloudformation_does_not_take(app: App) -> None:
    stack = Stack(app, "theirs")
    define_resources(stack, 501)
    acknowledge(stack, TOO_LARGE, "somebody hopes that it will be deployed all the same")
    report = reported(app)
    assert [each["severity"] for each in report["violations"]] == ["fatal"]
    assert "suppressedViolations" not in report


def test_without_the_line_the_count_is_told(app: App) -> None:
    define_resources(Stack(app, "theirs"), 501)
    (violation,) = reported(app)["violations"]
    assert violation["description"].startswith("a stack has at most 500 resources: this one has 501; ")


def test_a_limit_of_resources_that_somebody_has_set_stays(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), context={LIMIT: 2}, builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    define_resources(Stack(app, "theirs"), 3)
    with pytest.raises(RuntimeError, match="TooManyResourcesInStack"):
        app.synth()


def test_an_app_with_stacks_keeps_the_limit_of_cdk(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    define_resources(Stack(app, "theirs"), 501)
    add_policy_checks(app)
    with pytest.raises(RuntimeError, match="TooManyResourcesInStack"):
        app.synth()


def test_an_app_that_keeps_every_rule_gets_no_report(app: App) -> None:
    define_resources(Stack(app, "theirs"), 500)
    app.synth()
    assert json.loads((Path(app.outdir) / "validation-report.json").read_text())["pluginReports"] == []


THEIR_APP = """
from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway
from ml_gateway import add_policy_checks

app = App()
add_policy_checks(app)
apigateway.RestApi(Stack(app, "theirs"), "Open", cloud_watch_role=False).root.add_method("GET")
app.synth()
"""


def test_a_bad_app_ends_with_an_error_and_a_report_that_people_can_read(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(THEIR_APP)
    outdir = tmp_path / "out"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP), "CDK_OUTDIR": str(outdir)}
    environment |= {"CDK_VALIDATION": "false"}  # CloudFormation's, as in the other tests here
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "every method of an API requires an API key: Properties.ApiKeyRequired is missing" in done.stderr
    assert f"Acknowledge with '{OPEN_METHOD}'" in done.stderr
    assert "theirs/Open/Default/GET/Resource" in done.stderr
    assert "ml_gateway/policy" not in done.stderr
    assert OPEN_METHOD in (outdir / "validation-report.json").read_text()


def test_cdk_is_told_the_ids_of_all_rules_and_each_is_there_once() -> None:
    ids = HouseRulesPlugin().rule_ids
    assert ids == [rule.id for rule in HOUSE_RULES]
    assert len(set(ids)) == len(ids) > 30
