"""`ml-gateway local` with clients that are told apart: an issuer on loopback stands in for those of the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import urllib3

from tests.e2e.chat_server import MODEL, running_chat_server
from tests.local_command import RunningCommand, running_command
from tests.synthesis import TOP

pytestmark = pytest.mark.e2e

FILE = TOP / "examples" / "identities.yaml"


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local-identities") / "errors"


@pytest.fixture(scope="module")
def running(errors: Path) -> Iterator[RunningCommand]:
    with (
        running_chat_server() as chat,
        running_command("--file", FILE, "--backend", f"llama={chat}", errors=errors) as run,
    ):
        yield run


def ask(running: RunningCommand, model: str, credential: str, path: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {credential}"}
    return urllib3.request("POST", running.url(model) + path, headers=headers, body=b"{}", retries=False, timeout=60)


def test_a_token_of_each_client_is_printed_and_taken(running: RunningCommand) -> None:
    tokens = running.ready["tokens"]
    assert tokens.keys() == {"partner-x", "batch"}
    told = ask(running, "predict", tokens["batch"]).json()["received"]["headers"]
    assert {name.lower(): value for name, value in told.items()}["x-client-id"] == "batch"
    assert tokens["batch"] not in str(told)
    assert ask(running, "predict-v2", tokens["batch"]).status == 200


def test_the_sdk_of_openai_takes_a_token_for_its_key(running: RunningCommand) -> None:
    import openai

    with openai.OpenAI(base_url=running.url("llama"), api_key=running.ready["tokens"]["partner-x"]) as client:
        answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "hello to you"}])
    assert answer.choices[0].message.content == "HELLO TO YOU"


def test_a_list_of_models_holds_for_keys_and_for_tokens(running: RunningCommand) -> None:
    key, token = running.key("mobile-app"), running.ready["tokens"]["batch"]
    asked = [
        ("predict-v2", "", key),
        ("densenet", "/v2/models/densenet/infer", key),
        ("llama", "/chat/completions", token),
    ]
    for model, path, credential in asked:
        answer = ask(running, model, credential, path)
        assert (answer.status, answer.json()["code"]) == (403, "model_not_allowed"), model


def test_a_token_that_somebody_else_signed_is_nobodys(running: RunningCommand) -> None:
    claims = jwt.decode(running.ready["tokens"]["batch"], options={"verify_signature": False})
    answer = ask(running, "predict", jwt.encode(claims, "k" * 32, algorithm="HS256"))
    assert (answer.status, answer.json()["code"]) == (401, "unauthorized")


def test_the_log_has_whose_token_it_was(running: RunningCommand) -> None:
    before = len(running.requests)
    ask(running, "predict", running.ready["tokens"]["partner-x"])
    (line,) = running.logged(before + 1)[before:]
    assert (line["client"], line["status"]) == ("partner-x", 200)


def test_that_the_issuers_are_stand_ins_is_said(running: RunningCommand, errors: Path) -> None:
    assert running
    said = errors.read_text()
    assert "issuers.corp: a stand-in signs tokens here, and those of https://login.acme.com/ are refused" in said
    assert "issuers.pool: a stand-in signs tokens here" in said
