"""The official Python SDK of OpenAI, set up to call the model llama of a gateway."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import openai

from local.gateway import LocalGateway, through_cloudfront
from tests.e2e.chat_server import MODEL

SECONDS: Final = 60


@contextmanager
def client_of(
    gateway: LocalGateway, *, api_key: str = "sk-of-a-caller", headers: Mapping[str, str] = {}, retries: int = 0
) -> Iterator[tuple[openai.OpenAI, list[int]]]:
    """A client, and the status of each answer that it gets."""
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
