"""The API alone, destroyed and deployed again with the real CDK CLI; and how a user sees that a deploy is complete.

The keys survive their API. What the edge has to be told, docs/changes.md says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from demo.model_requests import JSON
from ml_gateway import GatewayConfig, ModelConfig, PlanConfig, RequestRate
from ml_gateway.config import ClientConfig, OriginLockConfig
from ml_gateway.local.cdk_cli import CdkCli, CdkRun
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Request
from tests.e2e.faulty_server import FaultyServer
from tests.e2e.held_deploy import credentials, held_deploy, local_assembly, signal
from tests.e2e.quick_cdk import deployed_quickly
from tests.synthesis import gateway_config

pytestmark = pytest.mark.e2e

NAME: Final = "alone"
REQUEST: Final = Request(method="POST", path="/sound", body=b"{}", headers=JSON)


def config(generation: int) -> GatewayConfig:
    return gateway_config(
        name=NAME,
        models={"sound": ModelConfig(url="https://model.example.com/sound")},
        plans={"default": PlanConfig(rate=RequestRate(1000), burst=1000)},
        clients={"app": ClientConfig(plan="default")},
        origin_lock=OriginLockConfig(generation=generation),
    )


@pytest.fixture(scope="module")
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> Iterator[LocalGateway]:
    """Deployed, and its first generation."""
    cdk = CdkCli(cloud=cloud, directory=cloud.directory / NAME, context={})
    cdk.app = str(local_assembly(config(1), cloud=cloud, model_server=faulty_server.url))
    with deployed_quickly(config(1), cloud=cloud, cdk=cdk) as gateway:
        yield gateway


def values(gateway: LocalGateway) -> Mapping[str, str]:
    """Of the secrets, by their names."""
    return {name: value for name, value in credentials(gateway.cloud, NAME).items() if "/" in name}


def unchanged(run: CdkRun) -> set[str]:
    return set(re.findall(r"✅ +(\S+)(?: \(\S+\))? \(no changes\)$", run.log.read_text(), re.MULTILINE))


def test_keys_survive_and_another_generation_leads_the_edge_to_the_new_api(
    gateway: LocalGateway, cloud: Cloud, faulty_server: FaultyServer
) -> None:
    before, status = values(gateway), gateway.edge.send(REQUEST).status
    assert status == 200
    gateway.cdk.destroy("--exclusively", f"{NAME}-api-us-east-1")
    assert values(gateway) == before
    assert gateway.edge.send(REQUEST).status != 200

    # The edge's template is what it was: neither of the two tells it the new API's address.
    assert unchanged(gateway.cdk.deploy()) == {f"{NAME}-keys", f"{NAME}-edge"}
    assert gateway.edge.send(REQUEST).status != 200
    gateway.cdk.deploy(options=["--force"])
    forced = gateway.edge.send(REQUEST).status

    gateway.cdk.app = str(local_assembly(config(2), cloud=cloud, model_server=faulty_server.url))
    gateway.cdk.deploy()
    assert before.items() <= values(gateway).items()
    assert gateway.edge.send(REQUEST).status == 200
    assert forced != 200


def test_a_deploy_is_complete_when_nothing_differs(
    gateway: LocalGateway, cloud: Cloud, faulty_server: FaultyServer
) -> None:
    failing = local_assembly(config(3), cloud=cloud, model_server=faulty_server.url, held="edge")
    with held_deploy(gateway.cdk, failing, cloud=cloud, stack=f"{NAME}-edge") as running:
        signal(cloud, f"{NAME}-edge", "FAILURE")
        assert running.wait().exit_code == 1
    gateway.cdk.app = str(local_assembly(config(3), cloud=cloud, model_server=faulty_server.url))
    assert gateway.cdk.diff().exit_code == 1
    gateway.cdk.deploy()
    assert gateway.cdk.diff().exit_code == 0
    assert gateway.edge.send(REQUEST).status == 200
