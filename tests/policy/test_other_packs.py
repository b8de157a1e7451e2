"""The page of security answers what cdk-nag's packs beside AwsSolutions find in the complete example, and no more."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from aws_cdk import App, Validations
from cdk_nag import HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks

from ml_gateway import GatewayConfig, acknowledge, define_gateway
from ml_gateway.application import Gateway
from tests.synthesis import CONTEXT, TOP

PACKS: Final[Mapping[str, Callable[[App], NagPack]]] = {
    "NIST.800.53.R5": NIST80053R5Checks,
    "HIPAA.Security": HIPAASecurityChecks,
    "PCI.DSS.321": PCIDSS321Checks,
    "Serverless": ServerlessChecks,
}
PAGE: Final = (TOP / "docs" / "security.md").read_text()

Found = tuple[str, str, str]
"""A pack, its rule without the pack's name, and the kind of what it is about."""


def no_answer(_gateway: Gateway) -> None:
    """Accept nothing."""


def found_in(config: GatewayConfig, outdir: Path, answer: Callable[[Gateway], None] = no_answer) -> set[Found]:
    """All that the packs find, once `answer` has accepted what it will."""
    context = {**CONTEXT, "@aws-cdk/core:stackResourceLimit": 0}
    app = App(context=context, outdir=str(outdir), builtin_cloud_formation_validation=False)
    Validations.of(app).add_plugins(*(pack(app) for pack in PACKS.values()))
    answer(define_gateway(app, config))
    try:
        app.synth()
    except RuntimeError as refusal:
        if "ValidationFailed" not in str(refusal):
            raise
    return set(reported(json.loads((outdir / "validation-report.json").read_text())))


def reported(report: dict[str, list[dict[str, object]]]) -> Iterator[Found]:
    for plugin in report["pluginReports"]:
        pack = str(plugin["pluginName"])
        violations = plugin["violations"]
        assert isinstance(violations, list)
        for violation in violations:
            for construct in violation["violatingConstructs"]:
                kind = construct["constructFqn"].rpartition(".")[2].removeprefix("Cfn")
                yield pack, violation["ruleName"].removeprefix(f"{pack}-"), kind


def rows(*columns: str) -> list[list[str]]:
    """The cells of the table with these columns, without the marks of code."""
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    assert PAGE.count(head) == 1
    table = PAGE.partition(head)[2].partition("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table]
    assert all(len(row) == len(columns) for row in cells)
    return cells


def named(rule: str, packs: str, kind: str) -> Iterator[Found]:
    for pack in re.findall(r"`([^`]+)`", packs):
        yield pack, rule.strip("`"), kind.strip("`")


ANSWERED = {
    found for rule, packs, kind, _ in rows("finding", "of", "on", "answer") for found in named(rule, packs, kind)
}
MENDED = {
    found for rule, packs, kind, _ in rows("finding", "of", "on", "gone with") for found in named(rule, packs, kind)
}


def test_the_page_answers_what_the_packs_find_and_nothing_else(complete_config: GatewayConfig, tmp_path: Path) -> None:
    assert complete_config.encryption
    assert complete_config.tracing
    assert found_in(complete_config, tmp_path) == ANSWERED


def test_what_the_settings_mend_is_found_without_them(complete_config: GatewayConfig, tmp_path: Path) -> None:
    plain = complete_config.model_copy(update={"encryption": None, "tracing": False})
    assert found_in(plain, tmp_path) - ANSWERED == MENDED


@pytest.mark.parametrize(
    ("setting", "off", "kinds"),
    [("encryption", None, {"Secret", "LogGroup", "Topic"}), ("tracing", False, {"Stage"})],
)
def test_each_of_the_two_settings_mends_what_the_page_says(
    complete_config: GatewayConfig, setting: str, off: object, kinds: set[str], tmp_path: Path
) -> None:
    said = {
        found
        for rule, packs, kind, gone_with in rows("finding", "of", "on", "gone with")
        for found in named(rule, packs, kind)
        if gone_with == f"`{setting}`"
    }
    assert {kind for _, _, kind in said} == kinds
    assert found_in(complete_config.model_copy(update={setting: off}), tmp_path) - ANSWERED == said


def test_all_that_is_left_can_be_acknowledged_by_its_name(complete_config: GatewayConfig, tmp_path: Path) -> None:
    def accept(gateway: Gateway) -> None:
        for pack, rule, _ in ANSWERED:
            for stack in (gateway.keys, *gateway.apis.values(), gateway.edge):
                acknowledge(stack, f"{pack}::{pack}-{rule}", "see docs/security.md, which answers it")

    assert found_in(complete_config, tmp_path, accept) == set()


def test_the_page_names_the_packs_that_run() -> None:
    assert {pack for pack, _, _ in ANSWERED} == set(PACKS)


def test_each_answer_says_something() -> None:
    assert [answer for *_, answer in rows("finding", "of", "on", "answer") if len(answer.split()) < 10] == []
