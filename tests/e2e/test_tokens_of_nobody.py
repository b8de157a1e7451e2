"""Tokens of nobody, issuers that fail, and plans that are used up, through CloudFront. In order: the last tests use up
plans.
"""

import json
import time
from collections.abc import Callable
from typing import Final

import pytest

from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Request
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.test_tokens import OTHERS_KEY
from tests.authorizer.tokens import encoded, signed, signed_with_hmac, unsigned, with_claims
from tests.e2e.exact_requests import received, refusal, send
from tests.e2e.identified import NOBODY, NOT_ALLOWED, bearer, claims_for, key_of

pytestmark = pytest.mark.e2e

Forge = Callable[[FailingIssuer], str]

NOBODYS: Final[dict[str, Forge]] = {
    "past": lambda issuer: issuer.sign(claims_for(issuer, exp=int(time.time()) - 3600)),
    "without an end": lambda issuer: issuer.sign(claims_for(issuer, exp=None)),
    "of tomorrow": lambda issuer: issuer.sign(claims_for(issuer, nbf=int(time.time()) + 86400)),
    "for somebody else": lambda issuer: issuer.sign(claims_for(issuer, aud="https://other.example.com")),
    "for nobody": lambda issuer: issuer.sign(claims_for(issuer, aud=None)),
    "an ID token": lambda issuer: issuer.sign(claims_for(issuer, "pool", token_use="id")),
    "without the claim": lambda issuer: issuer.sign(claims_for(issuer, azp=None)),
    "two in the claim": lambda issuer: issuer.sign(claims_for(issuer, azp=["px", "batch-prod"])),
    "the claim twice": lambda issuer: signed(
        b'{"azp": "px", ' + json.dumps(claims_for(issuer)).encode()[1:], issuer.signing_key, "RS256", kid=issuer.key_id
    ),
    "a client that the file does not have": lambda issuer: issuer.sign(claims_for(issuer, azp="stranger")),
    "changed": lambda issuer: with_claims(issuer.sign(claims_for(issuer)), claims_for(issuer, azp="batch-prod")),
    "another signature": lambda issuer: signed(claims_for(issuer), OTHERS_KEY, "RS256", kid=issuer.key_id),
    "an unknown key": lambda issuer: signed(claims_for(issuer), OTHERS_KEY, "RS256", kid="unknown"),
    "none": lambda issuer: unsigned(claims_for(issuer), "none"),
    "the public key as a secret": lambda issuer: signed_with_hmac(
        claims_for(issuer), json.dumps(issuer.keys["keys"][0]).encode(), kid=issuer.key_id
    ),
    "no token": lambda _issuer: f"{encoded(b'{')}.{encoded(b'{')}.a",
    "no key": lambda _issuer: "0" * 48,
}


@pytest.mark.parametrize("forge", NOBODYS.values(), ids=list(NOBODYS))
@pytest.mark.parametrize("header", ["Authorization", "x-api-key"])
def test_nobodys_token_is_refused(identified: LocalGateway, issuer: FailingIssuer, forge: Forge, header: str) -> None:
    token = forge(issuer)
    answer = send(identified, "/headers", bearer(token) if header == "Authorization" else [(header, token)])
    assert refusal(answer) == NOBODY
    assert token not in str(answer)


# Issuers


def test_an_issuer_that_cannot_be_asked_refuses_its_tokens_for_now_and_nobody_else(
    identified: LocalGateway, issuer: FailingIssuer
) -> None:
    # A token of nobody ends MiniStack's Node, which then has no keys of an issuer.
    assert refusal(send(identified, "/headers", bearer(NOBODYS["another signature"](issuer)))) == NOBODY
    key = [("x-api-key", key_of(identified, "partner", "b"))]
    for way in ("hangs", "garbage"):
        with issuer.failing(way):
            answer = send(identified, "/headers", bearer(issuer.sign(claims_for(issuer, jti=way))))
            assert refusal(answer) == (503, "identity_unavailable")
            assert answer.headers["Retry-After"] == "10"
            assert received(send(identified, "/headers", key))["x-client-id"] == "partner"
    assert send(identified, "/headers", bearer(issuer.sign(claims_for(issuer, jti="again")))).status == 200


def test_an_issuer_that_rotates_is_followed(identified: LocalGateway, issuer: FailingIssuer) -> None:
    issuer.rotate()
    first = refusal(send(identified, "/headers", bearer(NOBODYS["another signature"](issuer))))
    token = issuer.sign(claims_for(issuer, jti="rotated"))
    assert first == NOBODY
    assert send(identified, "/headers", bearer(token)).status == 200


def test_a_policy_ends_with_its_token(identified: LocalGateway, issuer: FailingIssuer) -> None:
    """Past the edge, which refuses such a token first, with the 401 that has an SDK get another one."""
    token = issuer.sign(claims_for(issuer, exp=int(time.time()) - 27))
    past_the_edge = {"X-Api-Key": token, "Content-Type": "application/json"}
    request = Request(method="POST", path=f"{identified.api_path}/headers", body=b"{}", headers=past_the_edge)
    assert identified.api.send(request).status == 200
    assert send(identified, "/headers", bearer(token)).status == 200
    time.sleep(4)
    assert refusal(identified.api.send(request)) == NOT_ALLOWED
    assert refusal(send(identified, "/headers", bearer(token))) == NOBODY


# Plans


def test_all_tokens_of_a_client_share_its_rate_and_nobody_elses(
    identified: LocalGateway, issuer: FailingIssuer
) -> None:
    tokens = [issuer.sign(claims_for(issuer, azp="batch-prod", jti=f"t{number}")) for number in range(5)]
    statuses = [send(identified, "/headers", bearer(token)).status for token in tokens]
    assert statuses == [200, 200, 200, 429, 429]
    assert send(identified, "/headers", [("x-api-key", key_of(identified, "partner", "a"))]).status == 200


def test_a_key_and_the_tokens_of_a_client_have_a_quota_each(identified: LocalGateway, issuer: FailingIssuer) -> None:
    token = bearer(issuer.sign(claims_for(issuer, azp="counted")))
    assert [send(identified, "/headers", token).status for _ in range(3)] == [200, 200, 200]
    assert refusal(send(identified, "/headers", token)) == (429, "insufficient_quota")
    key = [("x-api-key", key_of(identified, "counted", "default"))]
    assert [send(identified, "/headers", key).status for _ in range(4)] == [200, 200, 200, 429]
