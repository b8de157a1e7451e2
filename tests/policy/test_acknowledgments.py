"""Each acknowledged exception is one that the checks would report: none is dead."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from ml_gateway import GatewayConfig, add_policy_checks, define_gateway
from tests.synthesis import CONTEXT

Exception_ = tuple[str, str]
"""The path of a construct, and the id of a rule."""


class Recorder:
    """Stands in for `Validations`: notes what is acknowledged, and lets the checks report it all the same."""

    def __init__(self) -> None:
        self.acknowledged: list[Exception_] = []
        self.reasons: list[str] = []

    def of(self, construct: Any) -> Any:
        recorder = self

        class Validations:
            def acknowledge(self, acknowledgment: Any) -> None:
                recorder.acknowledged.append((construct.node.path, acknowledgment.id))
                recorder.reasons.append(acknowledgment.reason)

        return Validations()


def reported(report: Any) -> Iterator[Exception_]:
    """Every (construct path, rule) of a validation report."""
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                yield construct["constructPath"], violation["ruleName"]


@pytest.fixture(
    scope="module",
    params=["other_config", "every_config", "multi_tenant_config", "identities_config", "complete_config"],
)
def recorded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Recorder, set[Exception_]]:
    config: GatewayConfig = request.getfixturevalue(request.param)
    recorder = Recorder()
    outdir: Path = tmp_path_factory.mktemp("assembly")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("ml_gateway.policy.acknowledgments"), "Validations", recorder)
        app = App(context=CONTEXT, outdir=str(outdir), builtin_cloud_formation_validation=False)
        add_policy_checks(app)
        define_gateway(app, config)
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    return recorder, set(reported(json.loads((outdir / "validation-report.json").read_text())))


def test_no_acknowledgment_is_dead(recorded: tuple[Recorder, set[Exception_]]) -> None:
    recorder, findings = recorded
    assert recorder.acknowledged
    dead = [
        (path, rule)
        for path, rule in recorder.acknowledged
        if not any(rule == found and where.startswith(f"{path}/") for where, found in findings)
    ]
    assert dead == []


def test_every_acknowledgment_has_a_reason_of_its_own(recorded: tuple[Recorder, set[Exception_]]) -> None:
    recorder, _ = recorded
    assert recorder.reasons
    assert [reason for reason in recorder.reasons if len(reason.split()) < 6] == []
