"""The official Python SDK of OpenAI, set up to call the model llama of a gateway."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from tests.e2e.chat_server import MODEL

if TYPE_CHECKING:
    import openai

SECONDS: Final = 60
SECONDS_TO_USE_UP: Final = 30


@contextmanager
def client_of(
    gateway: LocalGateway, *, api_key: str = "sk-of-a-caller", headers: Mapping[str, str] = {}, retries: int = 0
) -> Iterator[tuple[openai.OpenAI, list[int]]]:
    """A client, and the status of each answer that it gets."""
    import openai

    statuses: list[int] = []
    http_client = openai.DefaultHttpxClient(
        trust_env=False, event_hooks={"response": [lambda response: statuses.append(response.status_code)]}
    )
    with openai.OpenAI(
        base_url=f"{gateway.cloud.endpoint}/llama/v1",
        api_key=api_key,
        default_headers={**through_cloudfront(gateway.domain_name), **headers},
        max_retries=retries,
        timeout=SECONDS,
        http_client=http_client,
    ) as client:
        yield client, statuses


def say_hello(client: openai.OpenAI, model: str = MODEL) -> str | None:
    completion = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "hello to you"}])
    return completion.choices[0].message.content


def use_up(client: openai.OpenAI) -> None:
    """Ask, no faster than the plan allows, until the quota is said to be used up."""
    import openai

    deadline = time.monotonic() + SECONDS_TO_USE_UP
    while time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            say_hello(client)
        except openai.RateLimitError as error:
            if error.code == "insufficient_quota":
                return
    raise AssertionError(f"the quota is not used up after {SECONDS_TO_USE_UP} s")
