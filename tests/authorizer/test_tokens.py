"""Tokens: which are taken, and what somebody who means harm tries, by RFC 8725."""

import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.authorizer.conftest import AUDIENCE, KEYS
from tests.authorizer.function import API, AuthorizerProcess, Said
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.tokens import claims_of, encoded, signed, unsigned

OTHERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def assert_nobody(said: Said, reason: str | None = None) -> None:
    assert (said.answer, said.thrown) == (None, "Unauthorized")
    assert said.refused
    assert reason in (None, said.refused)


@pytest.mark.parametrize("name", ["corp", "pool"])
def test_a_token_is_that_of_its_client(function: AuthorizerProcess, issuer: FailingIssuer, name: str) -> None:
    client = {"corp": "batch", "pool": "pool"}[name]
    claims = claims_of(issuer, name)
    said = function.ask(issuer.sign(claims))
    assert said.client == client
    assert said.answer
    assert said.answer["usageIdentifierKey"] == KEYS[f"{client}/_tokens"]
    (statement,) = said.answer["policyDocument"]["Statement"]
    assert statement["Resource"] == [f"{API}/v1/{'*' if name == 'corp' else 'GET/a/*'}"]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(claims["exp"] + 30))
    assert statement["Condition"] == {"DateLessThan": {"aws:CurrentTime": until}}


@pytest.mark.parametrize("audience", [AUDIENCE, "urn:second", ["urn:other", AUDIENCE]], ids=str)
def test_any_of_the_audiences_will_do(function: AuthorizerProcess, issuer: FailingIssuer, audience: Any) -> None:
    assert function.ask(issuer.sign(claims_of(issuer, aud=audience))).client == "batch"


def test_clocks_may_differ_by_half_a_minute(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    now = int(time.time())
    assert function.ask(issuer.sign(claims_of(issuer, exp=now - 20))).client == "batch"
    assert function.ask(issuer.sign(claims_of(issuer, nbf=now + 20))).client == "batch"
    assert_nobody(function.ask(issuer.sign(claims_of(issuer, exp=now - 40))), "ERR_JWT_EXPIRED")
    assert_nobody(function.ask(issuer.sign(claims_of(issuer, nbf=now + 40))), "ERR_JWT_CLAIM_VALIDATION_FAILED")


def test_a_time_beyond_all_dates_ends_with_what_is_kept(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    said = function.ask(issuer.sign(claims_of(issuer, exp=10**18)))
    assert said.answer
    until = said.answer["policyDocument"]["Statement"][0]["Condition"]["DateLessThan"]["aws:CurrentTime"]
    assert until <= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3601))


def jwk_of(key: Any, **settings: Any) -> dict[str, Any]:
    kinds: dict[type, Any] = {rsa.RSAPrivateKey: RSAAlgorithm, ec.EllipticCurvePrivateKey: ECAlgorithm}
    algorithm = next((found for kind, found in kinds.items() if isinstance(key, kind)), OKPAlgorithm)
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "use": "sig", **settings}


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (OTHERS_KEY, "RS256"),
        (OTHERS_KEY, "RS512"),
        (OTHERS_KEY, "PS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    ],
    ids=["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"],
)
def test_algorithms_with_two_keys_are_taken(
    function: AuthorizerProcess, issuer: FailingIssuer, key: Any, algorithm: str
) -> None:
    issuer.keys_said = {"keys": [jwk_of(key, kid="k")]}
    assert function.ask(signed(claims_of(issuer), key, algorithm, kid="k")).client == "batch"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 1},
        {"nbf": 10**10},
        {"nbf": "now"},
        {"aud": None},
        {"aud": "https://other.acme.com"},
        {"aud": ["https://other.acme.com"]},
        {"aud": AUDIENCE + "/"},
        {"aud": {"": AUDIENCE}},
        {"iss": None},
        {"iss": ["https://127.0.0.1"]},
        {"azp": None},
        {"azp": ""},
        {"azp": "stranger"},
        {"azp": ["batch-prod"]},
        {"azp": {"batch-prod": 1}},
        {"azp": 1},
        {"azp": "BATCH-PROD"},
        {"azp": "__proto__"},
        {"azp": "constructor"},
        {"azp": None, "__proto__": {"azp": "batch-prod"}},
    ],
    ids=str,
)
def test_a_claim_that_is_not_right_is_nobody(
    function: AuthorizerProcess, issuer: FailingIssuer, changes: dict[str, Any]
) -> None:
    token = signed(claims_of(issuer, **changes), issuer.signing_key, "RS256", kid=issuer.key_id)
    assert_nobody(function.ask(token))


@pytest.mark.parametrize("use", [None, "id", ["access"], True, "ACCESS"], ids=str)
def test_what_is_required_is_there_to_the_letter(function: AuthorizerProcess, issuer: FailingIssuer, use: Any) -> None:
    """RFC 8725, 3.12: an ID token of the same issuer is none for an API."""
    said = function.ask(issuer.sign(claims_of(issuer, "pool", token_use=use)))
    assert_nobody(said, "not the token_use that is required")


@pytest.mark.parametrize("spelling", ["{}/", "{}?", "{}#", "http{}", "{}/../corp", "{}\n", " {}"])
def test_an_issuer_is_known_to_the_letter(function: AuthorizerProcess, issuer: FailingIssuer, spelling: str) -> None:
    """RFC 8725, 3.8."""
    url = issuer.url_of("corp")
    claims = claims_of(issuer, iss=spelling.format(url.removeprefix("https") if spelling[:4] == "http" else url))
    assert_nobody(function.ask(issuer.sign(claims)), "no issuer of ours")
    assert issuer.asked == []


def test_a_token_is_not_taken_for_one_of_another_issuer(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 2.7: what one may say the other may not."""
    claims = {**claims_of(issuer, "pool"), "iss": issuer.url_of("corp"), "aud": AUDIENCE}
    assert_nobody(function.ask(issuer.sign(claims)), "no client has this claim")


DOUBLED = [
    b'{"azp": "stranger", "azp": "batch-prod", %s}',
    b'{"azp": "batch-prod", %s, "azp": "stranger"}',
    b'{"iss": "https://other.example.com", %s, "azp": "batch-prod"}',
    b'{"a\\u007ap": "stranger", %s, "azp": "batch-prod"}',
    b'{"nested": {"azp": 1}, "x": [{"y": "\\"}{"}], "exp": 9999999999, %s, "azp": "batch-prod"}',
]


@pytest.mark.parametrize("payload", DOUBLED, ids=lambda each: each.decode()[:40])
def test_two_claims_of_one_name_are_none(function: AuthorizerProcess, issuer: FailingIssuer, payload: bytes) -> None:
    rest = json.dumps(claims_of(issuer, azp=None)).encode()[1:-1]
    token = signed(payload % rest, issuer.signing_key, "RS256", kid=issuer.key_id)
    assert_nobody(function.ask(token), "two claims of one name")


def test_names_inside_of_claims_may_be_alike(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    inner = {"azp": "x", "list": [{"azp": 1}, {"azp": 2}, "azp", '"azp": {'], "iss": {"iss": "iss"}}
    assert function.ask(issuer.sign(claims_of(issuer, realm=inner))).client == "batch"


GARBAGE = {
    "no parts": "token",
    "two parts": "a.b",
    "four parts": "a.b.c.d",
    "an encrypted token": "a.b.c.d.e",
    "no JSON": f"{encoded(b'{')}.{encoded(b'{')}.a",
    "null": f"{encoded(b'null')}.{encoded(b'null')}.a",
    "lists": f"{encoded(b'[]')}.{encoded(b'[]')}.a",
    "no header": f".{encoded(b'{}')}.a",
    "not UTF-8": f"{encoded(b'{}')}.{encoded(bytes([255, 254]))}.a",
    "much nesting": f"{encoded(b'{}')}.{encoded(b'[' * 4000)}.a",
    "quotes": f"{encoded(b'{}')}.{encoded(b'{' + bytes([34, 92]) * 2000)}.a",
    "JSON serialization": '{"payload":"e30","signatures":[]}',
    "markup": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=list(GARBAGE))
def test_what_is_no_token_is_nobody(function: AuthorizerProcess, issuer: FailingIssuer, text: str) -> None:
    assert_nobody(function.ask(text), "no token")
    assert issuer.asked == []


def test_who_has_no_key_to_count_for_its_tokens_is_nobody(
    function: AuthorizerProcess, issuer: FailingIssuer, secrets: Any
) -> None:
    del secrets.values["acme/clients/batch/_tokens"]
    assert_nobody(function.ask(issuer.sign(claims_of(issuer))))
    assert function.ask(issuer.sign(claims_of(issuer, "pool"))).client == "pool"


def test_no_line_of_the_log_has_anything_of_a_token(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    marked = claims_of(issuer, azp="MARK-azp", sub="MARK-sub", aud="MARK-aud", iss=issuer.url_of("corp"))
    tokens = [issuer.sign(marked), issuer.sign({**marked, "aud": AUDIENCE}), unsigned(marked, "none"),
              f"{encoded(b'MARK')}.{encoded(b'MARK')}.MARK"]  # fmt: skip
    lines = [line for token in tokens for line in function.ask(token).log]
    assert len(lines) == len(tokens)
    assert "MARK" not in str(lines)
    assert not any(token in str(lines) for token in tokens)
