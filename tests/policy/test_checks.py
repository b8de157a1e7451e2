"""The rule packs really run, pass on what we hand out, and refuse what they should."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_apigateway as apigateway

from ml_gateway import GatewayConfig, add_policy_checks, define_gateway, load_config
from tests.synthesis import CONTEXT, TOP

FILES = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]


def synthesize_with_checks(config: GatewayConfig, outdir: Path) -> App:
    """What `cdk synth` does: cdk-nag and CloudFormation's own validation, both on."""
    app = App(context=CONTEXT, outdir=str(outdir))
    add_policy_checks(app)
    define_gateway(app, config)
    app.synth()
    return app


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_gateway_passes_all_checks(file: Path, tmp_path: Path) -> None:
    synthesize_with_checks(load_config(file), tmp_path)
    report = json.loads((tmp_path / "validation-report.json").read_text())
    assert report["pluginReports"] == []


def test_checks_refuse_a_bad_stack(tmp_path: Path) -> None:
    app = App(context=CONTEXT, outdir=str(tmp_path))
    add_policy_checks(app)
    apigateway.RestApi(Stack(app, "bad"), "Api", cloud_watch_role=False).root.add_method("GET")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "AwsSolutions-APIG4" in (tmp_path / "validation-report.json").read_text()


def test_cloudformation_validation_refuses_what_would_fail_at_deploy(tmp_path: Path) -> None:
    app = App(context=CONTEXT, outdir=str(tmp_path))
    apigateway.CfnRestApi(Stack(app, "bad"), "Api", name="x").add_property_override("ApiKeySource", "HEADER")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "CloudFormation" in (tmp_path / "validation-report.json").read_text()
