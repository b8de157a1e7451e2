"""A model server that breaks off its answers, each path in a way of its own, on loopback."""

import json
import socket
import struct
import threading
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Final

from ml_gateway.local.loopback import LoopbackServer, serving

PROMISED_BYTES: Final = 1_000_000
HALF: Final = b"x" * (PROMISED_BYTES // 2)
SERVED: Final = {"model": "is well"}
BROKEN: Final = {"error": {"type": "out_of_memory", "message": "the model is broken"}}


class FaultyServer(LoopbackServer):
    """Listens on a free port of the loopback interface."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.silent_requests = threading.Semaphore(0)
        """Released once for every request that gets no answer, as soon as it is there."""


def running_faulty_server() -> AbstractContextManager[FaultyServer]:
    """A faulty server that breaks off answers until the block ends."""
    return serving(FaultyServer())


class _Handler(BaseHTTPRequestHandler):
    """`sound` serves, `error` says what is wrong with a 500, `echo` returns the body; the others are faults.

    `cut-short` ends in the middle of what its Content-Length promised, `cut-chunk` in the middle of a chunk, `reset` as
    the machine of a dead process does it; `stuck` stays open there without another byte; `no-http` is not HTTP;
    `silent` does not answer; `unread` answers 401 and closes without having read the request's body.
    """

    server: FaultyServer

    def do_POST(self) -> None:
        path = self.path.removeprefix("/")
        if path == "unread":
            self._send(401, json.dumps({"error": "no token"}).encode())
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match path:
            case "sound":
                self._send(200, json.dumps(SERVED).encode())
            case "error":
                self._send(500, json.dumps(BROKEN).encode())
            case "echo":
                self._send(200, body)
            case "silent":
                self.server.silent_requests.release()
                self.server.stopping.wait()
            case "no-http":
                self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            case "cut-chunk":
                self._begin("Transfer-Encoding", "chunked")
                self.wfile.write(b"%x\r\n%s" % (PROMISED_BYTES, HALF))
            case _:
                self._begin("Content-Length", str(PROMISED_BYTES))
                self.wfile.write(HALF)
                self._break_off(path)

    def _break_off(self, path: str) -> None:
        match path:
            case "reset":
                # Close at once, whatever is not sent yet: the other side sees a reset, not an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "stuck":
                self.server.stopping.wait()

    def _begin(self, header: str, value: str) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        # MiniStack looks this one up as it is written here.
        self.send_header("Content-Type", "application/json")
        self.send_header(header, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", self.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""
