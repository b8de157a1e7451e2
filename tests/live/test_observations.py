"""Each question notices a gateway that does nothing of what was promised: one that answers 200 to everybody."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast

import pytest

from live.caller import Caller
from live.gateway import Asked, Gateway
from live.observations import FIRST, THEN, callers, firewall
from live.observations.document import rotation
from live.place import Place
from live.plan import Beside, write_files
from live.questions import questions
from ml_gateway.local.loopback import LoopbackServer, serving

OF_BOTO = {
    "import", "firewall-taken", "edge-time", "store-signature", "override-speed", "event-source", "disabled-key",
    "secret-in-clear", "logs", "override-ends", "rotation",
}  # fmt: skip
"""What asks AWS, or what other questions have done; and the one question that 200 is the answer to."""
BY_REQUESTS = {
    name: observe for name, observe in {**FIRST, **THEN}.items() if name not in OF_BOTO and not questions()[name].needs
}


class _Open(BaseHTTPRequestHandler):
    """Hands everything on, credentials and what the caller made up included, and says so."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = headers.get("x-http-method-override", self.command)
        body = json.dumps({"received": {"method": method, "path": "/", "headers": headers, "answered": "once"}})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = _answer  # noqa: N815 (http.server)

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads it."""


class _Server(LoopbackServer):
    request_queue_size = 128


class _Signer:
    """All that these questions ask of a place."""

    pause = 0.01

    def sign(self, claims: Mapping[str, Any]) -> str:
        return f"e30.{len(claims)}{claims['azp']}.signed"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    host = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/word"
    directory: Path = tmp_path_factory.mktemp("live")
    beside = Beside(echo=host, issuer=f"{host}/issuer", version="0" * 32)
    configs = list(write_files("ml-gateway-live-ab12", beside, directory).values())
    with serving(_Server(_Open)) as server:
        caller = Caller(server.url)
        keys = {name: (f"key-of-{name}", f"other-of-{name}") for name in configs[1].clients}
        gateways = [Gateway(config=each, edge=caller, api=caller, secret="shh", keys=keys) for each in configs]
        yield Asked(place=cast(Place, _Signer()), open=gateways[0], clients=gateways[1], bearer="the token")


def test_most_questions_are_asked_by_requests() -> None:
    assert len(BY_REQUESTS) > 25


@pytest.mark.parametrize("question", BY_REQUESTS)
def test_an_open_gateway_is_noticed(question: str, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "SECONDS_LEFT", -1)
    monkeypatch.setattr(firewall, "SECONDS_FOR_A_RATE", 0.1)
    seen = BY_REQUESTS[question](asked)
    assert not seen.held, seen.saw


def test_a_refusal_during_the_second_deploy_is_noticed(asked: Asked) -> None:
    assert rotation(replace(asked, meanwhile={"/echo": ["200", "200"]})).held
    for refused in ("403", "502", "no answer"):
        assert not rotation(replace(asked, meanwhile={"/echo": ["200", refused, "200"]})).held
    with pytest.raises(ValueError, match="nothing was looked at"):
        rotation(replace(asked, meanwhile={"/echo": []}))
