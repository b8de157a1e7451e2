"""Clients that an authorizer knows, in a review: what they lose, and what nobody should overlook."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ml_gateway import ClientConfig, IssuerConfig, ModelConfig, naming
from ml_gateway.review.assembly import read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.clients import UNTIL_THE_STAGE
from ml_gateway.review.guards import findings
from tests.review.apis import plain
from tests.review.assemblies import resource, write_assembly
from tests.review.conftest import Assemble, RunReview

CORP = IssuerConfig(url="https://login.acme.com/", audience=("a",), claim="azp")
MODELS = {name: ModelConfig(url=f"https://model.example.com/{name}") for name in ("predict", "llama")}
KEY: dict[str, Any] = {}
"""A client with a key that may call everything."""
FIRST = f"the API takes the key of a request from an authorizer then; {UNTIL_THE_STAGE} (docs/changes.md)"
LAST = f"the API takes the key of a request no longer from an authorizer then; {UNTIL_THE_STAGE} (docs/changes.md)"

Clients = Mapping[str, Mapping[str, Any]]
Review = Callable[[Clients, Clients], list[str]]


def settings(clients: Clients, **changes: Any) -> dict[str, Any]:
    known = {name: ClientConfig(plan="default", **said) for name, said in clients.items()}
    issuers = {"corp": CORP} if any(client.jwt for client in known.values()) else {}
    return {"models": MODELS, "clients": known, "issuers": issuers, **changes}


@pytest.fixture
def review(assemble: Assemble) -> Review:
    """What needs the label in the stack of the API, or of its keys."""

    def run(old: Clients, new: Clients) -> list[str]:
        before, after = (read_assembly(assemble(**settings(clients))) for clients in (old, new))
        return [
            "".join(word if isinstance(word, str) else word.text for word in finding.what)
            for finding in findings(compare(before, after), old=before, new=after)
        ]

    return run


def tokens(*values: str, **others: Any) -> dict[str, Any]:
    return {"jwt": {"corp": values}, **others}


def test_the_first_list_or_token_says_what_is_not_known(review: Review) -> None:
    errors = "errors: 4 of the API's own answers get another status or body, by which clients tell them"
    assert review({"a": KEY}, {"a": KEY, "b": tokens("x")}) == [f"the first `jwt` or `models` comes: {FIRST}", errors]
    assert review({"a": KEY, "b": tokens("x")}, {"a": KEY}) == [
        "AuthorizerLogA5E42AA9 (AWS::Logs::LogGroup), removed: its lines are lost",
        f"the last `jwt` or `models` goes: {LAST}",
        errors,
        "client b, all its tokens: refused once the API is deployed",
    ]


def test_a_model_less_is_told_to_its_client_alone(review: Review) -> None:
    old: Clients = {"a": {"models": ["predict", "llama"]}, "b": KEY}
    assert review(old, {"a": {"models": ["predict"]}, "b": KEY}) == [
        "client a: 403 for llama once the API is deployed, or up to 5 minutes on"
    ]
    assert review(
        {"a": {"models": ["predict"]}, "b": KEY}, {"a": {"models": ["predict"]}, "b": {"models": ["llama"]}}
    ) == ["client b: 403 for predict once the API is deployed, or up to 5 minutes on"]


def test_a_model_more_needs_no_label(review: Review) -> None:
    old: Clients = {"a": {"models": ["predict"]}, "b": KEY}
    assert review(old, {"a": {"models": ["predict", "llama"]}, "b": KEY}) == []


def test_a_list_that_goes_opens_every_model(review: Review) -> None:
    opened = "client a **may call every model**, and no longer predict alone"
    old: Clients = {"a": {"models": ["predict"]}, "b": {"models": ["llama"]}}
    assert review(old, {"a": KEY, "b": {"models": ["llama"]}}) == [opened]
    assert opened in review({"a": {"models": ["predict"]}, "b": KEY}, {"a": KEY, "b": KEY})


def test_tokens_that_go_or_become_another_clients_are_told(review: Review) -> None:
    old: Clients = {"a": tokens("x", "y"), "b": tokens("z")}
    assert review(old, {"a": tokens("x"), "b": tokens("z", "y")}) == [
        "client a, tokens of y by https://login.acme.com/: those of client b then"
    ]
    assert review(old, {"a": tokens("x"), "b": tokens("z")}) == [
        "client a, tokens of y by https://login.acme.com/: refused within 5 minutes"
    ]
    assert review(old, {"a": tokens("x", "y"), "b": tokens("z", "w")}) == []


def test_a_client_that_changes_its_key_for_tokens_is_told_of_the_key(review: Review) -> None:
    (line,) = review({"a": KEY, "b": tokens("x")}, {"a": tokens("y"), "b": tokens("x")})
    assert line.startswith("client a, key default: refused once the API is deployed.")
    assert "_tokens" not in line


def test_what_each_client_may_call_is_in_the_table(assemble: Assemble, run_review: RunReview) -> None:
    old = assemble(**settings({"a": {"models": ["predict"]}, "b": tokens("x")}))
    issuers = {"corp": CORP.model_copy(update={"audience": ("a", "b"), "require": {"typ": "Bearer"}})}
    new = assemble(**settings({"a": {"models": ["predict", "llama"]}, "b": tokens("x", "y")}, issuers=issuers))
    said = plain(run_review(old, new).comment)
    assert 'clients.a.models: "predict" → "predict, llama"' in said
    assert '"x" → "x, y"' in said
    assert '"a" → "a, b"' in said
    assert "https://login.acme.com/" in said
    assert "require" in said


def test_what_is_no_description_of_clients_is_none(run_review: RunReview, tmp_path: Any) -> None:
    descriptions: list[Any] = [[], "a", {"a": 1}, {"a": {"models": {}, "tokens": {"i": 3}}}, None]
    for number, said in enumerate(descriptions):
        api = {"Api": resource("AWS::ApiGateway::RestApi", Name="x") | {"Metadata": {naming.CLIENTS_METADATA: said}}}
        folder = write_assembly(tmp_path / str(number), {"stack": api})
        assert run_review(folder, folder).status == 0
