"""What callers read when the gateway itself refuses or fails."""

import json
from dataclasses import replace
from typing import get_args

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
def test_both_dialects_tell_the_same(error: GatewayError) -> None:
    openai, plain = json.loads(error_body("openai", error)), json.loads(error_body("plain", error))
    also = {"request_id": "$context.requestId", "source": error.source}
    details = {"message": error.message, "type": error.kind, "param": None, "code": error.code}
    assert openai == {"error": details, **also}
    assert plain == {"message": error.message, "code": error.code, **also}


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_who_knows_no_request_id_says_the_rest(dialect: Dialect) -> None:
    with_id, without = (json.loads(error_body(dialect, BLOCKED, **how)) for how in ({}, {"request_id": None}))
    assert with_id == {**without, "request_id": "$context.requestId"}
    assert "request_id" not in without


def test_the_edge_refuses_as_the_api_does_but_for_longer() -> None:
    assert BLOCKED is BY_TYPE["WAF_FILTERED"]
    assert replace(BY_TYPE["THROTTLED"], headers=(("Retry-After", "30"),)) == THROTTLED_AT_EDGE
