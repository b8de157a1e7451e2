"""An issuer of OpenID Connect on loopback, over TLS, that signs whatever token it is asked for."""

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, cast

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from ml_gateway.config import GatewayConfig, IssuerConfig
from ml_gateway.config.types.tokens import DISCOVERY
from ml_gateway.local.loopback import LoopbackServer, serving

KEYS_PATH: Final = "/keys"
SECONDS_OF_A_TOKEN: Final = 12 * 60 * 60


class LocalIssuer(LoopbackServer):
    """Is an issuer below each path: `https://127.0.0.1:<port>/corp`. All of them sign with one key.

    `directory` gets `certificate`, by which clients know it.
    """

    def __init__(self, directory: Path, handler: type[BaseHTTPRequestHandler] | None = None) -> None:
        super().__init__(handler or IssuerHandler)
        self.certificate = directory / "issuer.pem"
        self.rotate()
        _write_certificate(self.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        # The handshake is the connection's own thread's, not that of the server.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}"

    def url_of(self, issuer: str) -> str:
        """What the issuer of that name is called in `iss`."""
        return f"{self.url}/{issuer}"

    def rotate(self) -> None:
        """Sign with another key from now on; the one before is gone."""
        self.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = f"{time.time_ns():x}"

    @property
    def keys(self) -> dict[str, Any]:
        """The public ones, as a JSON Web Key Set."""
        public = RSAAlgorithm.to_jwk(self.signing_key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with exactly these claims."""
        return jwt.encode(dict(claims), self.signing_key, algorithm="RS256", headers={"kid": self.key_id})

    def token(self, name: str, issuer: IssuerConfig, identity: str) -> str:
        """A token of the issuer `name` that has all that `issuer` asks for, of the client whose claim is `identity`."""
        now = int(time.time())
        audience = {"aud": issuer.audience[0]} if issuer.audience else {}
        return self.sign(
            {
                "iss": self.url_of(name),
                **audience,
                "iat": now,
                "exp": now + SECONDS_OF_A_TOKEN,
                **issuer.require,
                issuer.claim: identity,
            }
        )


class IssuerHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        issuer = cast(LocalIssuer, self.server)
        named, found, _ = self.path.partition(DISCOVERY)
        if found:
            self.answer({"issuer": f"{issuer.url}{named}", "jwks_uri": f"{issuer.url}{KEYS_PATH}"})
        else:
            self.answer(issuer.keys)

    def answer(self, said: Mapping[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def local_issuer(config: GatewayConfig, directory: Path) -> Iterator[LocalIssuer | None]:
    """An issuer until the block ends, where the gateway has some; else None."""
    if not config.issuers:
        yield None
        return
    with serving(LocalIssuer(directory)) as issuer:
        yield issuer


def tokens_of_clients(config: GatewayConfig, issuer: LocalIssuer | None) -> dict[str, str]:
    """A token of each client that has some. `config` is what the file says."""
    if issuer is None:
        return {}
    found: dict[str, str] = {}
    for name, client in config.clients.items():
        for its, identities in client.jwt.items():
            found.setdefault(name, issuer.token(its, config.issuers[its], identities[0]))
    return found


def _write_certificate(file: Path) -> None:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an issuer on loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
