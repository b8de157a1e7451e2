"""A SageMaker endpoint, for which the recording backend stands in: which headers go in and come back, and errors."""

import json
from collections.abc import Callable

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import ECHO, Headers, ReceivedRequest, Reply
from ml_gateway.backends.sagemaker import (
    ASYNC_REQUEST_HEADERS,
    ASYNC_RESPONSE_HEADERS,
    REQUEST_HEADERS,
    RESPONSE_HEADERS,
)
from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER
from ml_gateway.headers import spelled

pytestmark = pytest.mark.conformance

ROLE = "arn:aws:sts::123456789012:assumed-role/api/BackplaneAssumeRoleSession"
TARGET_VARIANT = "X-Amzn-SageMaker-Target-Variant"
CREDENTIALS: Headers = (
    (ORIGIN_VERIFY_HEADER, "a-secret"),
    ("Authorization", "Bearer a-secret"),
    ("Cookie", "session=a-secret"),
    ("X-Model-Key", "a-secret"),
)


def received_at(deployed: DeployedApi, path: str, headers: Headers, reply: Reply = ECHO) -> ReceivedRequest:
    exchange = deployed.send("POST", path, headers=headers, body=b'{"instances": [1]}', reply=reply)
    assert exchange.answer.status == reply.status
    (received,) = exchange.received
    return received


@pytest.mark.parametrize("header", REQUEST_HEADERS)
def test_documented_header_of_the_caller_arrives(deployed: DeployedApi, header: str) -> None:
    sent = (*deployed.credentials, (spelled(header), "of-the-caller"))
    received = received_at(deployed, "/free/invocations", sent)
    assert (received.method, received.target) == ("POST", "/endpoints/fraud/invocations")
    assert (received.values(header), received.body) == (["of-the-caller"], b'{"instances": [1]}')


@pytest.mark.parametrize("header", [*REQUEST_HEADERS, *ASYNC_REQUEST_HEADERS])
def test_documented_header_of_an_asynchronous_call_arrives(deployed: DeployedApi, header: str) -> None:
    sent = (*deployed.credentials, (spelled(header), "of-the-caller"))
    received = received_at(deployed, "/free/async-invocations", sent, Reply(status=202))
    assert received.target == "/endpoints/fraud/async-invocations"
    assert received.values(header) == ["of-the-caller"]


@pytest.mark.parametrize("path", ["/fraud/invocations", "/free/invocations"])
@pytest.mark.parametrize("capitals", [str, str.lower, str.upper], ids=["exact", "in small letters", "in capitals"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_no_credential_arrives(deployed: DeployedApi, path: str, capitals: Callable[[str], str], times: int) -> None:
    sent = tuple((capitals(name), value) for name, value in (*deployed.credentials, *CREDENTIALS)) * times
    received = received_at(deployed, path, sent)
    assert not received.mentions(deployed.key)
    assert not received.mentions("a-secret")
    # AWS would put its own signature into Authorization; LocalStack does not sign for SageMaker.
    assert [received.values(name) for name in (API_KEY_HEADER, ORIGIN_VERIFY_HEADER, "Cookie", "X-Model-Key")] == [
        []
    ] * 4


@pytest.mark.parametrize("sent", [(), ((TARGET_VARIANT, "Another"),)], ids=["absent", "present"])
def test_variant_of_the_file_wins(deployed: DeployedApi, sent: Headers) -> None:
    assert received_at(deployed, "/fraud/invocations", (*deployed.credentials, *sent)).values(TARGET_VARIANT) == [
        "Stable"
    ]


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("/fraud/invocations", 200, RESPONSE_HEADERS),
        ("/free/async-invocations", 202, (*RESPONSE_HEADERS, *ASYNC_RESPONSE_HEADERS)),
    ],
)
def test_documented_header_of_the_answer_reaches_the_caller_and_no_other(
    deployed: DeployedApi, path: str, status: int, headers: tuple[str, ...]
) -> None:
    answered: Headers = (*((header, f"the {header}") for header in headers), ("X-Container", "internal"))
    reply = Reply(status=status, headers=answered, body=b'{"predictions": [1]}')
    answer = deployed.send("POST", path, headers=deployed.credentials, reply=reply).answer
    assert "x-Amzn-Invoked-Production-Variant" in headers
    assert {header: answer.headers.get(header) for header in headers} == dict(answered[:-1])
    assert (answer.status, answer.body, answer.headers.get("X-Container")) == (status, reply.body, None)


@pytest.mark.parametrize(
    ("status", "body", "expected", "code"),
    [
        (424, {"OriginalStatusCode": 422}, 422, "model_error"),
        (424, {"OriginalStatusCode": 404}, 404, "model_error"),
        (424, {"OriginalStatusCode": 500}, 502, "model_error"),
        (424, {"Message": "no status of the model"}, 502, "model_error"),
        (429, {"Message": "too many"}, 429, "endpoint_overloaded"),
        (400, {"Message": "Rate exceeded"}, 429, "endpoint_overloaded"),
        (400, {"__type": "ThrottlingException"}, 429, "endpoint_overloaded"),
        (400, {"Message": "Endpoint fraud not found"}, 400, "refused_by_endpoint"),
        (400, {"Message": f"User: {ROLE} is not authorized to perform: sagemaker:x"}, 500, "gateway_misconfigured"),
        (403, {"Message": f"User: {ROLE} is not authorized to perform: sagemaker:x"}, 500, "gateway_misconfigured"),
        (404, {"Message": "unknown"}, 400, "refused_by_endpoint"),
        (500, {"Message": "failed"}, 503, "endpoint_unavailable"),
        (503, {"Message": "Unavailable"}, 503, "endpoint_unavailable"),
        (530, {"Message": "not ready"}, 503, "endpoint_unavailable"),
    ],
)
def test_error_arrives_as_a_fitting_status_in_the_dialect(
    deployed: DeployedApi, in_dialect: DeployedApi, status: int, body: dict[str, object], expected: int, code: str
) -> None:
    """By this the Velocity templates are valid and the patterns select what they should.

    It does not show how API Gateway hands an error's body to a template while all types are binary (*/*).
    """
    reply = Reply(status=status, headers=(("Content-Type", "application/json"),), body=json.dumps(body).encode())
    plain = deployed.send("POST", "/fraud/invocations", headers=deployed.credentials, reply=reply).answer
    openai = in_dialect.send("POST", "/fraud/invocations", headers=in_dialect.credentials, reply=reply).answer
    assert (plain.status, plain.content_type, plain.json()["code"]) == (expected, "application/json", code)
    assert (openai.status, openai.content_type, openai.json()["error"]["code"]) == (expected, "application/json", code)
    assert not any(str(said).encode() in plain.body + openai.body for said in body.values() if isinstance(said, str))
