"""cfn-lint, a second opinion on the templates that does not come from CDK."""

import copy
import json
from pathlib import Path

import pytest

from ml_gateway import load_config
from tests.constructs.firewalls import full_firewall, small_firewall
from tests.synthesis import TOP, Json, Templates, resources, synthesize


def lint(directory: Path, templates: list[Json]) -> list[str]:
    """The ids of the rules that the templates break."""
    from cfnlint.api import lint_by_config
    from cfnlint.config import ManualArgs

    files = [directory / f"{number}.json" for number in range(len(templates))]
    for file, template in zip(files, templates, strict=True):
        file.write_text(json.dumps(template))
    return [found.rule.id for found in lint_by_config(ManualArgs(templates=[str(file) for file in files]))]


def test_templates_are_clean(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    kinds = ("other", "every", "multi_tenant", "complete", "two_regions")
    names = ["templates", *(f"{kind}_templates" for kind in kinds)]
    smallest = synthesize(load_config(TOP / "examples" / "smallest.yaml"))
    gateways: list[Templates] = [smallest, *(request.getfixturevalue(name) for name in names)]
    assert lint(tmp_path, [template for templates in gateways for template in templates.values()]) == []


def test_firewalls_at_the_edge_are_clean(tmp_path: Path) -> None:
    assert lint(tmp_path, [full_firewall(), full_firewall(mode="count"), small_firewall()]) == []


def test_a_broken_template_is_refused(api: Json, tmp_path: Path) -> None:
    broken = copy.deepcopy(api)
    next(iter(resources(broken, "AWS::ApiGateway::Stage").values()))["DeploymentId"] = {"Ref": "Nowhere"}
    assert lint(tmp_path, [broken]) == ["E1020"]
