"""One local cloud for the whole session; gateways are deployed into it when the first test asks for them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from local.cdk_cli import CdkCli
from local.cloud import Cloud, running_cloud
from local.gateway import LocalGateway, deployed_gateway, new_cdk
from local.sample_server import SampleServer, running_sample_server
from ml_gateway.config import load_config
from tests.synthesis import TOP

CARE = Path(__file__).parent / "care.yaml"


@pytest.fixture(scope="session")
def sample_server() -> Iterator[SampleServer]:
    with running_sample_server() as server:
        yield server


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    # A model that never answers should not hold up the tests for the 29 s of a real integration.
    timeout = timedelta(seconds=3)
    with running_cloud(tmp_path_factory.mktemp("cloud"), backend_timeout=timeout) as cloud:
        CdkCli(cloud=cloud, directory=cloud.directory / "bootstrap", context={}).bootstrap(cloud.account, ["us-east-1"])
        yield cloud


@pytest.fixture(scope="session")
def gateway(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    """The gateway of gateway.yaml."""
    with _deployed(TOP / "gateway.yaml", cloud, sample_server) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def care(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    """The gateway of care.yaml."""
    with _deployed(CARE, cloud, sample_server) as deployed:
        yield deployed


def _deployed(file: Path, cloud: Cloud, server: SampleServer) -> AbstractContextManager[LocalGateway]:
    config = load_config(file)
    cdk = new_cdk(file, config, cloud=cloud, sample_server=server)
    return deployed_gateway(config, cloud=cloud, cdk=cdk, sample_server=server)
