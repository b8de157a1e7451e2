"""What the launcher mends of MiniStack for callers that an authorizer tells apart, and that MiniStack still lacks it.

A test that fails because MiniStack has learned something means: what ministack_identity.py does for it can go.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ministack.services import apigateway_v1 as v1

from ml_gateway.local import ministack_identity
from ml_gateway.local.ministack_identity import from_the_authorizer, with_answer_kept, with_conditions

Json = dict[str, Any]

METHOD = {"apiKeyRequired": True}
ARN = "arn:aws:execute-api:us-east-1:000000000000:api/v1/POST/predict"
HEADER = "integration.request.header."


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of an API whose authorizer says which key counts: that key is in a plan of its stage."""
    monkeypatch.setitem(v1._api_keys, "key", {"id": "key", "value": "K" * 48, "enabled": True})
    stage = {"apiId": "api", "stage": "v1"}
    monkeypatch.setitem(v1._usage_plans, "plan", {"id": "plan", "apiStages": [stage]})
    monkeypatch.setitem(v1._usage_plan_keys, "plan", {"key": {}})
    monkeypatch.setitem(v1._rest_apis, "api", {"id": "api", "apiKeySource": "AUTHORIZER"})
    yield "api"
    v1.reset()


def mended(monkeypatch: pytest.MonkeyPatch, answer: Json) -> None:
    """An authorizer that answers so, behind what the launcher mends."""

    async def ask(*_place: Any) -> Json:
        return {"body": dict(answer)}

    monkeypatch.setattr(v1, "_invoke_authorizer_lambda", ask)
    for name, mend in ministack_identity.MENDED.items():
        monkeypatch.setattr(v1, name, mend(getattr(v1, name)))
    settings = {"identitySource": "method.request.header.X-Api-Key", "authorizerResultTtlInSeconds": 300}
    monkeypatch.setitem(v1._authorizers_v1, "api", {"a": {"type": "REQUEST", "id": "a", **settings}})


def authorized(headers: Mapping[str, str]) -> tuple[Any, Any, Any]:
    """What MiniStack says of a request to an API with an authorizer: its error, the context, and the API key."""
    method = {**METHOD, "authorizationType": "CUSTOM", "authorizerId": "a"}

    async def run() -> tuple[Any, Any, Any]:
        resource, place = {"id": "r", "path": "/predict"}, ("000000000000", "us-east-1")
        asked: tuple[Any, ...] = (
            "api",
            "v1",
            method,
            "POST",
            "/predict",
            resource,
            headers,
            b"",
            {},
            {},
            {"stageName": "v1"},
            *place,
        )
        error, context = await v1._authorize_request_v1(*asked)
        return error, context, v1._check_api_key(method, "api", "v1", headers)

    return asyncio.run(run())


def policy(**condition: Any) -> Json:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [ARN]}
    return {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": condition} if condition else {})}]}


def answer(**changes: Any) -> Json:
    said = {"principalId": "batch", "policyDocument": policy(), "context": {"client": "batch"}}
    return {**said, "usageIdentifierKey": "K" * 48, **changes}


def test_ministack_takes_the_key_of_the_header_alone(api: str) -> None:
    error, key = v1._check_api_key(METHOD, api, "v1", {"x-api-key": "K" * 48})
    assert (error, key["id"]) == (None, "key")


def test_the_key_that_counts_is_what_the_authorizer_says(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api
    mended(monkeypatch, answer())
    for _ in range(2):  # the second time from what was kept
        error, context, (wrong, key) = authorized({"x-api-key": "token"})
        assert (error, wrong, key["id"]) == (None, None, "key")
        assert context == {"client": "batch", "principalId": "batch"}


@pytest.mark.parametrize("said", [{"usageIdentifierKey": "unknown"}, {"usageIdentifierKey": ""}])
def test_a_key_that_is_in_no_plan_is_refused(api: str, said: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api
    mended(monkeypatch, answer(**said))
    _, _, (wrong, _) = authorized({"x-api-key": "K" * 48})
    assert wrong.response_type == "INVALID_API_KEY"


def test_ministack_looks_at_no_condition() -> None:
    past = policy(DateLessThan={"aws:CurrentTime": "2020-01-01T00:00:00Z"})
    assert v1._evaluate_policy(past, ARN) == "Allow"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, "Allow"),
        ({"DateLessThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}}, "Allow"),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, "NoMatch"),
        ({"DateLessThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z", "aws:EpochTime": "0"}}, "NoMatch"),
        ({"DateLessThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}, "Bool": {"aws:SecureTransport": "true"}},
         "NoMatch"),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, "NoMatch"),
    ],
)  # fmt: skip
def test_a_condition_on_the_time_counts_and_another_lets_nobody_pass(condition: Json, expected: str) -> None:
    assert with_conditions(v1._evaluate_policy)(policy(**condition), ARN) == expected


def test_a_condition_ends_while_its_answer_is_kept() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    held = policy(DateLessThan={"aws:CurrentTime": soon.isoformat()})
    evaluate = with_conditions(v1._evaluate_policy)
    seen = [evaluate(held, ARN)]
    while datetime.now(UTC) < soon:
        continue
    assert [*seen, evaluate(held, ARN)] == ["Allow", "NoMatch"]


def test_headers_are_sent_from_the_context_of_the_authorizer() -> None:
    mappings = {f"{HEADER}X-Client-Id": "context.authorizer.client", f"{HEADER}A": "'b'", "c": "context.authorizer.x"}

    async def authorize(*_request: Any) -> Any:
        return None, {"client": "batch"}

    async def run() -> dict[str, str]:
        await with_answer_kept(authorize)()
        return from_the_authorizer(mappings, HEADER)

    assert asyncio.run(run()) == {"X-Client-Id": "batch"}
    assert from_the_authorizer(mappings, HEADER) == {"X-Client-Id": ""}
