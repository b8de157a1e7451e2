"""Issuers, tokens and the models of clients: what is refused, with the way out, and what is taken."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign, Identified, Keyed
from ml_gateway.reading import load_config
from tests.files import BACKENDS, IDENTITIES, MISSING, TOP, changed, get, report_on, report_on_data

URL = "https://model.example.com/invocations"
CORP = {"url": "https://login.acme.com/", "audience": "https://ml.acme.com", "claim": "azp"}
POOL = {
    "url": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
    "claim": "client_id",
    "require": {"token_use": "access"},
}


def identified(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return changed(changes or {}, changed(IDENTITIES))


def test_all_problems_of_identities_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
name: acme-ml
regions: [us-east-1]
issuers:
  corp: {url: http://login.acme.com/, audience: a, claim: azp}
  okta:
    url: https://acme.okta.com/oauth2/default
    claim: cid
models:
  predict: {url: https://model.example.com/invocations}
  llama: {url: https://llm.example.com/v1, protocol: openai}
plans:
  free: {rate: 5/s, burst: 10, limits: {llama: 1/s}}
clients:
  mobile:
    plan: free
    models: [predct]
  batch:
    plan: free
    keys: []
  other:
    plan: free
    jwt: {corpo: batch-prod}
"""
    assert report_on(text, tmp_path) == [
        "4: issuers.corp.url: 'http://login.acme.com/' is not encrypted, and whoever is between could sign any token; "
        "write https://",
        "5: issuers.okta.audience: missing; write the audience that the issuer gives to tokens for this gateway. "
        "Without one any token of the issuer would do, also one that signs a person in somewhere: where tokens have "
        "no aud, as those of Amazon Cognito, write require: {token_use: access}",
        "16: clients.mobile.models[0]: 'predct' is not a model; did you mean 'predict'?",
        "19: clients.batch.keys: empty, and nobody could call as this client; name a key, or write jwt with the "
        "tokens it has",
        "22: clients.other.jwt.corpo: 'corpo' is not an issuer; did you mean 'corp'?",
    ]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("issuers.corp.url", "https://login.acme.com/.well-known/openid-configuration", "'https://login.acme.com/"
         ".well-known/openid-configuration' is the address of the discovery document; write the issuer itself: "
         "https://login.acme.com"),
        ("issuers.corp.url", "https://localhost:8443/", "'https://localhost:8443/' is not found on the internet, where "
         "the gateway asks for the issuer's keys; write an issuer that has a name there"),
        ("issuers.corp.url", "https://10.0.0.1/", "'https://10.0.0.1/' is not found on the internet, where the gateway "
         "asks for the issuer's keys; write an issuer that has a name there"),
        ("issuers.corp.url", "https://login.corp.internal/", "'https://login.corp.internal/' is not found on the "
         "internet, where the gateway asks for the issuer's keys; write an issuer that has a name there"),
        ("issuers.corp.url", "https://login.microsoftonline.com/common/v2.0", "'https://login.microsoftonline.com/"
         "common/v2.0' is no issuer of tokens; write the id of your tenant in place of common"),
        ("issuers.corp.url", "https://login.acme.com/?tenant=a", "'https://login.acme.com/?tenant=a' is no issuer; "
         "write its https:// URL, without a query or a fragment, such as https://login.acme.com/"),
        ("issuers.corp.url", "https://user:secret@login.acme.com/", "'https://***@login.acme.com/' is no issuer; write "
         "its https:// URL, without a query or a fragment, such as https://login.acme.com/"),
        ("issuers.corp.url", "login.acme.com", "'login.acme.com' is no issuer; write its https:// URL, without a query "
         "or a fragment, such as https://login.acme.com/"),
        ("issuers.corp.url", MISSING, "missing; write url: 'https://login.acme.com/'"),
        ("issuers.corp.claim", MISSING, "missing; write claim: azp"),
        ("issuers.corp.claim", "", "'' is not the name of a claim; write printable ASCII, at most 256 characters, such "
         "as azp"),
        ("issuers.corp.audience", [], "empty; write audience: 'https://ml.acme.com'"),
        ("issuers.corp.audience", ["a", "a"], "'a' is listed twice; keep one"),
        ("issuers.corp.require", {"token_use": True}, None),
        ("clients.batch.jwt", {"corp": []}, None),
        ("clients.batch.jwt", {"corp": [1]}, None),
        ("clients.batch.jwt", "batch-prod", "'batch-prod' is not a map; write jwt: {corp: batch-prod}"),
        ("clients.mobile.models", [], "empty; write models: [predict, llama]"),
        ("clients.mobile.models", "predict", "'predict' is not a list; write models: [predict, llama]"),
        ("clients.mobile.models", ["predict", "predict"], "'predict' is listed twice; keep one"),
        ("authorizer.reserved_concurrency", 0, None),
        ("authorizer.reserved_concurrency", "50", None),
        ("issuers.Corp", CORP, "'Corp' is not a name; write up to 63 lower-case letters and digits, a letter first, "
         "with single hyphens in between"),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_identities_is_told_with_the_way_out(
    tmp_path: Path, place: str, value: Any, message: str | None
) -> None:
    (line, *_) = report_on_data(identified({place: value}), tmp_path)
    assert line.startswith(f"{place}")
    assert message is None or line == f"{place}: {message}"


RULES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"clients.mobile.models": ["predict"], "clients.batch.models": ["predict"]},
        ["models.llama: no client may call it; add it to the models of one, or take it out"],
    ),
    (
        {"plans.free": {"rate": "5/s", "burst": 9, "limits": {"llama": "1/s"}}, "clients.mobile.plan": "free",
         "clients.mobile.models": ["predict"]},
        ["plans.free.limits.llama: has no effect, as no client of this plan may call the model; leave the line out, or "
         "add the model to the models of one"],
    ),
    (
        {"issuers.pool": POOL},
        ["issuers.pool: no client has tokens of it; write jwt: {pool: ...} for one, or take it out"],
    ),
    (
        {"issuers.twin": {**CORP, "audience": "b"}, "clients.batch.jwt": {"corp": "a", "twin": "a"}},
        ["issuers.twin.url: 'https://login.acme.com/' is that of corp, too; keep one entry, whose audience may be a "
         "list"],
    ),
    (
        {"clients.second": {"plan": "default", "jwt": {"corp": ["batch-test", "batch-prod"]}}},
        ["clients.second.jwt.corp[1]: 'batch-prod' is client batch; keep one"],
    ),
    ({"clients.batch.jwt": {"corp": ["a", "a"]}}, ["clients.batch.jwt.corp[1]: 'a' is listed twice; keep one"]),
    (
        {"edge.accept_keys": ["x-api-key"]},
        ["edge.accept_keys: lacks bearer, which is how the tokens of clients with jwt are sent; list it, too"],
    ),
    (
        {"models": {"a": get("/a/{id}"), "b": get("/a/b")}, "clients.mobile.models": ["a"]},
        ["clients.mobile.models: a takes 'GET /a/b' of model b along, which the client may not call, as a policy "
         "cannot tell the two apart; list both, or give one of them another path"],
    ),
    (
        {"models": {"a": get("/files/{f+}"), "b": get("/files/list")}, "clients.mobile.models": ["a"]},
        ["clients.mobile.models: a takes 'GET /files/list' of model b along, which the client may not call, as a "
         "policy cannot tell the two apart; list both, or give one of them another path"],
    ),
    (
        {"models.predict.path": "/" + "a" * 320},
        ["models.predict.path: makes 326 characters of a method and a path, and the policies of clients with models "
         "have room for 324; write a shorter path"],
    ),
    (
        {"backends": {"b": {**BACKENDS["http"], "headers": {"X-Client-ID": "me"}}},
         "models.predict": {"backend": "b"}},
        ["backends.b.headers.X-Client-ID: x-client-id is the name of the client, which the gateway sends; leave it "
         "out"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), RULES, ids=[lines[0].partition(":")[0] for _, lines in RULES])
def test_what_does_not_fit_together_is_told_with_the_way_out(
    tmp_path: Path, changes: dict[str, Any], expected: list[str]
) -> None:
    assert report_on_data(identified(changes), tmp_path) == expected


def test_an_authorizer_is_set_only_where_there_is_one(tmp_path: Path) -> None:
    assert report_on_data(changed({"authorizer.reserved_concurrency": 5}), tmp_path) == [
        "authorizer.reserved_concurrency: has no effect where no client has jwt or models; leave the line out"
    ]


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
