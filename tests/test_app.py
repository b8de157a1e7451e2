"""app.py as the CDK CLI runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthesis import CONTEXT, TOP


def run_app(outdir: Path, config: str) -> subprocess.CompletedProcess[str]:
    context = {**CONTEXT, "config": config}
    environment = os.environ | {"CDK_OUTDIR": str(outdir), "CDK_CONTEXT_JSON": json.dumps(context)}
    return subprocess.run(
        [sys.executable, "app.py"], env=environment, cwd=TOP, capture_output=True, text=True, timeout=120, check=False
    )


def test_default_file_is_synthesized_without_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    done = run_app(tmp_path, CONTEXT["config"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.glob("*.template.json")) == [
        "acme-ml-api.template.json",
        "acme-ml-edge.template.json",
    ]


def test_bad_file_ends_with_its_problems_and_nothing_else(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "name: acme-ml\nregions: [us-east-1]\nmodels: {predict: {url: http://model.example.com}}\nplan: {}\n"
    )
    outdir = tmp_path / "out"
    done = run_app(outdir, str(bad))
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{bad}:") for line in lines)
    assert "Traceback" not in done.stderr
    assert not list(outdir.glob("*.template.json"))
