"""Nobody without the key gets past the API, and nothing reaches a backend unless somebody has it."""

import pytest

from conformance.deployed_api import DeployedApi

pytestmark = pytest.mark.conformance

ROUTES = [("POST", "/model"), ("GET", "/model"), ("POST", "/team/nested")]
NO_ROUTES = [("POST", "/unknown"), ("DELETE", "/model"), ("GET", "/"), ("GET", "/team"), ("POST", "/model/below")]


def test_generated_secret_can_be_an_api_key(deployed: DeployedApi) -> None:
    assert len(deployed.key) == 64
    assert deployed.key.isalnum()


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("key", [None, "", "0" * 64], ids=["without a key", "with an empty key", "with a wrong key"])
def test_request_is_refused(deployed: DeployedApi, method: str, path: str, key: str | None) -> None:
    exchange = deployed.send(method, path, headers=() if key is None else (("x-api-key", key),))
    assert (exchange.answer.status, exchange.answer.json()) == (403, {"message": "Forbidden"})
    assert exchange.received == ()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_request_with_the_key_reaches_the_backend(deployed: DeployedApi, method: str, path: str) -> None:
    exchange = deployed.send(method, path, headers=deployed.credentials)
    assert exchange.answer.status == 200
    assert len(exchange.received) == 1


@pytest.mark.parametrize(("method", "path"), NO_ROUTES)
def test_key_opens_no_other_path_or_method(deployed: DeployedApi, method: str, path: str) -> None:
    exchange = deployed.send(method, path, headers=deployed.credentials)
    assert (exchange.answer.status, exchange.answer.json()) == (403, {"message": "Missing Authentication Token"})
    assert exchange.received == ()
