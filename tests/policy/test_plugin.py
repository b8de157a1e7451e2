"""The house rules in other people's apps, which have neither our feature flags nor our stacks."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnOutput, CfnResource, Stack, Validations
from aws_cdk import aws_apigateway as apigateway

from ml_gateway import acknowledge, add_policy_checks
from ml_gateway.policy import SOURCE_METADATA, HouseRules
from ml_gateway.policy.size_rules import MOST, a_stack_is_within_the_limits_of_cloudformation, sizes
from tests.synthesis import Json

OPEN = "EveryMethodRequiresAKey"
TOO_LARGE = "AStackIsWithinTheLimitsOfCloudformation"


def their_app(outdir: Path) -> App:
    app = App(outdir=str(outdir), builtin_cloud_formation_validation=False)
    Validations.of(app).add_plugins(HouseRules())
    return app


def define_open_api(app: App) -> apigateway.Method:
    api = apigateway.RestApi(Stack(app, "theirs"), "Api", cloud_watch_role=False)
    return api.root.add_method("GET")


def violations(outdir: Path) -> dict[str, Any]:
    """Each violation of the report by its rule."""
    report = json.loads((outdir / "validation-report.json").read_text())
    found = [violation for plugin in report["pluginReports"] for violation in plugin["violations"]]
    return {violation["ruleName"]: violation for violation in found}


def refused(app: App) -> bool:
    try:
        app.synth()
    except RuntimeError as error:
        return "ValidationFailed" in str(error)
    return False


def test_what_breaks_a_rule_fails_the_synthesis_with_the_place(tmp_path: Path) -> None:
    app = their_app(tmp_path)
    method = define_open_api(app)
    assert refused(app)
    (name,) = violations(tmp_path)
    (construct,) = violations(tmp_path)[name]["violatingConstructs"]
    assert name.rpartition("::")[2] == OPEN
    assert "requires an API key" in violations(tmp_path)[name]["description"]
    assert construct["constructPath"].startswith(f"{method.node.path}/")
    assert construct["cloudFormationResource"]["logicalId"].startswith("ApiGET")


def test_an_exception_is_acknowledged_beside_the_resource(tmp_path: Path) -> None:
    app = their_app(tmp_path)
    acknowledge(define_open_api(app), f"MlGateway::{OPEN}", "an API of theirs that has nothing to do with a gateway")
    assert not refused(app)


def define_outputs(app: App, count: int) -> Stack:
    stack = Stack(app, "theirs")
    for number in range(count):
        CfnOutput(stack, f"Output{number}", value="x")
    return stack


def test_a_stack_that_cloudformation_does_not_take_is_told_with_count_and_line(tmp_path: Path) -> None:
    app = their_app(tmp_path)
    define_outputs(app, 201).node.add_metadata(SOURCE_METADATA, "gateway.yaml:7: models")
    assert refused(app)
    ((name, violation),) = violations(tmp_path).items()
    assert name.rpartition("::")[2] == TOO_LARGE
    assert "201 outputs of 200; see gateway.yaml:7: models" in violation["description"]
    assert violation["severity"] == "fatal"


def test_what_cloudformation_does_not_take_cannot_be_acknowledged(tmp_path: Path) -> None:
    app = their_app(tmp_path)
    acknowledge(define_outputs(app, 201), f"MlGateway::{TOO_LARGE}", "somebody hopes that a deploy succeeds anyway")
    assert refused(app)


def test_a_stack_with_nothing_of_a_gateway_passes(tmp_path: Path) -> None:
    app = their_app(tmp_path)
    define_outputs(app, 200)
    assert not refused(app)


def template_with(**counts: int) -> Json:
    """A template with so much of everything that is counted."""
    reference = "{{resolve:secretsmanager:a:SecretString:::}}"
    resources: Json = {f"R{n}": {"Type": "AWS::SNS::Topic"} for n in range(counts.get("resources", 1))}
    resources["R0"] = {"Type": "T", "Properties": {"Values": [reference] * counts.get("references", 0)}}
    outputs = {f"O{n}": {"Value": "x" * counts.get("length", 1)} for n in range(counts.get("outputs", 1))}
    return {"Resources": resources, "Outputs": outputs}


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        ("resources", {"resources": 500}),
        ("dynamic references", {"references": 60}),
        ("outputs", {"outputs": 200}),
    ],
)
def test_as_much_as_cloudformation_takes_and_no_more(what: str, counts: dict[str, int]) -> None:
    ((kind, most),) = counts.items()
    assert sizes(template_with(**counts))[what] == MOST[what] == most
    assert a_stack_is_within_the_limits_of_cloudformation(template_with(**counts)) == []
    beyond = template_with(**{kind: most + 1})
    assert a_stack_is_within_the_limits_of_cloudformation(beyond) == [f"{most + 1} {what} of {most}"]


def test_a_template_of_a_million_bytes_is_taken_and_no_larger_one() -> None:
    other = len(json.dumps(template_with(length=0), separators=(",", ":")))
    assert a_stack_is_within_the_limits_of_cloudformation(template_with(length=1_000_000 - other)) == []
    beyond = a_stack_is_within_the_limits_of_cloudformation(template_with(length=1_000_001 - other))
    assert beyond == ["1000001 bytes of 1000000"]


def test_more_resources_than_cdk_takes_are_told_by_the_rules(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    stack = Stack(app, "theirs")
    for number in range(501):
        CfnResource(stack, f"Topic{number}", type="AWS::SNS::Topic")
    assert refused(app)
    assert ": 501 resources of 500" in next(iter(violations(tmp_path).values()))["description"]


def test_both_packs_run(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    define_open_api(app)
    assert refused(app)
    names = " ".join(violations(tmp_path))
    assert OPEN in names
    assert "AwsSolutions-APIG" in names
