"""app.py as the CDK CLI runs it, and an app of the examples."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.synthesis import CONTEXT, TOP

WITHOUT_A_NETWORK = ("unshare", "--map-root-user", "--net")


def run_app(
    outdir: Path, config: str, *, app: str = "app.py", within: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    context = {**CONTEXT, "config": config}
    environment = {"CDK_OUTDIR": str(outdir), "CDK_CONTEXT_JSON": json.dumps(context), "PYTHONPATH": str(TOP)}
    return subprocess.run(
        [*within, sys.executable, app],
        env=os.environ | environment,
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def takes_the_network_away() -> bool:
    """Not every kernel lets everybody do so."""
    tried = [*WITHOUT_A_NETWORK, "true"]
    return bool(shutil.which(tried[0])) and subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.fixture
def within() -> Sequence[str]:
    """What to run the app within."""
    if not takes_the_network_away():
        pytest.skip("this machine takes no network away: that synthesis needs none was not shown")
    return WITHOUT_A_NETWORK


def test_default_file_is_synthesized_without_credentials_and_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, within: Sequence[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    # Whatever home: to unpack the packages anew takes longer than all the rest.
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(Path.home() / ".cache/aws/jsii/package-cache"))
    empty = tmp_path / "home"
    empty.mkdir()
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(empty / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(empty / "credentials"))
    done = run_app(tmp_path, CONTEXT["config"], within=within)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.glob("*.template.json")) == [
        "acme-ml-api-us-east-1.template.json",
        "acme-ml-edge.template.json",
        "acme-ml-keys.template.json",
    ]


def test_an_app_of_the_examples_runs_as_its_docstring_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them by itself, and without the validation that takes a second; tests/test_examples.py has all of both."""
    monkeypatch.setenv("CDK_VALIDATION", "false")
    done = run_app(tmp_path, CONTEXT["config"], app="examples/own_stack/app.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.glob("*.template.json")] == ["fraud.template.json"]


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
