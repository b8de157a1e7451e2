"""What somebody has on their machine: a server that says what it was asked, and a function's emulator."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from ml_gateway.local.loopback import LoopbackServer, serving


@contextmanager
def running_echo() -> Iterator[str]:
    with serving(LoopbackServer(_Echo)) as server:
        yield server.url


@contextmanager
def running_function() -> Iterator[str]:
    """Takes events as AWS's Runtime Interface Emulator does, and answers as a function behind API Gateway."""
    with serving(LoopbackServer(_Function)) as server:
        yield server.url


class _Echo(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        _send(self, {"echo": self.path, "method": self.command, "headers": headers, "body": body})

    do_GET = do_POST = _answer  # noqa: N815 (http.server)

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""


class _Function(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/2015-03-31/functions/function/invocations"
        said = json.dumps({"function": event["path"], "body": event["body"]})
        _send(self, {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": said})

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""


def _send(handler: BaseHTTPRequestHandler, said: object) -> None:
    text = json.dumps(said).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)
