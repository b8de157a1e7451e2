"""One function for all tests of the authorizer, with an issuer and secrets of its own."""

from collections.abc import Iterator

import pytest

from ml_gateway.functions import AuthorizerSettings, ClientSettings, IssuerSettings
from ml_gateway.local.loopback import serving
from tests.authorizer.function import AuthorizerProcess
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.secrets_server import SecretsServer

AUDIENCE = "https://ml.acme.com"
KEYS = {"mobile/a": "A" * 48, "mobile/b": "B" * 48, "batch/_tokens": "T" * 48, "pool/_tokens": "P" * 48}
"""The value of each key."""


@pytest.fixture(scope="session")
def running_issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingIssuer]:
    with serving(FailingIssuer(tmp_path_factory.mktemp("issuer"))) as server:
        yield server


@pytest.fixture(scope="session")
def running_secrets() -> Iterator[SecretsServer]:
    with serving(SecretsServer({})) as server:
        yield server


@pytest.fixture(scope="session")
def process(
    running_issuer: FailingIssuer, running_secrets: SecretsServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AuthorizerProcess]:
    settings = AuthorizerSettings(
        issuers=(
            IssuerSettings(
                url=running_issuer.url_of("corp"),
                audience=(AUDIENCE, "urn:second"),
                claim="azp",
                require={},
                clients={"batch-prod": "batch", "gone": "batch"},
            ),
            IssuerSettings(
                url=running_issuer.url_of("pool"),
                audience=(),
                claim="client_id",
                require={"token_use": "access"},
                clients={"1example": "pool"},
            ),
        ),
        clients={
            "mobile": ClientSettings(
                keys=("acme/clients/mobile/a", "acme/clients/mobile/b"),
                tokens=None,
                allowed=("POST/predict", "POST/predict/"),
            ),
            "batch": ClientSettings(keys=(), tokens="acme/clients/batch/_tokens", allowed=("*",)),
            "pool": ClientSettings(keys=(), tokens="acme/clients/pool/_tokens", allowed=("GET/a/*",)),
        },
    )
    started = AuthorizerProcess(
        settings,
        tmp_path_factory.mktemp("authorizer"),
        secrets=running_secrets.url,
        certificate=running_issuer.certificate,
    )
    yield started
    started.close()


@pytest.fixture
def issuer(running_issuer: FailingIssuer) -> FailingIssuer:
    """As it is when nothing is wrong."""
    running_issuer.recover()
    running_issuer.asked.clear()
    return running_issuer


@pytest.fixture
def secrets(running_secrets: SecretsServer) -> SecretsServer:
    """With the value of each key."""
    running_secrets.values = {f"acme/clients/{name}": value for name, value in KEYS.items()}
    running_secrets.wrong = {}
    running_secrets.down = False
    running_secrets.asked.clear()
    return running_secrets


@pytest.fixture
def function(process: AuthorizerProcess, issuer: FailingIssuer, secrets: SecretsServer) -> AuthorizerProcess:
    """A new environment, beside an issuer and secrets as they should be."""
    assert not issuer.asked
    assert not secrets.asked
    process.renew()
    return process
