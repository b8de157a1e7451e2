"""No example accepts a finding that the checks would not report."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from aws_cdk import App, Stack

from examples.ec2_instance.app import ScoringInstanceStack
from examples.ecs_service.app import LlamaServiceStack
from examples.lambda_model.app import IrisFunctionStack
from examples.sagemaker_endpoint.app import FraudEndpointStack
from ml_gateway import add_policy_checks
from tests.examples.conftest import REGION
from tests.policy.test_acknowledgments import Recorder, reported
from tests.synthesis import CONTEXT

# What an example accepts beside what the constructs of ml_gateway do.
OWN = {
    IrisFunctionStack: set[tuple[str, str]](),
    FraudEndpointStack: {("ExecutionRole", "AwsSolutions-IAM5[Resource::*]")},
    LlamaServiceStack: {
        ("Network/Logs", "AwsSolutions-S1"),
        ("Task/ExecutionRole", "AwsSolutions-IAM5[Resource::*]"),
    },
    ScoringInstanceStack: {
        ("Network/Logs", "AwsSolutions-S1"),
        ("InstanceRole", "AwsSolutions-IAM5[Resource::*]"),
        ("Instance", "AwsSolutions-AS3"),
    },
}


@pytest.mark.parametrize(("stack_class", "own"), OWN.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_an_example_accepts_what_the_checks_report_and_no_more(
    stack_class: type[Stack], own: set[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(import_module("ml_gateway.policy.acknowledgments"), "Validations", recorder)
    app = App(context=CONTEXT, outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    stack_class(app, "example", env=REGION)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    findings = set(reported(json.loads((tmp_path / "validation-report.json").read_text())))
    accepted = {(path.removeprefix("example/"), rule) for path, rule in recorder.acknowledged}
    ours = ("Api/", "Edge/", "OriginLock/", "OriginSecrets/")
    assert {(path, rule) for path, rule in accepted if not path.startswith(ours)} == own
    dead = {
        (path, rule)
        for path, rule in accepted
        if not any(rule == found and where.startswith(f"example/{path}/") for where, found in findings)
    }
    assert dead == set()
