"""Keys: whose each is, what is read for that, and what happens when it cannot be read."""

import re

import pytest

from ml_gateway.credentials import CLIENT_KEY_LENGTH, CLIENT_TOKEN_LENGTH
from ml_gateway.functions.authorizer_code import SOURCES
from tests.authorizer.conftest import KEYS
from tests.authorizer.function import API, AuthorizerProcess, event_with
from tests.authorizer.secrets_server import SecretsServer

STRANGER = "Z" * 48


@pytest.mark.parametrize("key", ["mobile/a", "mobile/b"])
def test_a_key_is_that_of_its_client_and_counts_for_itself(function: AuthorizerProcess, key: str) -> None:
    said = function.ask(KEYS[key])
    assert said.client == "mobile"
    assert said.answer == {
        "principalId": "mobile",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": [f"{API}/v1/POST/predict", f"{API}/v1/POST/predict/"],
                }
            ],
        },
        "context": {"client": "mobile"},
        "usageIdentifierKey": KEYS[key],
    }


def test_the_policy_is_the_same_whatever_is_asked(function: AuthorizerProcess) -> None:
    asked = [f"{API}/v1/{method}" for method in ("POST/predict", "GET/a/b", "DELETE/", "POST/other/v1/POST/predict")]
    answers = [function.ask(KEYS["mobile/a"], method_arn=arn).answer for arn in asked]
    assert answers[0] is not None
    assert answers == [answers[0]] * 4


@pytest.mark.parametrize(
    "credential", [STRANGER, KEYS["mobile/a"].lower(), "A" * 47, "A" * 49, " " + "A" * 48, "", "-"]
)
def test_anything_else_is_nobody(function: AuthorizerProcess, credential: str) -> None:
    said = function.ask(credential)
    assert (said.answer, said.thrown) == (None, "Unauthorized")


@pytest.mark.parametrize("key", ["batch/_tokens", "pool/_tokens"])
def test_nobody_may_present_the_key_that_counts_for_tokens(function: AuthorizerProcess, key: str) -> None:
    assert function.ask(KEYS[key]).refused == "unknown key"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Api-Key": []},
        {"X-Api-Key": [KEYS["mobile/a"], KEYS["mobile/b"]]},
        {"X-Api-Key": [KEYS["mobile/a"]] * 2},
        {"X-Api-Key": [KEYS["mobile/a"]], "x-api-key": [KEYS["mobile/b"]]},
        {"X-Api-Key": ["A" * (CLIENT_TOKEN_LENGTH + 1)]},
    ],
    ids=["no header", "an empty one", "two keys", "one key twice", "two spellings", "more than any token"],
)
def test_there_is_one_credential(function: AuthorizerProcess, headers: dict[str, list[str]]) -> None:
    said = function.ask("", multiValueHeaders=headers)
    assert (said.refused, said.thrown) == ("not one credential", "Unauthorized")


def test_the_header_may_be_in_any_capitals(function: AuthorizerProcess) -> None:
    assert function.ask("", multiValueHeaders={"x-API-key": [KEYS["mobile/a"]]}).client == "mobile"


def test_an_event_without_headers_is_nobody(function: AuthorizerProcess) -> None:
    assert function.ask("", multiValueHeaders=None).thrown == "Unauthorized"


def test_secrets_are_read_once_for_each_environment(function: AuthorizerProcess, secrets: SecretsServer) -> None:
    for _ in range(3):
        assert function.ask(KEYS["mobile/a"]).client == "mobile"
        function.ask(STRANGER)
    assert secrets.asked == [sorted(secrets.asked[0], key=secrets.asked[0].index)]
    assert sorted(secrets.asked[0]) == sorted(f"acme/clients/{name}" for name in KEYS)
    function.renew()
    function.ask(KEYS["mobile/a"])
    assert len(secrets.asked) == 2


def test_requests_at_the_same_time_read_them_once(function: AuthorizerProcess, secrets: SecretsServer) -> None:
    assert function.ask_together([event_with(KEYS["mobile/a"])] * 10).client == "mobile"
    assert len(secrets.asked) == 1


def test_a_missing_secret_refuses_its_key_alone(function: AuthorizerProcess, secrets: SecretsServer) -> None:
    del secrets.values["acme/clients/mobile/a"]
    said = function.ask(KEYS["mobile/a"])
    assert said.thrown == "Unauthorized"
    assert {"missing": "acme/clients/mobile/a"} in said.log
    assert function.ask(KEYS["mobile/b"]).client == "mobile"


def test_secrets_that_cannot_be_read_refuse_nobody_for_good(
    function: AuthorizerProcess, secrets: SecretsServer
) -> None:
    secrets.wrong = {"acme/clients/mobile/a": "DecryptionFailure"}
    said = function.ask(KEYS["mobile/b"])
    assert (said.thrown, said.log[-1]["failed"]) == ("Unavailable", "DecryptionFailure")
    secrets.wrong, secrets.down = {}, True
    assert function.ask(KEYS["mobile/b"]).thrown == "Unavailable"
    secrets.down = False
    assert function.ask(KEYS["mobile/b"]).client == "mobile"


def test_no_line_of_the_log_has_a_key(function: AuthorizerProcess, secrets: SecretsServer) -> None:
    del secrets.values["acme/clients/mobile/a"]
    lines = [*function.ask(KEYS["mobile/a"]).log, *function.ask(STRANGER).log]
    assert lines
    assert not any(key in str(lines) for key in (STRANGER, *KEYS.values()))
    assert {"refused": "unknown key", "requestId": "id-of-the-request"} in lines


def test_lengths_are_those_of_the_gateway() -> None:
    edge = (SOURCES.parent / "viewer_request" / "identities.js").read_text()
    keys, index = (SOURCES / "keys.js").read_text(), (SOURCES / "index.js").read_text()
    for code in (edge, keys):
        assert re.findall(r"const KEY = /\^\[A-Za-z0-9\]\{(\d+)\}\$/;", code) == [str(CLIENT_KEY_LENGTH)]
    for code in (edge, index):
        assert re.findall(r"const LONGEST = (\d+);", code) == [str(CLIENT_TOKEN_LENGTH)]
