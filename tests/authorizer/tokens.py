"""Tokens, right ones and such as somebody who means harm would make. PyJWT signs them; jose checks them."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt

from tests.authorizer.conftest import AUDIENCE
from tests.authorizer.issuer import FailingIssuer

Json = dict[str, Any]


def claims_of(issuer: FailingIssuer, name: str = "corp", **changes: Any) -> Json:
    """Of a token that is right, with other claims in place of some; those that are None are left out."""
    now = int(time.time())
    own = {
        "corp": {"aud": AUDIENCE, "azp": "batch-prod"},
        "pool": {"token_use": "access", "client_id": "1example"},
    }[name]
    claims = {"iss": issuer.url_of(name), "iat": now, "exp": now + 600, **own, **changes}
    return {key: value for key, value in claims.items() if value is not None}


def encoded(part: bytes | Json) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_claims(token: str, payload: bytes | Json) -> str:
    """Another payload under the signature of the token."""
    header, _, signature = token.split(".")
    return f"{header}.{encoded(payload)}.{signature}"


def unsigned(claims: Json, algorithm: str, signature: str = "c2lnbmVk") -> str:
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded(claims)}.{signature}"


def signed_with_hmac(claims: Json, secret: bytes, **header: Any) -> str:
    """By hand: PyJWT takes no public key for a secret."""
    said = f"{encoded({'alg': 'HS256', 'typ': 'JWT', **header})}.{encoded(claims)}"
    return f"{said}.{encoded(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


def signed(claims: Json | bytes, key: Any, algorithm: str, **header: Any) -> str:
    """Whatever the payload is."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, key, algorithm=algorithm, headers={"typ": "JWT", **header})
