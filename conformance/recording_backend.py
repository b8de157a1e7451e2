"""A backend that keeps every request exactly as it arrived, and answers what it was told to."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Final

from ml_gateway.local.loopback import LoopbackServer, serving

Headers = tuple[tuple[str, str], ...]
"""Names with their capitals, in the order of arrival, repeated ones as often as they came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedRequest:
    """A request as it reached the backend; `target` is the path with the query string."""

    method: str
    target: str
    headers: Headers
    body: bytes

    def values(self, name: str) -> list[str]:
        """The values of every header of that name, whatever its capitals."""
        return [value for written, value in self.headers if written.lower() == name.lower()]

    def mentions(self, text: str) -> bool:
        """Whether `text` is anywhere in it."""
        return text in f"{self.target} {self.headers} {self.body!r}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the backend answers. Without a `body` it sends back the one that came."""

    status: int = 200
    headers: Headers = (("Content-Type", "application/octet-stream"),)
    body: bytes | None = None


ECHO: Final = Reply()


class RecordingBackend(LoopbackServer):
    """Listens on a free port of the loopback interface. It answers `reply`, to any request."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.reply = ECHO
        self.received: list[ReceivedRequest] = []


def running_backend() -> AbstractContextManager[RecordingBackend]:
    """A backend that answers until the block ends."""
    return serving(RecordingBackend())


class _Handler(BaseHTTPRequestHandler):
    server: RecordingBackend

    def __getattr__(self, name: str) -> object:
        """The base class looks for `do_<METHOD>`: the same for all methods."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.received.append(
            ReceivedRequest(method=self.command, target=self.path, headers=tuple(self.headers.raw_items()), body=body)
        )
        reply = self.server.reply
        answer = body if reply.body is None else reply.body
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""
