"""What somebody who means harm signs, or does not sign: RFC 8725, by its sections."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.authorizer.function import AuthorizerProcess
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.test_tokens import OTHERS_KEY, assert_nobody, jwk_of
from tests.authorizer.tokens import claims_of, encoded, signed, signed_with_hmac, unsigned, with_claims


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "", "HS256", "RS257", "dir"])
def test_a_token_without_a_signature_is_nobody(
    function: AuthorizerProcess, issuer: FailingIssuer, algorithm: str
) -> None:
    """RFC 8725, 2.1."""
    assert_nobody(function.ask(unsigned(claims_of(issuer), algorithm)))
    assert_nobody(function.ask(unsigned(claims_of(issuer), algorithm, signature="")))


def test_a_public_key_is_no_secret(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 2.1: HS256 with what everybody knows; in each form that somebody might compare with."""
    public = issuer.signing_key.public_key()
    forms = [
        public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
    ]
    forms += [json.dumps(issuer.keys["keys"][0]).encode(), issuer.keys["keys"][0]["n"].encode(), b"", b"secret"]
    for secret in forms:
        assert_nobody(function.ask(signed_with_hmac(claims_of(issuer), secret, kid=issuer.key_id)))


def test_a_secret_among_the_keys_is_none(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 2.2 and 3.1: whatever an issuer publishes, HS256 is not taken."""
    issuer.keys_said = {"keys": [{"kty": "oct", "kid": "s", "k": encoded(b"secret" * 8), "alg": "HS256"}]}
    token = signed_with_hmac(claims_of(issuer), b"secret" * 8, kid="s")
    assert_nobody(function.ask(token), "ERR_JOSE_ALG_NOT_ALLOWED")


def test_another_signature_is_none(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    token = issuer.sign(claims_of(issuer))
    other = signed(claims_of(issuer), OTHERS_KEY, "RS256", kid=issuer.key_id)
    for wrong in (other, token[:-8] + "AAAAAAAA", token.rpartition(".")[0] + ".AAAA"):
        assert_nobody(function.ask(wrong), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


def test_another_payload_is_not_signed(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    token = issuer.sign(claims_of(issuer, azp="stranger"))
    assert_nobody(function.ask(with_claims(token, claims_of(issuer))), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
def test_a_token_brings_no_key_along(function: AuthorizerProcess, issuer: FailingIssuer, header: str) -> None:
    """RFC 8725, 3.10: nobody asks where a token says."""
    own = jwk_of(OTHERS_KEY, kid="own")
    value = {"jwk": own, "x5c": ["MIIB"]}.get(header, f"{issuer.url}/own-keys")
    assert_nobody(
        function.ask(signed(claims_of(issuer), OTHERS_KEY, "RS256", kid="own", **{header: value})),
        "ERR_JWKS_NO_MATCHING_KEY",
    )
    assert "/own-keys" not in issuer.asked


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "", "__proto__", 7, None], ids=str)
def test_a_key_is_looked_up_among_the_published_ones_alone(
    function: AuthorizerProcess, issuer: FailingIssuer, kid: Any
) -> None:
    """RFC 8725, 2.9 and 3.10."""
    other = issuer.keys["keys"][0]
    issuer.keys_said = {"keys": [other, jwk_of(OTHERS_KEY, kid="second", alg="RS256")]}
    header = encoded({"alg": "RS256", **({} if kid is None else {"kid": kid})})
    token = f"{header}.{issuer.sign(claims_of(issuer)).partition('.')[2]}"
    assert_nobody(function.ask(token))


def test_a_key_is_for_its_algorithm_alone(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 3.1."""
    curve = ec.generate_private_key(ec.SECP256R1())
    issuer.keys_said = {"keys": [jwk_of(OTHERS_KEY, kid="r", alg="RS256"), jwk_of(curve, kid="e"),
                                 jwk_of(OTHERS_KEY, kid="enc", use="enc")]}  # fmt: skip
    claims = claims_of(issuer)
    for key, algorithm, kid in ((OTHERS_KEY, "RS512", "r"), (OTHERS_KEY, "PS256", "r"), (OTHERS_KEY, "RS256", "e"),
                                (curve, "ES256", "r"), (OTHERS_KEY, "RS256", "enc")):  # fmt: skip
        assert_nobody(function.ask(signed(claims, key, algorithm, kid=kid)), "ERR_JWKS_NO_MATCHING_KEY")
    assert function.ask(signed(claims, OTHERS_KEY, "RS256", kid="r")).client == "batch"


def test_a_weak_key_is_none(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 3.5."""
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    issuer.keys_said = {"keys": [jwk_of(weak, kid="w")]}
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(claims_of(issuer), weak, "RS256", kid="w")
    assert_nobody(function.ask(token))


def test_a_point_off_its_curve_is_no_key(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """RFC 8725, 2.5 and 3.4."""
    curve = ec.generate_private_key(ec.SECP256R1())
    published = jwk_of(curve, kid="off")
    issuer.keys_said = {"keys": [{**published, "y": published["x"]}]}
    assert_nobody(function.ask(signed(claims_of(issuer), curve, "ES256", kid="off")))


@pytest.mark.parametrize(
    "header", [{"crit": ["exp"]}, {"crit": ["x-own"], "x-own": 1}, {"b64": False, "crit": ["b64"]}], ids=str
)
def test_a_header_that_has_to_be_understood_is_not(
    function: AuthorizerProcess, issuer: FailingIssuer, header: dict[str, Any]
) -> None:
    token = issuer.sign(claims_of(issuer))
    said = encoded({"alg": "RS256", "kid": issuer.key_id, **header})
    signature = issuer.signing_key.sign(f"{said}.{token.split('.')[1]}".encode(), *_rs256())
    assert_nobody(function.ask(f"{said}.{token.split('.')[1]}.{encoded(signature)}"))


def _rs256() -> tuple[Any, Any]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.PKCS1v15(), hashes.SHA256()
