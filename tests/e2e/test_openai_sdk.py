"""The official Python SDK of OpenAI, which knows nothing of a gateway but its base URL.

Not shown: that a stream arrives in pieces. MiniStack collects answers; what is tested is that the SDK reads one.
A wrong key cannot be shown with it either: CloudFront sends the gateway's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from ml_gateway.local.gateway import LocalGateway
from tests.e2e.chat_client import client_of, say_hello
from tests.e2e.chat_server import ADAPTER, MODEL
from tests.e2e.limits import no_quota, no_rate

if TYPE_CHECKING:
    import openai

pytestmark = pytest.mark.e2e


@pytest.fixture
def client(chat: LocalGateway) -> Iterator[openai.OpenAI]:
    with client_of(chat) as (client, _statuses):
        yield client


def test_chat_completion(client: openai.OpenAI) -> None:
    assert say_hello(client) == "HELLO TO YOU"


def test_stream_is_read_to_its_end(client: openai.OpenAI) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "one two three"}]
    with client.chat.completions.create(model=MODEL, messages=messages, stream=True) as stream:
        assert [chunk.choices[0].delta.content for chunk in stream] == ["ONE", "TWO", "THREE"]


def test_models_are_those_that_the_server_knows(client: openai.OpenAI) -> None:
    """Also an adapter beside the model, whose id has a slash: the SDK encodes it."""
    assert [model.id for model in client.models.list()] == [MODEL, ADAPTER]
    assert client.models.retrieve(MODEL).id == MODEL
    assert client.models.retrieve(ADAPTER).id == ADAPTER


def test_model_that_the_server_does_not_know_is_its_own_error(client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.NotFoundError, match="no such model here"):
        client.models.retrieve("org/nobody")


def test_error_of_the_server_is_what_the_sdk_raises(client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.NotFoundError, match="no such model here") as caught:
        say_hello(client, model="another")
    assert caught.value.code == "model_not_found"


def test_unknown_route_is_an_error_of_the_gateway(client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.NotFoundError) as caught:
        client.files.list()
    assert caught.value.code == "unknown_url"


@pytest.mark.parametrize(
    ("limit", "code", "statuses"),
    [(no_rate, "rate_limit_exceeded", [429, 429]), (no_quota, "insufficient_quota", [429])],
    ids=["throttled", "quota used up"],
)
def test_sdk_tries_again_only_where_that_can_help(
    chat: LocalGateway,
    limit: Callable[[LocalGateway], AbstractContextManager[None]],
    code: str,
    statuses: list[int],
) -> None:
    import openai

    with limit(chat), client_of(chat, retries=1) as (client, seen), pytest.raises(openai.RateLimitError) as caught:
        say_hello(client)
    assert (caught.value.code, seen) == (code, statuses)
