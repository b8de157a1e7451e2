"""Signatures of AWS's version 4A, checked as AWS documents them (IAM User Guide, "Create a signed AWS API request")."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM: Final = "AWS4-ECDSA-P256-SHA256"
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""

SERVICE: Final = "cloudfront-keyvaluestore"
MUST_BE_SIGNED: Final = {"host", "x-amz-date", "x-amz-region-set", "x-amz-security-token"}
WITHOUT_BODY: Final = b""

_AUTHORIZATION: Final = re.compile(
    rf"{ALGORITHM} Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    access_key: str
    secret: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A request as it came: the path as it is in the first line, the names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def signing_key(access_key: str, secret: str) -> ec.EllipticCurvePrivateKey:
    """NIST SP 800-108, a KDF in counter mode: the first output that can be a key is one."""
    for counter in range(1, 255):
        fixed = ALGORITHM.encode() + b"\0" + access_key.encode() + bytes([counter])
        said = b"\0\0\0\1" + fixed + (256).to_bytes(4)
        candidate = int.from_bytes(hmac.digest(f"AWS4A{secret}".encode(), said, "sha256"))
        if candidate <= ORDER - 2:
            return ec.derive_private_key(candidate + 1, ec.SECP256R1())
    raise AssertionError("no key")


def canonical_request(received: Received, signed_headers: str) -> str:
    """The path is encoded once more than it was sent, as of all services but S3."""
    headers = "".join(f"{name}:{received.headers.get(name, '').strip()}\n" for name in signed_headers.split(";"))
    path = quote(received.path, safe="/-_.~")
    body = hashlib.sha256(received.body).hexdigest()
    return "\n".join([received.method, path, "", headers, signed_headers, body])


def error_of(received: Received, credentials: Credentials, *, now: datetime | None = None) -> str | None:
    """What is wrong with the signature; None where it is right."""
    match = _AUTHORIZATION.fullmatch(received.headers.get("authorization", ""))
    if not match:
        return "no authorization of this form"
    access_key, scope, signed_headers, signature = match.groups()
    at = received.headers.get("x-amz-date", "")
    body = hashlib.sha256(received.body).hexdigest()
    told = {
        "access key": (access_key, credentials.access_key),
        "scope": (scope, f"{at[:8]}/{SERVICE}/aws4_request"),
        "regions": (received.headers.get("x-amz-region-set"), "*"),
        "session token": (received.headers.get("x-amz-security-token"), credentials.token),
        "hash of the body": (received.headers.get("x-amz-content-sha256", body), body),
        "headers that are left out": (MUST_BE_SIGNED - set(signed_headers.split(";")), set()),
        "order of headers": (signed_headers.split(";"), sorted(signed_headers.split(";"))),
    }
    wrong = next((what for what, (found, right) in told.items() if found != right), None)
    if wrong:
        return wrong
    then = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs((now or datetime.now(UTC)) - then) > timedelta(minutes=5):
        return "time"
    request = hashlib.sha256(canonical_request(received, signed_headers).encode()).hexdigest()
    key = signing_key(credentials.access_key, credentials.secret).public_key()
    try:
        to_sign = "\n".join([ALGORITHM, at, scope, request])
        key.verify(bytes.fromhex(signature), to_sign.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "signature"
    return None
