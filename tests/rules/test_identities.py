"""Issuers, tokens and the models of clients: what is taken, and what it means."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign, Identified, Keyed
from ml_gateway.reading import load_config
from tests.files import IDENTITIES, TOP, changed, get, report_on_data

URL = "https://model.example.com/invocations"
CORP = {"url": "https://login.acme.com/", "audience": "https://ml.acme.com", "claim": "azp"}


def identified(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return changed(changes or {}, changed(IDENTITIES))


@pytest.mark.parametrize(
    "models",
    [
        {"a": get("/a/{id}"), "b": get("/b/{id}")},
        {"a": get("/a/b"), "b": get("/a/{id}")},
        {"a": {**get("/a/{id}"), "methods": ["POST"]}, "b": get("/a/{id}/b")},
        {"a": {"url": "https://a.b/v1", "protocol": "openai"}, "a-b": {"url": "https://a.b/v1", "protocol": "openai"},
         "b": {"url": URL, "path": "/a/b"}},
        {"a": {"url": "https://a.b", "protocol": "oip-v2"}, "b": {"url": URL, "path": "/a/b"},
         "c": {"url": URL, "path": "/a"}},
        {"a": {"url": "https://a.b", "protocol": "anthropic"}, "b": {"url": URL, "path": "/a/v1/other"}},
    ],
    ids=["variables", "a literal", "another method", "openai", "oip-v2", "anthropic"],
)  # fmt: skip
def test_paths_that_begin_alike_are_told_apart(tmp_path: Path, models: dict[str, Any]) -> None:
    assert report_on_data(identified({"models": models, "clients.mobile.models": ["a"]}), tmp_path) == []


@pytest.mark.parametrize("issuer", [
    "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
    "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
    "https://acme.eu.auth0.com/",
    "https://acme.okta.com/oauth2/default",
    "https://sso.acme.com:8443/realms/ml",
    "https://accounts.google.com",
])  # fmt: skip
def test_real_issuers_are_taken(tmp_path: Path, issuer: str) -> None:
    assert report_on_data(identified({"issuers.corp.url": issuer}), tmp_path) == []


def test_values_that_look_like_patterns_are_taken_to_the_letter(tmp_path: Path) -> None:
    values = ["repo:acme/app:ref:refs/heads/main", "00000000-0000-4000-8000-000000000000", "a b", "system:x?y[z]"]
    assert report_on_data(identified({"clients.batch.jwt.corp": values}), tmp_path) == []


def test_one_or_several_audiences_and_values_are_said_alike() -> None:
    config = GatewayConfig(**identified({"clients.batch.jwt": {"corp": ["a", "b"]}}))
    assert config.issuers["corp"].audience == ("https://ml.acme.com",)
    assert config.clients["batch"].jwt == {"corp": ("a", "b")}
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config


def test_only_clients_with_models_or_tokens_are_told_apart() -> None:
    def callers(changes: dict[str, Any]) -> type:
        return type(GatewayDesign.of(GatewayConfig(**changed(changes))).callers)

    client = {"plan": "default"}
    assert callers({"clients.a": client}) is Keyed
    assert callers({"clients.a": {**client, "models": ["predict"]}}) is Identified
    assert callers({"issuers.corp": CORP, "clients.a": {**client, "jwt": {"corp": "a"}}}) is Identified


def test_the_example_shows_keys_tokens_and_models() -> None:
    design = GatewayDesign.of(load_config(TOP / "examples" / "identities.yaml"))
    assert {name: (client.keys, sorted(client.tokens)) for name, client in design.clients.items()} == {
        "partner-x": (("a", "b"), ["corp"]),
        "batch": ((), ["corp", "pool"]),
        "mobile-app": (("default",), []),
    }
    assert design.may_call("mobile-app") == ("predict", "llama")
    assert design.may_call("partner-x") == tuple(design.models)
