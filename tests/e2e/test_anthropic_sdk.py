"""The official Python SDK of Anthropic meets the refusals of a gateway, of which it knows nothing but the base URL."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest

from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from tests.e2e.limits import no_quota, no_rate

pytestmark = pytest.mark.e2e


def usual(_gateway: LocalGateway) -> AbstractContextManager[None]:
    return nullcontext()


@pytest.mark.parametrize(
    ("path", "limit", "expected", "kind"),
    [
        ("/nobody", usual, "NotFoundError", "not_found_error"),
        ("/claude", no_rate, "RateLimitError", "rate_limit_error"),
        ("/claude", no_quota, "RateLimitError", "rate_limit_error"),
    ],
    ids=["unknown path", "throttled", "quota used up"],
)
def test_refusal_is_of_the_class_and_type_that_the_sdk_knows(
    chat: LocalGateway,
    path: str,
    limit: Callable[[LocalGateway], AbstractContextManager[None]],
    expected: str,
    kind: str,
) -> None:
    import anthropic

    http_client = anthropic.DefaultHttpxClient(trust_env=False)
    client = anthropic.Anthropic(
        base_url=f"{chat.cloud.endpoint}{path}",
        api_key="sk-of-a-caller",
        default_headers=through_cloudfront(chat.domain_name),
        max_retries=0,
        http_client=http_client,
    )
    with http_client, limit(chat), pytest.raises(getattr(anthropic, expected)) as caught:
        client.messages.create(model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
    assert caught.value.type == kind
    assert uuid.UUID(caught.value.request_id)
