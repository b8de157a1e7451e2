"""Questions about two regions notice a gateway that does not do what was promised."""

import json
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socket import create_server
from typing import cast

import pytest

from live.caller import Caller
from live.gateway import Asked, Gateway
from live.observations import regional
from live.place import Place
from live.plan import ALL_OF_FILES, write_files
from ml_gateway.local.issuer import LocalIssuer
from ml_gateway.local.loopback import LoopbackServer, serving
from tests.live.synthesized import BESIDE, NAME


class _OneRegion(BaseHTTPRequestHandler):
    """Is asked by one region alone, whatever is drained."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"received": {"path": "/us-east-1/echo"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads it."""


class _Place:
    patience = 0.2
    pause = 0.01


def test_a_drain_without_effect_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regional, "_drained", lambda *_: nullcontext())
    files = write_files(NAME, BESIDE, tmp_path, brought=ALL_OF_FILES).values()
    with serving(LoopbackServer(_OneRegion)) as server:
        caller = Caller(server.url)
        both, _, two = (
            Gateway(config=each, edge=caller, api=caller, secret="shh", keys={"reader": ("key",)}) for each in files
        )
        asked = Asked(place=cast(Place, _Place()), open=both, clients=both, in_two_regions=two, bearer="b")
        seen = regional.drain(asked)
    assert (seen.held, seen.saw) == (False, "still the same, then the first again")


@contextmanager
def speaking(tmp_path: Path, oldest: ssl.TLSVersion) -> Iterator[int]:
    """The port of a server that takes handshakes down to that version, until the block ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = oldest
    with serving(LocalIssuer(tmp_path)) as issuer:
        context.load_cert_chain(issuer.certificate)
    with create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with suppress(OSError), connection, context.wrap_socket(connection, server_side=True):
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("oldest", "expected"),
    [(ssl.TLSVersion.TLSv1_2, "refused by the server"), (ssl.TLSVersion.TLSv1_1, "taken")],
    ids=["as it should", "broken"],
)
def test_who_speaks_tls_1_1_is_noticed(tmp_path: Path, oldest: ssl.TLSVersion, expected: str) -> None:
    with speaking(tmp_path, oldest) as port:
        assert regional._handshake(f"127.0.0.1:{port}", ssl.TLSVersion.TLSv1_1) == expected
        assert regional._handshake(f"127.0.0.1:{port}", ssl.TLSVersion.TLSv1_2) == "taken"
