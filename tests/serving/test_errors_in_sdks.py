"""What the SDKs of OpenAI and of Anthropic make of the errors that the gateway words by `errors: openai`."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import httpx2
import pytest

from ml_gateway.backends import sagemaker
from ml_gateway.errors import (
    GATEWAY_ERRORS,
    INVALID_PATH,
    PAUSED,
    REQUEST_ID,
    REQUEST_ID_HEADERS,
    THROTTLED_AT_EDGE,
    GatewayError,
    error_body,
)

if TYPE_CHECKING:
    import anthropic
    import openai

ID = "11111111-2222-4333-8444-555555555555"
ALL = (*GATEWAY_ERRORS, *sagemaker._ERRORS.values(), INVALID_PATH, PAUSED, THROTTLED_AT_EDGE)

# By status: the classes of both, and the type that Anthropic gives to such an error.
EXPECTED: dict[int, tuple[str, str, str]] = {
    400: ("BadRequestError", "BadRequestError", "invalid_request_error"),
    401: ("AuthenticationError", "AuthenticationError", "authentication_error"),
    403: ("PermissionDeniedError", "PermissionDeniedError", "permission_error"),
    404: ("NotFoundError", "NotFoundError", "not_found_error"),
    415: ("APIStatusError", "APIStatusError", "invalid_request_error"),
    429: ("RateLimitError", "RateLimitError", "rate_limit_error"),
    500: ("InternalServerError", "InternalServerError", "api_error"),
    502: ("InternalServerError", "InternalServerError", "api_error"),
    503: ("InternalServerError", "ServiceUnavailableError", "api_error"),
    504: ("InternalServerError", "GatewayTimeoutError", "timeout_error"),
}

every_error = pytest.mark.parametrize("error", ALL, ids=lambda error: error.response_type)


def answering(error: GatewayError, asked: list[httpx2.Request]) -> httpx2.Client:
    """A client whose every request is answered as API Gateway would answer it; those that it `asked` are kept."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        headers = {**dict.fromkeys(REQUEST_ID_HEADERS, ID), **dict(error.headers), "Content-Type": "application/json"}
        return httpx2.Response(error.status, headers=headers, text=error_body("openai", error).replace(REQUEST_ID, ID))

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def refused_by_openai(error: GatewayError, *, retries: int = 0) -> tuple[openai.APIStatusError, int]:
    """What the SDK raises, and how often it asked."""
    import openai

    asked: list[httpx2.Request] = []
    client = openai.OpenAI(
        api_key="k", base_url="https://a/llama/v1", max_retries=retries, http_client=answering(error, asked)
    )
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model="llama", messages=[{"role": "user", "content": "hello"}])
    return caught.value, len(asked)


def refused_by_anthropic(error: GatewayError, *, retries: int = 0) -> tuple[anthropic.APIStatusError, int]:
    """What the SDK raises, and how often it asked."""
    import anthropic

    asked: list[httpx2.Request] = []
    client = anthropic.Anthropic(
        api_key="k", base_url="https://a/claude", max_retries=retries, http_client=answering(error, asked)
    )
    with pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
    return caught.value, len(asked)


@every_error
def test_the_sdk_of_openai_knows_class_code_and_request(error: GatewayError) -> None:
    import openai

    raised, _ = refused_by_openai(error)
    assert type(raised) is getattr(openai, EXPECTED[error.status][0])
    assert (raised.code, raised.type, raised.param) == (error.code, error.kind, None)
    assert raised.request_id == ID
    assert error.message in raised.message
    # All that the SDK keeps of the body is what is inside `error`.
    assert isinstance(raised.body, dict)
    assert raised.body["request_id"] == ID


@every_error
def test_the_sdk_of_anthropic_knows_class_type_and_request(error: GatewayError) -> None:
    import anthropic

    raised, _ = refused_by_anthropic(error)
    _, kind, expected = EXPECTED[error.status]
    assert type(raised) is getattr(anthropic, kind)
    assert raised.type == expected
    assert raised.api_message == error.message
    assert raised.request_id == ID
    assert ID in raised.message


@every_error
def test_each_type_is_one_of_anthropic(error: GatewayError) -> None:
    from anthropic.types.shared import ErrorType

    assert error.kind in get_args(ErrorType)


def test_a_paused_model_is_asked_once_by_both() -> None:
    assert refused_by_openai(PAUSED, retries=2)[1] == 1
    assert refused_by_anthropic(PAUSED, retries=2)[1] == 1


def test_a_used_up_quota_is_asked_for_once_by_both() -> None:
    (quota,) = (error for error in GATEWAY_ERRORS if error.response_type == "QUOTA_EXCEEDED")
    assert refused_by_openai(quota, retries=2)[1] == 1
    assert refused_by_anthropic(quota, retries=2)[1] == 1
