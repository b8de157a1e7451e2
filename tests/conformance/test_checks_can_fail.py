"""The checks against a stage that is broken on purpose: they notice."""

import pytest

from conformance.deployed_api import DeployedApi
from ml_gateway.backends.http_proxy import REPLACED_CREDENTIAL
from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER

pytestmark = pytest.mark.conformance


def test_key_and_origin_secret_that_are_forwarded_are_seen(broken: DeployedApi) -> None:
    (received,) = broken.send(
        "POST", "/model", headers=(*broken.credentials, (ORIGIN_VERIFY_HEADER, "secret"))
    ).received
    assert received.values(API_KEY_HEADER) == [broken.key]
    assert received.values(ORIGIN_VERIFY_HEADER) == ["secret"]
    assert received.mentions(broken.key)


def test_token_that_is_not_replaced_is_seen(broken: DeployedApi) -> None:
    sent = ("AUTHORIZATION", "Bearer of-the-caller")
    (received,) = broken.send("POST", "/provider", headers=(*broken.credentials, sent)).received
    assert received.values("Authorization") == ["Bearer of-the-caller"]


def test_endpoint_that_gets_every_header_is_noticed(broken: DeployedApi) -> None:
    (received,) = broken.send("POST", "/fraud/invocations", headers=broken.credentials).received
    assert received.mentions(broken.key)


def test_answer_that_is_the_backends_is_noticed(broken: DeployedApi) -> None:
    assert len(broken.send("GET", "/gpt/v1/models", headers=broken.credentials).received) == 1


def test_method_without_a_key_is_noticed(broken: DeployedApi) -> None:
    exchange = broken.send("GET", "/model")
    assert exchange.answer.status == 200
    assert len(exchange.received) == 1


@pytest.mark.usefixtures("broken")
def test_deployed_stage_is_not_the_broken_one(deployed: DeployedApi) -> None:
    assert deployed.send("GET", "/model").answer.status == 403
    (received,) = deployed.send("POST", "/model", headers=deployed.credentials).received
    assert received.values(API_KEY_HEADER) == [REPLACED_CREDENTIAL]
