"""What the gateway itself refuses, in the words of the OpenAI API and of Anthropic's (`errors: openai`).

Not shown, because MiniStack does it in its own way: a model that cannot be reached or is silent (it takes both for a
mistake in the configuration, 500, where API Gateway says 502 and 504), and a request that is too large.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final

import pytest

from demo.model_requests import JSON
from ml_gateway.errors import REQUEST_ID_HEADERS
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Answer, Request
from tests.e2e.limits import no_quota, no_rate

pytestmark = pytest.mark.e2e

CHAT: Final = "/llama/v1/chat/completions"
MARK: Final = "credential-of-a-caller"
SENT_CREDENTIALS: Final = {
    "Authorization": f"Bearer sk-{MARK}-1",
    "api-key": f"{MARK}-2",
    "x-goog-api-key": f"{MARK}-3",
    "Cookie": f"session={MARK}-4",
}
WRONG_KEY: Final = f"{MARK}-of-the-gateway"


def directly(gateway: LocalGateway, path: str, headers: dict[str, str]) -> Answer:
    headers = {**JSON, **SENT_CREDENTIALS, **headers}
    return gateway.api.send(Request(method="POST", path=gateway.api_path + path, body=b"{}", headers=headers))


def no_key(gateway: LocalGateway) -> Answer:
    return directly(gateway, CHAT, {})


def wrong_key(gateway: LocalGateway) -> Answer:
    return directly(gateway, CHAT, {"x-api-key": WRONG_KEY})


def through_edge(gateway: LocalGateway, path: str = CHAT) -> Answer:
    # CloudFront puts the gateway's own key in the place of this one.
    headers = {**JSON, **SENT_CREDENTIALS, "x-api-key": WRONG_KEY}
    return gateway.edge.send(Request(method="POST", path=path, body=b"{}", headers=headers))


def unknown_path(gateway: LocalGateway) -> Answer:
    return through_edge(gateway, f"/llama/v1/files?name={WRONG_KEY}")


def usual(_gateway: LocalGateway) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A request that is refused, and how."""

    send: Callable[[LocalGateway], Answer]
    status: int
    kind: str
    code: str
    while_: Callable[[LocalGateway], AbstractContextManager[None]] = usual
    headers: dict[str, str] = field(default_factory=dict)


REFUSALS = {
    "no key": Refusal(send=no_key, status=401, kind="authentication_error", code="invalid_api_key"),
    "wrong key": Refusal(send=wrong_key, status=401, kind="authentication_error", code="invalid_api_key"),
    "unknown path": Refusal(send=unknown_path, status=404, kind="not_found_error", code="unknown_url"),
    "throttled": Refusal(
        while_=no_rate,
        send=through_edge,
        status=429,
        kind="rate_limit_error",
        code="rate_limit_exceeded",
        headers={"Retry-After": "1"},
    ),
    "quota used up": Refusal(
        while_=no_quota,
        send=through_edge,
        status=429,
        kind="rate_limit_error",
        code="insufficient_quota",
        headers={"x-should-retry": "false"},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_is_worded_for_the_sdks_of_openai_and_anthropic(chat: LocalGateway, refusal: Refusal) -> None:
    with refusal.while_(chat):
        answer = refusal.send(chat)
    assert (answer.status, answer.content_type) == (refusal.status, "application/json")
    said = answer.json()
    assert said.keys() == {"type", "error", "request_id", "source"}
    message = said["error"].pop("message")
    assert message[0].islower()
    request_id = said["request_id"]
    assert uuid.UUID(request_id)
    assert said["error"] == {"type": refusal.kind, "param": None, "code": refusal.code, "request_id": request_id}
    assert (said["type"], said["source"]) == ("error", "gateway")
    assert [answer.headers.get(name) for name in REQUEST_ID_HEADERS] == [request_id] * 2
    assert {name: answer.headers.get(name) for name in refusal.headers} == refusal.headers


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_repeats_no_credential(chat: LocalGateway, refusal: Refusal) -> None:
    with refusal.while_(chat):
        answer = refusal.send(chat)
    assert answer.status == refusal.status
    assert MARK not in f"{answer.headers} {answer.body.decode()}"


def test_each_refusal_has_an_id_of_its_own(chat: LocalGateway) -> None:
    ids = {no_key(chat).json()["request_id"] for _ in range(3)}
    assert len(ids) == 3


def test_service_goes_on_afterwards(chat: LocalGateway) -> None:
    for refusal in REFUSALS.values():
        with refusal.while_(chat):
            assert refusal.send(chat).status == refusal.status
        assert chat.edge.send(Request(method="GET", path="/llama/v1/models")).status == 200
