"""One port on loopback that behaves as the distribution's address does: no client has to send anything special."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from typing import Final, cast

from ml_gateway.credentials import KEY_FORMS
from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from ml_gateway.local.loopback import LoopbackServer

SECONDS_FOR_ONE_ANSWER: Final = 930
"""A little more than the longest integration, 15 minutes."""

Answer = tuple[int, Sequence[tuple[str, str]], bytes]

_TEXT: Final = [("Content-Type", "text/plain")]
_WITHOUT_A_BODY: Final = (204, 304)

# RFC 9110, 7.6.1, and those that the front writes itself. `Expect` was answered here already.
_OF_ONE_CONNECTION: Final = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade", "expect", "host", "content-length",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A request that was answered. `client` is whose key it came with, None for no key that the gateway has."""

    at: datetime
    method: str
    path: str
    status: int
    seconds: float
    client: str | None


class Front(LoopbackServer):
    """Passes every request on to the distribution of `gateway`, and says of each what came of it.

    `port`: where it listens; any that is free for 0. `clients` has whose key each is. Raises OSError for a port in use.
    """

    request_queue_size = 128

    def __init__(
        self, gateway: LocalGateway, *, port: int, clients: Mapping[str, str], told: Callable[[Passed], None]
    ) -> None:
        super().__init__(_Passing, port=port)
        self.cloud_port = gateway.cloud.port
        self.added = {name.lower(): value for name, value in through_cloudfront(gateway.domain_name).items()}
        self.clients = clients
        self.told = told


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _front(self) -> Front:
        return cast(Front, self.server)

    def _pass_on(self) -> None:
        started = time.monotonic()
        # Not self.path: that has one slash where several stand at its beginning.
        target = self.requestline.split(" ")[1]
        status, headers, body = self._answer_to(target)
        self._front.told(
            Passed(
                at=datetime.now(),
                method=self.command,
                path=target.partition("?")[0],
                status=status,
                seconds=time.monotonic() - started,
                client=next((self._front.clients[key] for key in self._keys() if key in self._front.clients), None),
            )
        )
        # Last: a client that went away is in the log, too.
        self._send(status, headers, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on  # noqa: N815 (http.server)

    def _answer_to(self, target: str) -> Answer:
        try:
            body = self._body()
            target.encode("ascii")
        except ValueError:
            self.close_connection = True
            return 400, _TEXT, b"the length of the body, or the path, is none\n"
        with closing(HTTPConnection("127.0.0.1", self._front.cloud_port, timeout=SECONDS_FOR_ONE_ANSWER)) as connection:
            try:
                self._ask(connection, target, body)
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (OSError, HTTPException) as error:
                return 502, _TEXT, f"no answer from the local cloud: {error}\n".encode()

    def _ask(self, connection: HTTPConnection, target: str, body: bytes) -> None:
        connection.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _OF_ONE_CONNECTION | self._front.added.keys():
                connection.putheader(name, value)
        for name, value in self._front.added.items():
            connection.putheader(name, value)
        if body or self.command in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self._chunks())
        return self._read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        """RFC 9112, 7.1. What follows the last chunk, nobody behind this reads."""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self._read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue

    def _read(self, length: int) -> bytes:
        """Raises ValueError for what is no length: less than nothing would be all until the client goes away."""
        if length < 0:
            raise ValueError(length)
        return self.rfile.read(length)

    def _send(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)  # without a Server and a Date of the front's own
        for name, value in headers:
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, value)
        if status not in _WITHOUT_A_BODY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _keys(self) -> Iterator[str]:
        """What may be a client's key: all of the header, or what stands behind a scheme."""
        for header in KEY_FORMS.values():
            value = self.headers.get(header, "")
            yield from (value, value.partition(" ")[2])

    def log_message(self, format: str, *args: object) -> None:
        """`told` hears of each request."""
