"""What callers read when the gateway itself refuses or fails."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from ml_gateway.errors import (
    BLOCKED,
    GATEWAY_ERRORS,
    THROTTLED_AT_EDGE,
    Dialect,
    GatewayError,
    error_body,
)

BY_TYPE = {error.response_type: error for error in GATEWAY_ERRORS}


def test_each_response_type_is_answered_once_the_defaults_too() -> None:
    assert len(BY_TYPE) == len(GATEWAY_ERRORS) == 18
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= BY_TYPE.keys()
    assert "REQUEST_TOO_LARGE" not in BY_TYPE


@pytest.mark.parametrize(
    ("response_type", "status", "code", "source", "headers"),
    [
        ("INVALID_API_KEY", 401, "invalid_api_key", "gateway", {}),
        ("THROTTLED", 429, "rate_limit_exceeded", "gateway", {"Retry-After": "1"}),
        ("QUOTA_EXCEEDED", 429, "insufficient_quota", "gateway", {"x-should-retry": "false"}),
        ("MISSING_AUTHENTICATION_TOKEN", 404, "unknown_url", "gateway", {}),
        ("INTEGRATION_TIMEOUT", 504, "model_timeout", "backend", {}),
        ("INTEGRATION_FAILURE", 502, "model_unreachable", "backend", {}),
    ],
)
def test_callers_are_told_what_their_sdk_understands(
    response_type: str, status: int, code: str, source: str, headers: dict[str, str]
) -> None:
    error = BY_TYPE[response_type]
    assert (error.status, error.code, error.source, dict(error.headers)) == (status, code, source, headers)


@pytest.mark.parametrize("error", GATEWAY_ERRORS, ids=lambda error: error.response_type)
def test_each_dialect_tells_the_same(error: GatewayError) -> None:
    bodies = {dialect: json.loads(error_body(dialect, error)) for dialect in get_args(Dialect)}
    request = {"request_id": "$context.requestId"}
    also = {**request, "source": error.source}
    details = {"message": error.message, "type": error.kind, "param": None, "code": error.code, **request}
    assert bodies == {
        "openai": {"type": "error", "error": details, **also},
        "oip": {"error": f"{error.message}; request $context.requestId", "code": error.code, **also},
        "plain": {"message": error.message, "code": error.code, **also},
    }


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_who_knows_no_request_id_says_the_rest(dialect: Dialect) -> None:
    body = error_body(dialect, BLOCKED, request_id=None)
    assert "request_id" not in body
    assert "$" not in body
    assert {BLOCKED.message, BLOCKED.code} <= set(texts_of(json.loads(body)))


def texts_of(value: Any) -> Iterator[Any]:
    for each in value.values():
        yield from texts_of(each) if isinstance(each, dict) else [each]


def test_only_the_two_defaults_keep_the_status_that_came() -> None:
    """A fixed one would be the status of all that have no answer of their own: a 413 would become a 400."""
    assert [error.response_type for error in GATEWAY_ERRORS if error.keeps_status] == ["DEFAULT_4XX", "DEFAULT_5XX"]


def test_the_edge_refuses_as_the_api_does_but_for_longer() -> None:
    assert BLOCKED is BY_TYPE["WAF_FILTERED"]
    assert replace(BY_TYPE["THROTTLED"], headers=(("Retry-After", "30"),)) == THROTTLED_AT_EDGE
