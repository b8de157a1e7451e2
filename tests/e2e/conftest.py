"""One local cloud for the whole session; gateways are deployed into it when the first test asks for them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from demo.sample_server import SampleServer, running_sample_server
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cloud import Cloud, running_cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.issuer import tokens_of_clients
from ml_gateway.local.loopback import serving
from ml_gateway.reading import load_config
from tests.authorizer.issuer import FailingIssuer
from tests.e2e.assembling_cdk import assembling_cdk
from tests.e2e.chat_server import running_chat_server
from tests.e2e.event_function import define_event_function
from tests.e2e.faulty_server import FaultyServer, running_faulty_server
from tests.e2e.headers_function import define_headers_function
from tests.e2e.quick_cdk import deployed_quickly, quick_cdk
from tests.e2e.species_function import define_species_function
from tests.e2e.telling_function import define_telling_function
from tests.synthesis import TOP

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def sample_server() -> Iterator[SampleServer]:
    with running_sample_server() as server:
        yield server


@pytest.fixture(scope="session")
def faulty_server() -> Iterator[FaultyServer]:
    with running_faulty_server() as server:
        yield server


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingIssuer]:
    """Whose certificate functions in the cloud know."""
    with serving(FailingIssuer(tmp_path_factory.mktemp("issuer"))) as server:
        yield server


@pytest.fixture(scope="session")
def cloud(issuer: FailingIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    # A model that never answers should not hold up the tests for the 29 s of a real integration.
    timeout = timedelta(seconds=3)
    directory = tmp_path_factory.mktemp("cloud")
    with running_cloud(directory, backend_timeout=timeout, certificates=issuer.certificate) as cloud:
        bootstrap(cloud, ["us-east-1"])
        yield cloud


@pytest.fixture(scope="session")
def gateway(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    """The gateway of gateway.yaml; the CDK CLI goes on with it."""
    file = TOP / "gateway.yaml"
    config = load_config(file)
    cdk = assembling_cdk(file, config, cloud=cloud, model_server=sample_server.url)
    cdk.assemble()
    with deployed_quickly(config, cloud=cloud, cdk=cdk) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def care(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    """The gateway of care.yaml."""
    with _deployed(HERE / "care.yaml", cloud, sample_server.url) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def faults(cloud: Cloud, faulty_server: FaultyServer) -> Iterator[LocalGateway]:
    """The gateway of faults.yaml, with a server that breaks off its answers behind it."""
    with _deployed_quickly(HERE / "faults.yaml", cloud, faulty_server.url) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def backends(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    """The gateway of backends.yaml, and the Lambda function that it names."""
    define_species_function(CloudInventory(cloud).client("lambda"))
    with _deployed_quickly(HERE / "backends.yaml", cloud, sample_server.url) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def chat(cloud: Cloud) -> Iterator[LocalGateway]:
    """The gateway of chat.yaml, with an OpenAI server behind it."""
    with running_chat_server() as url, _deployed_quickly(HERE / "chat.yaml", cloud, url) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def headers_function(cloud: Cloud) -> None:
    """The function that tenants.yaml and rollouts.py name."""
    define_headers_function(CloudInventory(cloud))


@pytest.fixture(scope="session")
def tenants(cloud: Cloud, headers_function: None) -> Iterator[LocalGateway]:  # noqa: ARG001 (it has to be there)
    """The gateway of tenants.yaml, with an OpenAI server behind it. Only test_clients.py uses it: it changes it."""
    with running_chat_server() as url, _deployed(HERE / "tenants.yaml", cloud, url) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def identified(cloud: Cloud, issuer: FailingIssuer) -> Iterator[LocalGateway]:
    """The gateway of identities.yaml, with a token of each client that has some."""
    define_event_function(CloudInventory(cloud).client("lambda"))
    file = HERE / "identities.yaml"
    config = load_config(file)
    issuers = {name: issuer.url_of(name) for name in config.issuers}
    with running_chat_server() as url:
        cdk = quick_cdk(config, cloud=cloud, model_server=url, issuers=issuers)
        with deployed_gateway(config, cloud=cloud, cdk=cdk, tokens=tokens_of_clients(config, issuer)) as deployed:
            yield deployed


@pytest.fixture(scope="session")
def edge(cloud: Cloud, sample_server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGateway]:
    """The gateway of edge.yaml, with the zone and the Lambda function that it names."""
    define_telling_function(CloudInventory(cloud).client("lambda"))
    file = tmp_path_factory.mktemp("edge") / "edge.yaml"
    file.write_text((HERE / "edge.yaml").read_text().replace("Z0123456789ABCDEFGHIJ", _define_zone(cloud)))
    with _deployed_quickly(file, cloud, sample_server.url) as deployed:
        yield deployed


def _define_zone(cloud: Cloud) -> str:
    """The id of a new public zone: no name of ours can be asked for one that exists."""
    client = CloudInventory(cloud).client("route53")
    zone: str = client.create_hosted_zone(Name="acme.com", CallerReference="edge")["HostedZone"]["Id"]
    return zone.removeprefix("/hostedzone/")


def _deployed(file: Path, cloud: Cloud, model_server: str) -> AbstractContextManager[LocalGateway]:
    config = load_config(file)
    cdk = assembling_cdk(file, config, cloud=cloud, model_server=model_server)
    return deployed_gateway(config, cloud=cloud, cdk=cdk)


def _deployed_quickly(file: Path, cloud: Cloud, model_server: str) -> AbstractContextManager[LocalGateway]:
    """For gateways that are asked, and neither deployed again nor destroyed."""
    config = load_config(file)
    cdk = quick_cdk(config, cloud=cloud, model_server=model_server)
    return deployed_gateway(config, cloud=cloud, cdk=cdk)
