"""The refusals of an API with `errors:`, which conformance/control_plane.py puts, as LocalStack does not import them.

LocalStack honours their status alone: MiniStack shows body and headers.
"""

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Reply

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("key", [None, "", "0" * 64], ids=["without a key", "with an empty key", "with a wrong key"])
def test_request_without_the_key_gets_401(in_dialect: DeployedApi, key: str | None) -> None:
    exchange = in_dialect.send("POST", "/model", headers=() if key is None else (("x-api-key", key),))
    assert (exchange.answer.status, exchange.received) == (401, ())


@pytest.mark.parametrize(("method", "path"), [("POST", "/unknown"), ("DELETE", "/model"), ("GET", "/")])
def test_path_or_method_that_no_model_has_gets_404(in_dialect: DeployedApi, method: str, path: str) -> None:
    exchange = in_dialect.send(method, path, headers=in_dialect.credentials)
    assert (exchange.answer.status, exchange.received) == (404, ())


def test_key_of_another_gateway_opens_nothing(in_dialect: DeployedApi, deployed: DeployedApi) -> None:
    exchange = in_dialect.send("POST", "/model", headers=deployed.credentials)
    assert (exchange.answer.status, exchange.received) == (401, ())


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_error_of_the_model_passes_as_it_is(in_dialect: DeployedApi, status: int) -> None:
    reply = Reply(status=status, headers=(("Content-Type", "application/json"),), body=b'{"error": "of the model"}')
    answer = in_dialect.send("POST", "/model", headers=in_dialect.credentials, reply=reply).answer
    assert (answer.status, answer.body) == (status, reply.body)
