"""What a backend gets with a fixed value: the headers of the file, and those with the value of a secret.

AWS documents that a mapping may set a header of a proxy integration; it does not document what that does to a header
which the caller wrote with other capitals, or sent twice.
"""

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Headers, ReceivedRequest
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.backend_secrets import value_of

pytestmark = pytest.mark.conformance

PROVIDER_TOKEN = value_of("conformance/provider-token")
MODEL_KEY = value_of("conformance/model-key")
OF_THE_CALLER: Headers = (("Authorization", "Bearer of-the-caller"),)


def received_at(deployed: DeployedApi, path: str, *headers: tuple[str, str], method: str = "POST") -> ReceivedRequest:
    exchange = deployed.send(method, path, headers=(*deployed.credentials, *headers))
    assert exchange.answer.status == 200
    (received,) = exchange.received
    return received


@pytest.mark.parametrize("sent", [(), (("X-Tenant", "of-the-caller"),)], ids=["absent", "present"])
def test_header_of_the_file_arrives_whatever_the_caller_sent(deployed: DeployedApi, sent: Headers) -> None:
    assert received_at(deployed, "/keyed", *sent).values("X-Tenant") == ["conformance"]


def test_secret_key_of_the_model_wins_over_the_replacement(deployed: DeployedApi) -> None:
    received = received_at(deployed, "/keyed")
    assert received.values(API_KEY_HEADER) == [MODEL_KEY]
    assert not received.mentions(deployed.key)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "sent",
    [
        (),
        OF_THE_CALLER,
        (("AUTHORIZATION", "Bearer of-the-caller"),),
        (("authorization", "Bearer of-the-caller"),),
        OF_THE_CALLER * 2,
        (*OF_THE_CALLER, ("authorization", "Basic of-the-caller")),
    ],
    ids=["absent", "exact", "in capitals", "in small letters", "twice", "twice, one in small letters"],
)
def test_provider_gets_its_token_instead_of_what_the_caller_sent(
    deployed: DeployedApi, method: str, sent: Headers
) -> None:
    received = received_at(deployed, "/provider", *sent, method=method)
    assert received.values("Authorization") == [f"Bearer {PROVIDER_TOKEN}"]
    assert not received.mentions("of-the-caller")


def test_nobody_but_the_provider_gets_the_token(deployed: DeployedApi) -> None:
    exchange = deployed.send("POST", "/provider", headers=deployed.credentials)
    assert PROVIDER_TOKEN not in f"{dict(exchange.answer.headers)} {exchange.answer.body!r}"
    assert not received_at(deployed, "/model").mentions(PROVIDER_TOKEN)


def test_template_refers_to_the_token_and_does_not_hold_it(deployed: DeployedApi) -> None:
    template = CloudInventory(deployed.cloud).template("conformance-api", "us-east-1")
    assert "Bearer {{resolve:secretsmanager:conformance/provider-token:SecretString:::" in template
    assert "'{{resolve:secretsmanager:conformance/model-key:SecretString:::" in template
    assert PROVIDER_TOKEN not in template
    assert MODEL_KEY not in template
