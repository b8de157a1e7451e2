"""What a backend sees of the gateway's own credentials: one fixed value, however they came.

AWS documents that a mapping may set a header of a proxy integration; it does not document what that does to a header
which is written with other capitals, or which came twice. The distribution sends `x-api-key`, once.
"""

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Headers, ReceivedRequest
from ml_gateway.backends.http_proxy import REPLACED_CREDENTIAL
from ml_gateway.credentials import API_KEY_HEADER, GATEWAY_CREDENTIAL_HEADERS, ORIGIN_VERIFY_HEADER

pytestmark = pytest.mark.conformance


def received_with(deployed: DeployedApi, *headers: tuple[str, str], path: str = "/model") -> ReceivedRequest:
    """What the backend got of a request with these headers, which have the key among them."""
    exchange = deployed.send("POST", path, headers=headers)
    assert exchange.answer.status == 200
    (received,) = exchange.received
    return received


@pytest.mark.parametrize("name", [API_KEY_HEADER, "X-Api-Key", "X-API-KEY"])
@pytest.mark.parametrize("path", ["/model", "/team/nested"])
def test_backend_sees_the_fixed_value_instead_of_the_key(deployed: DeployedApi, name: str, path: str) -> None:
    received = received_with(deployed, (name, deployed.key), path=path)
    assert received.values(API_KEY_HEADER) == [REPLACED_CREDENTIAL]
    assert not received.mentions(deployed.key)


@pytest.mark.parametrize("second", [API_KEY_HEADER, "X-API-KEY"])
@pytest.mark.parametrize("value", ["the same", "another"])
def test_backend_sees_the_fixed_value_once_when_the_key_came_twice(
    deployed: DeployedApi, second: str, value: str
) -> None:
    again = (second, deployed.key if value == "the same" else value)
    received = received_with(deployed, *deployed.credentials, again)
    assert received.values(API_KEY_HEADER) == [REPLACED_CREDENTIAL]
    assert not received.mentions(deployed.key)


@pytest.mark.parametrize(
    "sent",
    [
        (),
        ((ORIGIN_VERIFY_HEADER, "secret"),),
        (("X-Origin-Verify", "secret"),),
        ((ORIGIN_VERIFY_HEADER, "secret"),) * 2,
    ],
    ids=["absent", "present", "in capitals", "twice"],
)
def test_backend_sees_the_fixed_value_as_the_origin_secret(deployed: DeployedApi, sent: Headers) -> None:
    received = received_with(deployed, *deployed.credentials, *sent)
    assert received.values(ORIGIN_VERIFY_HEADER) == [REPLACED_CREDENTIAL]
    assert not received.mentions("secret")


def test_caller_does_not_see_what_the_backend_saw(deployed: DeployedApi) -> None:
    answer = deployed.send("POST", "/model", headers=deployed.credentials).answer
    assert not [name for name in answer.headers if name.lower() in GATEWAY_CREDENTIAL_HEADERS]
