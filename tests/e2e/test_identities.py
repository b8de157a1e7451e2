"""Callers with keys and with tokens, told apart by the authorizer, through CloudFront: who is known, and for what.

What API Gateway does with an authorizer's answer is MiniStack's reading of it, and ours where it lacks something:
ministack_identity.py.
"""

import json
from typing import Any, Final

import pytest

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway, keys_of_clients, through_cloudfront
from ml_gateway.local.http_client import Answer, HttpClient, Request
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.tokens import unsigned
from tests.e2e.chat_client import client_of, say_hello
from tests.e2e.exact_requests import Headers, received, refusal, send
from tests.e2e.identified import NOBODY, NOT_ALLOWED, bearer, claims_for, key_of

pytestmark = pytest.mark.e2e

ASKED: Final = {"messages": [{"role": "user", "content": "hello to you"}], "model": "llama", "max_tokens": 9}
OF_OTHERS: Final = unsigned({"iss": "https://other.example.com/", "exp": 9999999999}, "RS256")


def answer_of(gateway: LocalGateway, request: str, headers: Headers) -> Answer:
    """Through CloudFront; the body is one that chat_server.py understands, and of no importance to others."""
    method, path = request.split(" ")
    usual = {**through_cloudfront(gateway.domain_name), "Content-Type": "application/json"}
    client = HttpClient(gateway.cloud.port, usual)
    body = json.dumps(ASKED).encode() if method == "POST" else None
    return client.send(Request(method=method, path=path, body=body, headers=dict(headers)))


# Who calls


@pytest.mark.parametrize("name", ["corp", "pool"])
@pytest.mark.parametrize("header", ["Authorization", "AUTHORIZATION", "x-api-key"])
def test_a_token_is_known_in_either_form_and_the_model_is_told_the_client(
    identified: LocalGateway, issuer: FailingIssuer, name: str, header: str
) -> None:
    token = issuer.sign(claims_for(issuer, name))
    value = token if header == "x-api-key" else f"Bearer {token}"
    seen = received(send(identified, "/headers", [(header, value), ("x-client-id", "admin")]))
    assert seen["x-client-id"] == "partner"
    assert token not in str(seen)
    assert not [name for name, value in seen.items() if value.count(".") == 2 and "eyJ" in value]


def test_keys_and_tokens_are_side_by_side(identified: LocalGateway, issuer: FailingIssuer) -> None:
    key = key_of(identified, "partner", "a")
    for headers in ([("x-api-key", key)], bearer(key), bearer(issuer.sign(claims_for(issuer, azp="px-test")))):
        assert received(send(identified, "/headers", headers))["x-client-id"] == "partner"
    token = issuer.sign(claims_for(issuer))
    seen = received(send(identified, "/headers", [("x-api-key", key), *bearer(token)]))
    assert token not in str(seen)
    assert (
        refusal(send(identified, "/headers", [("x-api-key", key_of(identified, "only-a", "default")), *bearer(token)]))
        == NOT_ALLOWED
    )


def test_a_function_is_told_by_its_event(identified: LocalGateway, issuer: FailingIssuer) -> None:
    token = issuer.sign(claims_for(issuer))
    told: Any = received(send(identified, "/event", bearer(token)))
    assert told["authorizer"] == {"client": "partner", "principalId": "partner"}
    assert "authorization" not in told["headers"]
    # A proxy event has all headers: docs/identity.md says so.
    assert told["headers"]["x-api-key"] == token


def test_a_token_of_another_issuer_is_the_models(identified: LocalGateway) -> None:
    headers = [("x-api-key", key_of(identified, "partner", "b")), *bearer(OF_OTHERS)]
    assert received(send(identified, "/headers", headers))["authorization"] == f"Bearer {OF_OTHERS}"
    assert refusal(send(identified, "/headers", bearer(OF_OTHERS))) == NOBODY


def test_openai_sdk_takes_a_token_for_its_key(identified: LocalGateway, issuer: FailingIssuer) -> None:
    import openai

    with client_of(identified, api_key=issuer.sign(claims_for(issuer))) as (client, _):
        assert say_hello(client) == "HELLO TO YOU"
        assert client.models.list().data[0].id == "llama"
    for azp, expected, code in (
        ("stranger", openai.AuthenticationError, "unauthorized"),
        ("only-b", openai.PermissionDeniedError, "model_not_allowed"),
    ):
        token = issuer.sign(claims_for(issuer, azp=azp))
        with client_of(identified, api_key=token) as (client, _), pytest.raises(expected) as caught:
            say_hello(client)
        assert caught.value.code == code


def test_anthropic_sdk_takes_a_token_for_its_key(identified: LocalGateway, issuer: FailingIssuer) -> None:
    import anthropic

    def say(azp: str) -> str:
        http_client = anthropic.DefaultHttpxClient(trust_env=False)
        with http_client:
            message = anthropic.Anthropic(
                base_url=f"{identified.cloud.endpoint}/claude",
                api_key=issuer.sign(claims_for(issuer, azp=azp)),
                default_headers=through_cloudfront(identified.domain_name),
                max_retries=0,
                http_client=http_client,
            ).messages.create(model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
        return str(getattr(message.content[0], "text", ""))

    assert say("px") == "HELLO"
    with pytest.raises(anthropic.PermissionDeniedError, match="may not call this model"):
        say("only-b")


def test_no_credential_is_nobody(identified: LocalGateway) -> None:
    assert refusal(send(identified, "/headers", [])) == NOBODY
    assert refusal(send(identified, "/headers", [("x-client-id", "partner")])) == NOBODY
    both = [("x-api-key", key_of(identified, "partner", "a")), ("x-api-key", key_of(identified, "partner", "b"))]
    assert refusal(send(identified, "/headers", both)) == NOBODY


def test_nobody_may_present_the_key_that_counts_for_tokens(identified: LocalGateway) -> None:
    found = CloudInventory(identified.cloud).secrets("identified/clients/", "us-east-1")
    hidden = [value for value, name in found.items() if name.endswith("/_tokens")]
    assert len(hidden) == 4
    for value in hidden:
        assert refusal(send(identified, "/headers", [("x-api-key", value)])) == NOBODY


# What they may call

REQUESTS: Final = {
    "POST /a/v1/chat/completions": "a",
    "GET /a/v1/models": "a",
    "GET /a/v1/models/org%2Fadapter": "a",
    "POST /a-b/v1/chat/completions": "a-b",
    "GET /a-b/v1/models/llama": "a-b",
    "POST /a/b": "b",
    "POST /a/b/": "b",
    "POST /%61/%62": "b",
    "GET /a/t/v2": "t",
    "GET /a/t/v2/models/t/ready": "t",
    "POST /a/t/v2/models/t/versions/7/infer": "t",
    "POST /a/users/7": "user",
    "POST /headers": "headers",
    "POST /llama/v1/chat/completions": "llama",
}
"""Each request, and the model that it is for."""


@pytest.mark.parametrize("request_", REQUESTS)
def test_each_client_may_call_its_models_and_no_other(
    identified: LocalGateway, issuer: FailingIssuer, request_: str
) -> None:
    model = REQUESTS[request_]
    design, keys = identified.design, keys_of_clients(identified.config, identified.cloud)
    for client in ("partner", "only-a", "only-b", "only-t"):
        credentials = [[("x-api-key", key)] for key in keys[client].values()]
        credentials += [bearer(issuer.sign(claims_for(issuer, azp="only-b")))] if client == "only-b" else []
        for headers in credentials:
            answer = answer_of(identified, request_, headers)
            if model in design.may_call(client):
                assert answer.status not in (401, 403), (client, answer)
            else:
                assert refusal(answer) == NOT_ALLOWED, (client, answer)


def test_an_unknown_path_is_unknown_to_whom_nothing_is_allowed_too(identified: LocalGateway) -> None:
    for path in ("/nobody", "/a", "/a/v2/models", "/a/b/c"):
        assert refusal(send(identified, path, [("x-api-key", key_of(identified, "only-a", "default"))])) == (
            404,
            "unknown_url",
        )
