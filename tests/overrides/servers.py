"""The store's data plane, and where CloudFormation waits for answers, on loopback."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, cast
from urllib.parse import quote, unquote

from ml_gateway.local.loopback import LoopbackServer
from tests.overrides.sigv4a import Credentials, Received, error_of

ACCOUNT: Final = "123456789012"
ARN: Final = f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/0b8a6b0c-1f0e-4f0a-9d39-4a3f9d2c5e11"
CREDENTIALS: Final = Credentials(access_key="ASIAEXAMPLE", secret="kSecret/+", token="of a session")
MOST_OF_A_VALUE: Final = 1024


class StoreServer(LoopbackServer):
    """A KeyValueStore with `values` (CloudFront API reference). It has one ETag, which each write changes, and answers
    403 to what is not signed with `CREDENTIALS`: `refused` has why.

    `asked`: all requests. `after`: called with each that was understood, before it is answered, as somebody else who
    writes. `faults`: statuses to answer with, by method. `missing`: there is no such store. `silent`: it does not
    answer. `second`: the status for whoever comes second.
    """

    def __init__(self) -> None:
        super().__init__(_StoreHandler)
        self.lock = threading.RLock()
        self.recover()

    def recover(self) -> None:
        """As a new and empty store, of which nothing is wrong."""
        self.values: dict[str, str] = {}
        self.etag = 1
        self.asked: list[Received] = []
        self.refused: list[str] = []
        self.after: Callable[[Received], None] = lambda _: None
        self.faults: dict[str, int] = {}
        self.missing = False
        self.silent = False
        self.second = 409

    def put(self, key: str, value: str) -> None:
        with self.lock:
            self.values[key] = value
            self.etag += 1

    @property
    def writes(self) -> list[str]:
        """The methods of all requests that were to write."""
        return [each.method for each in self.asked if each.method != "GET"]

    def answer(self, received: Received) -> tuple[int, Mapping[str, Any]]:
        with self.lock:
            self.asked.append(received)
            if error := error_of(received, CREDENTIALS):
                self.refused.append(error)
                return 403, {"Message": error}
            if received.method in self.faults:
                return self.faults[received.method], {"Message": "as the test wants it"}
            said = self._done(received)
            self.after(received)
            return said

    def _done(self, received: Received) -> tuple[int, Mapping[str, Any]]:
        store = f"/key-value-stores/{quote(ARN, safe='')}"
        if self.missing or not received.path.startswith(store):
            return 404, {"Message": "no such store"}
        key = unquote(received.path.removeprefix(store).removeprefix("/keys/"))
        if not key:
            return 200, {"ETag": str(self.etag), "KvsARN": ARN}
        if received.method != "GET" and received.headers.get("if-match") != str(self.etag):
            return self.second, {"Message": "somebody else wrote"}
        if received.method != "PUT" and key not in self.values:
            return 404, {"Message": "no such key"}
        if received.method == "PUT":
            value = json.loads(received.body)["Value"]
            assert len(value) <= MOST_OF_A_VALUE
            self.put(key, value)
        elif received.method == "DELETE":
            del self.values[key]
            self.etag += 1
        else:
            return 200, {"Key": key, "Value": self.values[key]}
        return 200, {"ETag": str(self.etag)}


class AnswersServer(LoopbackServer):
    """Takes answers of custom resources: `received`, and `status` is what each is answered with."""

    def __init__(self) -> None:
        super().__init__(_AnswersHandler)
        self.recover()

    def recover(self) -> None:
        self.received: list[Received] = []
        self.status = 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # each answer would take 40 ms

    def _received(self) -> Received:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        # `self.path` is not as it came: http.server makes one slash of two at its start.
        return Received(method=self.command, path=self.requestline.split()[1], headers=headers, body=body)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at what was asked."""


class _StoreHandler(_Handler):
    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        server = cast(StoreServer, self.server)
        received = self._received()
        if server.silent:
            server.stopping.wait(5)
        status, said = server.answer(received)
        headers = {"ETag": said["ETag"]} if "ETag" in said else {}
        self._send(status, {"Content-Type": "application/json", **headers}, json.dumps(said).encode())


class _AnswersHandler(_Handler):
    def do_PUT(self) -> None:
        server = cast(AnswersServer, self.server)
        server.received.append(self._received())
        self._send(server.status, {"Location": "/elsewhere"} if server.status == 307 else {}, b"")
