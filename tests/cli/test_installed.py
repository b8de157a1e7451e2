"""The package as pip installs it, in folders without this repository: from nothing to templates, and in an app."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ml_gateway
from ml_gateway.functions.authorizer_code import JOSE_VERSION, SOURCES
from ml_gateway.functions.overrides_code import SIGNER_VERSION
from tests.environments import environment, pip
from tests.synthesis import TOP
from tests.test_package import wheel  # noqa: F401 (a fixture)

SIGNER = "@smithy/signature-v4a"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 (a fixture)
    """The folder of the scripts of an environment that has the wheel."""
    own = environment(tmp_path_factory.mktemp("installed") / "venv")
    pip("--python", own, "install", "--no-index", "--no-deps", wheel)
    return own.parent


def run(installed: Path, folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), str(TOP / "node_modules" / ".bin"), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=180, check=False)


def run_app(installed: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What cdk.json says to run, for its refusals; the first test has what the CDK CLI makes of one."""
    return run(installed, folder, "ml-gateway", "app", CDK_OUTDIR="cdk.out")


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
    refused = run_app(installed, tmp_path)
    assert f": issuers: tokens are checked by jose, {where} {jose}\n" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "cdk.out" / "manifest.json").exists()

    assert run(installed, tmp_path, *jose.split()).returncode == 0
    refused = run_app(installed, tmp_path)
    assert f"overrides of rollouts are signed by {SIGNER}, {where} {signer}\n" in refused.stderr
    assert "Traceback" not in refused.stderr

    assert run(installed, tmp_path, *signer.split()).returncode == 0
    assert json.loads(package.read_text())["dependencies"] == {"jose": JOSE_VERSION, SIGNER: SIGNER_VERSION}
    # Without CloudFormation's validation, which takes seconds; the first test has it.
    synthesized = run(installed, tmp_path, "cdk", "synth", "--quiet", CDK_VALIDATION="false")
    assert synthesized.returncode == 0, synthesized.stderr
    (asset,) = (each.with_name("index.js") for each in (tmp_path / "cdk.out").glob("asset.*/tokens.js"))
    assert asset.read_bytes() == (SOURCES / "index.js").read_bytes()
    assert (asset.parent / "node_modules" / "jose" / "LICENSE.md").is_file()
    (asset,) = (tmp_path / "cdk.out").glob("asset.*/rollbacks.js")
    assert (asset.parent / "node_modules" / SIGNER / "LICENSE").is_file()


APP = """
import json
from aws_cdk import App, Stack
from ml_gateway import (
    ApiKeyLock, GatewayDistribution, GatewayUsagePlan, HttpBackend, OriginSecrets, PlanConfig, ProxyApi, RequestRate,
    Route,
)
import ml_gateway

app = App()
stack = Stack(app, "elsewhere")
routes = {Route(http_method="POST", path="/score"): HttpBackend(url="https://fraud.example.com/score")}
api = ProxyApi(stack, "Api", name="fraud", description="Scores payments", routes=routes)
plan = GatewayUsagePlan(stack, "Plan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
secrets = OriginSecrets(stack, "Secrets", gateway_name="fraud")
lock = ApiKeyLock(stack, "Lock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
GatewayDistribution(stack, "Edge", origin=api.origin(lock))
defined = app.synth().stacks[0].template["Resources"].values()
said = {"from": ml_gateway.__file__, "version": ml_gateway.__version__}
print(json.dumps({**said, "types": [resource["Type"] for resource in defined]}))
"""


def test_constructs_work_in_an_app_elsewhere(installed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [installed / "python", "-c", APP],
        cwd=elsewhere,
        env={
            "PATH": str(Path(sys.executable).parent),
            "CDK_OUTDIR": str(tmp_path / "out"),
            "CDK_VALIDATION": "false",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = json.loads(done.stdout)
    assert Path(said["from"]).is_relative_to(installed.parent)
    assert said["version"] == ml_gateway.__version__
    assert {"AWS::ApiGateway::RestApi", "AWS::CloudFront::Distribution"} <= set(said["types"])
