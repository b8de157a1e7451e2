"""What the stage serves follows the file with one deploy, there and back, and what stays is served throughout.

MiniStack imports the document as ministack_api.py reads AWS's pages: these tests show that ours says enough, and that
the deployment and the stage follow it. What API Gateway makes of the same document was not seen live.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from demo.model_requests import JSON
from demo.observations import steady_requests
from demo.sample_server import SampleServer
from ml_gateway import GatewayConfig, load_config
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.http_client import Request
from tests.e2e.held_deploy import local_assembly
from tests.e2e.quick_cdk import QuickCdk

pytestmark = pytest.mark.e2e

FILE: Final = Path(__file__).with_name("changes.yaml")
PACE: Final = 0.02
"""Seconds between the requests of one caller."""
UNKNOWN: Final = "403 Missing Authentication Token"
UNKNOWN_IN_DIALECT: Final = "404 unknown_url"

QUESTIONS: Final = {
    "a model that stays": ("POST /kept", "200 /kept", "200 /kept"),
    "a model that is removed": ("POST /removed", "200 /removed", UNKNOWN),
    "a model with a protocol that is removed": (
        "POST /chat/v1/chat/completions",
        "200 /chat/v1/chat/completions",
        UNKNOWN,
    ),
    "the list of its models": ("GET /chat/v1/models", "200 /chat/v1/models", UNKNOWN),
    "what the gateway answered for a provider": ("GET /provider/v1/models", "200 None", UNKNOWN),
    "a method that is removed": ("POST /fewer", "200 /fewer", UNKNOWN),
    "the method beside it": ("GET /fewer", "200 /fewer", "200 /fewer"),
    "the path that a model leaves": ("POST /old", "200 /elsewhere", UNKNOWN),
    "the path that it gets": ("POST /new", UNKNOWN_IN_DIALECT, "200 /elsewhere"),
    "a variable that is renamed": ("POST /users/7/score", "200 /scores/7", "200 /scores/7"),
    "one part of a path": ("POST /files/a", "200 /files/a", "200 /files/a"),
    "all parts of a path": ("POST /files/a/b/c", UNKNOWN_IN_DIALECT, "200 /files/a/b/c"),
    "another URL": ("POST /moved", "200 /first", "200 /second"),
    "a longer timeout": ("POST /patient", "500 gateway_misconfigured", "200 /behave/slow"),
    "a path that nobody has": ("POST /nothing", UNKNOWN_IN_DIALECT, UNKNOWN),
}
"""Request, and what it is answered before and after."""


def second(file: dict[str, Any]) -> dict[str, Any]:
    models = file["models"]
    del file["errors"], file["backends"], models["removed"], models["chat"], models["provider"]
    models["fewer"]["methods"] = ["GET"]
    models["elsewhere"]["path"] = "/new"
    models["scores"] = {"url": "https://model.example.com/scores/{person}", "path": "/users/{person}/score"}
    models["files"]["path"] = "/files/{file+}"
    models["moved"]["url"] = "https://model.example.com/second"
    models["patient"]["timeout"] = "2s"
    return file


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[GatewayConfig, GatewayConfig]:
    changed = tmp_path_factory.mktemp("changes") / FILE.name
    changed.write_text(yaml.safe_dump(second(yaml.safe_load(FILE.read_text()))))
    return load_config(FILE), load_config(changed)


class Changing:
    """A deployed gateway, and what it has answered after each deploy."""

    def __init__(self, gateway: LocalGateway, assemblies: list[str]) -> None:
        self.gateway = gateway
        self.assemblies = assemblies
        self.answers = [ask_all(gateway)]
        self.meanwhile: list[str] = []
        """The statuses of what was sent to the models that stay, while the deploys went on."""

    def deploy(self, version: int) -> None:
        self.gateway.cdk.app = self.assemblies[version]
        edge = self.gateway.edge
        with (
            steady_requests(edge, request("POST /kept"), PACE) as fast,
            steady_requests(edge, request("POST /slow"), PACE) as slow,
        ):
            while not (fast and slow):
                time.sleep(PACE)
            self.gateway.cdk.deploy()
        self.meanwhile += [*fast, *slow]
        self.answers.append(ask_all(self.gateway))


@pytest.fixture(scope="module")
def changing(
    cloud: Cloud, sample_server: SampleServer, versions: tuple[GatewayConfig, GatewayConfig]
) -> Iterator[Changing]:
    assemblies = [str(local_assembly(each, cloud=cloud, model_server=sample_server.url)) for each in versions]
    cdk = QuickCdk(cloud=cloud, directory=cloud.directory / "changes", context={})
    cdk.app = assemblies[0]
    with deployed_gateway(versions[0], cloud=cloud, cdk=cdk) as gateway:
        changing = Changing(gateway, assemblies)
        changing.deploy(1)
        changing.deploy(0)
        yield changing


def request(written: str) -> Request:
    method, path = written.split(" ")
    return Request(method=method, path=path, body=None if method == "GET" else b"{}", headers=JSON)


def ask_all(gateway: LocalGateway) -> dict[str, str]:
    with ThreadPoolExecutor(max_workers=4) as callers:
        return dict(zip(QUESTIONS, callers.map(lambda each: ask(gateway, each[0]), QUESTIONS.values()), strict=True))


def ask(gateway: LocalGateway, written: str) -> str:
    answer = gateway.edge.send(request(written))
    said = answer.json()
    refused = said.get("message") or said.get("error", {}).get("code") or said.get("error", {}).get("type")
    return f"{answer.status} {refused or said.get('received', {}).get('path')}"


@pytest.mark.parametrize("change", QUESTIONS)
def test_one_deploy_changes_what_the_stage_serves_and_another_changes_it_back(changing: Changing, change: str) -> None:
    _, before, after = QUESTIONS[change]
    assert [answers[change] for answers in changing.answers] == [before, after, before]


def test_models_that_stay_are_served_while_the_others_change(changing: Changing) -> None:
    assert set(changing.meanwhile) == {"200"}


def test_the_api_stays_the_one_that_it_was_and_has_one_deployment(changing: Changing) -> None:
    *_, api_id, stage = changing.gateway.api_path.split("/")
    client = CloudInventory(changing.gateway.cloud).client("apigateway")
    (deployment,) = client.get_deployments(restApiId=api_id)["items"]
    assert client.get_stage(restApiId=api_id, stageName=stage)["deploymentId"] == deployment["id"]


def test_nothing_differs_after_a_change(changing: Changing) -> None:
    assert changing.gateway.cdk.diff().exit_code == 0
