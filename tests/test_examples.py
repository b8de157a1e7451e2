"""Every example synthesizes with all checks on, as a reader would run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ml_gateway import GatewayConfig, load_config
from tests.policy.keys import names_in, what_looks_like_a_key
from tests.policy.reading import broken_rules
from tests.synthesis import CONTEXT, TOP

FILES = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]
APPS = sorted((TOP / "examples").glob("*/app.py"))


def test_there_are_examples_of_both_kinds() -> None:
    assert len(FILES) >= 2
    assert APPS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_loads(path: Path) -> None:
    config = load_config(path)
    assert isinstance(config, GatewayConfig)
    assert config.name == yaml.safe_load(path.read_text())["name"]


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.parent.name)
def test_app_synthesizes_keeps_the_house_rules_and_writes_no_key(path: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "CDK_OUTDIR": str(tmp_path),
        "CDK_CONTEXT_JSON": json.dumps(dict(CONTEXT)),
        "PYTHONPATH": str(TOP),
    }
    subprocess.run([sys.executable, path], env=environment, check=True, timeout=120, cwd=TOP)
    templates = [json.loads(template.read_text()) for template in tmp_path.glob("*.template.json")]
    assert templates
    assert [found for template in templates if (found := broken_rules(template))] == []
    names = {name for template in templates for name in names_in(template)}
    written = list(tmp_path.glob("*.json"))
    assert len(written) > len(templates)
    assert {file.name: keys for file in written if (keys := what_looks_like_a_key(file.read_text(), names=names))} == {}
    assert json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"] == []
