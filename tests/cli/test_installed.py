"""The command as pip installs it, in a folder without this repository: from nothing to templates."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import urllib3

from demo.sample_server import SAMPLE_FLOWERS, IrisClassifier, running_sample_server
from tests.local_command import running_command
from tests.synthesis import TOP
from tests.test_package import environment, pip, python, wheel  # noqa: F401 (fixtures)


@pytest.fixture(scope="module")
def installed(wheel: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The folder of the scripts of an environment that has the wheel."""
    own = environment(tmp_path_factory.mktemp("installed") / "venv", "--without-pip")
    pip(python, "--python", own, "install", "--no-index", "--no-deps", wheel)
    return own.parent


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(TOP / "node_modules" / ".bin"), os.environ["PATH"]])
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=180, check=False
    )


def test_from_an_empty_folder_to_templates_and_a_mistake(installed: Path, tmp_path: Path) -> None:
    answers = ("--name", "mine", "--url", "https://llama.example.com/v1", "--model", "llama", "--protocol", "openai")
    begun = run(installed, tmp_path, str(installed / "ml-gateway"), "init", *answers)
    assert begun.returncode == 0, begun.stderr
    assert run(installed, tmp_path, "ml-gateway", "check").stdout == "gateway.yaml: nothing is wrong\n"

    synthesized = run(installed, tmp_path, "cdk", "synth", "--quiet")
    assert synthesized.returncode == 0, synthesized.stderr
    manifest = json.loads((tmp_path / "cdk.out" / "manifest.json").read_text())
    stacks = {name for name, each in manifest["artifacts"].items() if each["type"] == "aws:cloudformation:stack"}
    assert stacks == {"mine-keys", "mine-api-us-east-1", "mine-edge"}

    file = tmp_path / "gateway.yaml"
    file.write_text(file.read_text().replace("us-east-1", "us-east1"))
    wrong = "gateway.yaml:3: regions[0]: 'us-east1' is not a commercial region; did you mean 'us-east-1'?\n"
    assert run(installed, tmp_path, "ml-gateway", "check").stdout == wrong
    refused = run(installed, tmp_path, "cdk", "synth", "--quiet")
    assert refused.returncode != 0
    assert wrong in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.e2e
def test_a_prediction_of_ones_own_server_comes_through_the_gateway(installed: Path, tmp_path: Path) -> None:
    answers = ("--name", "mine", "--url", "https://flowers.example.com/score", "--model", "flowers")
    assert run(installed, tmp_path, str(installed / "ml-gateway"), "init", *answers).returncode == 0
    path = os.pathsep.join([str(installed), str(TOP / "node_modules" / ".bin"), os.environ["PATH"]])
    with (
        running_sample_server() as server,
        running_command(
            "--backend", f"flowers={server.url}", command=[str(installed / "ml-gateway")], folder=tmp_path, PATH=path
        ) as running,
    ):
        asked = {"instances": SAMPLE_FLOWERS}
        answer = urllib3.request("POST", running.url("flowers"), json=asked, retries=False, timeout=60)
    assert answer.json()["predictions"] == IrisClassifier().predict(SAMPLE_FLOWERS)
