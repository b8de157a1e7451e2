"""The command as pip installs it, in a folder without this repository: from nothing to templates."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ml_gateway.functions.authorizer_code import JOSE_VERSION, SOURCES
from ml_gateway.functions.overrides_code import SIGNER_VERSION
from tests.synthesis import TOP
from tests.test_package import environment, pip, python, wheel  # noqa: F401 (fixtures)

SIGNER = "@smithy/signature-v4a"


@pytest.fixture(scope="module")
def installed(wheel: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The folder of the scripts of an environment that has the wheel."""
    own = environment(tmp_path_factory.mktemp("installed") / "venv", "--without-pip")
    pip(python, "--python", own, "install", "--no-index", "--no-deps", wheel)
    return own.parent


def run(installed: Path, folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(TOP / "node_modules" / ".bin"), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=180, check=False)


def synth(installed: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Without CloudFormation's validation, which takes seconds each time; the first test has it."""
    return run(installed, folder, "cdk", "synth", "--quiet", CDK_VALIDATION="false")


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


PLAIN = '    url: "https://flowers.example.com/score"\n'
VERSIONS = """
    versions:
      v1: {url: https://flowers.example.com/score}
      v2: {url: https://flowers.example.com/better}
    split: {v1: 90, v2: 10}
"""
IDENTITIES = """
clients:
  batch: {plan: default, jwt: {corp: batch-prod}}
issuers:
  corp: {url: https://login.acme.com/, audience: https://ml.acme.com, claim: azp}
"""


def test_tokens_and_versions_need_packages_that_one_line_each_installs(installed: Path, tmp_path: Path) -> None:
    """In a folder of before there were either."""
    answers = ("--name", "mine", "--url", "https://flowers.example.com/score", "--model", "flowers")
    assert run(installed, tmp_path, str(installed / "ml-gateway"), "init", *answers).returncode == 0
    package = tmp_path / "package.json"
    before = json.loads(package.read_text())
    assert before["devDependencies"].pop("jose") == JOSE_VERSION
    assert before["devDependencies"].pop(SIGNER) == SIGNER_VERSION
    package.write_text(json.dumps(before))
    (tmp_path / ".npmrc").write_text("audit=false\nfund=false\nupdate-notifier=false\n")
    file = tmp_path / "gateway.yaml"
    assert PLAIN in file.read_text()
    file.write_text(file.read_text().replace(PLAIN, VERSIONS) + IDENTITIES)
    assert run(installed, tmp_path, "ml-gateway", "check").stdout == "gateway.yaml: nothing is wrong\n"

    jose, signer = (
        f"npm install --save-exact {name}" for name in (f"jose@{JOSE_VERSION}", f"{SIGNER}@{SIGNER_VERSION}")
    )
    where = "a package of npm, and no node_modules has it; in the folder of cdk.json run"
    refused = synth(installed, tmp_path)
    assert f": issuers: tokens are checked by jose, {where} {jose}\n" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "cdk.out" / "manifest.json").exists()

    older = tmp_path / "node_modules" / "jose" / "package.json"
    older.parent.mkdir(parents=True)
    older.write_text('{"name": "jose", "version": "5.0.0"}')
    refused = synth(installed, tmp_path)
    assert f"tokens are checked by jose {JOSE_VERSION}, and {older.parent} is 5.0.0; in the folder" in refused.stderr
    shutil.rmtree(older.parents[1])

    assert run(installed, tmp_path, *jose.split()).returncode == 0
    refused = synth(installed, tmp_path)
    assert f"overrides of rollouts are signed by {SIGNER}, {where} {signer}\n" in refused.stderr
    assert "Traceback" not in refused.stderr

    assert run(installed, tmp_path, *signer.split()).returncode == 0
    assert json.loads(package.read_text())["dependencies"] == {"jose": JOSE_VERSION, SIGNER: SIGNER_VERSION}
    synthesized = synth(installed, tmp_path)
    assert synthesized.returncode == 0, synthesized.stderr
    (asset,) = (each.with_name("index.js") for each in (tmp_path / "cdk.out").glob("asset.*/tokens.js"))
    assert asset.read_bytes() == (SOURCES / "index.js").read_bytes()
    assert (asset.parent / "node_modules" / "jose" / "LICENSE.md").is_file()
    (asset,) = (tmp_path / "cdk.out").glob("asset.*/rollbacks.js")
    assert (asset.parent / "node_modules" / SIGNER / "LICENSE").is_file()
