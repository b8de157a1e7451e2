"""The one port of `ml-gateway local`: what passes as it came, and what is said of each request."""

import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ml_gateway.local.front import Front, Passed
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.loopback import LoopbackServer, serving

KEYS = {"k" * 48: "mobile-app", "b" * 48: "batch"}


class _Cloud(BaseHTTPRequestHandler):
    """Says what it received, as it was written."""

    protocol_version = "HTTP/1.1"

    def version_string(self) -> str:
        return "the-cloud"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/slow":
            time.sleep(0.5)
        said = {"line": self.requestline, "headers": self.headers.items(), "body": body.decode()}
        text = json.dumps(said).encode()
        self.send_response(204 if "nothing" in self.path else 200)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        if "nothing" not in self.path:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD" and "nothing" not in self.path:
            self.wfile.write(text)

    do_GET = do_HEAD = do_OPTIONS = do_POST  # noqa: N815 (http.server)

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""


@dataclass(frozen=True)
class Fixture:
    front: Front
    log: list[Passed]

    def send(self, request: str) -> str:
        """Exactly these bytes, and all that comes back until the connection is closed."""
        with closing(socket.create_connection(("127.0.0.1", self.front.server_port), timeout=10)) as connection:
            connection.sendall(request.replace("\n", "\r\n").encode())
            found = b""
            while read := connection.recv(65536):
                found += read
            return found.decode()

    def received(self, request: str) -> Any:
        """What the cloud behind the front got of it."""
        return json.loads(self.send(request).partition("\r\n\r\n")[2])


@contextmanager
def running(cloud_port: int) -> Iterator[Fixture]:
    gateway = cast(
        LocalGateway, SimpleNamespace(cloud=SimpleNamespace(port=cloud_port), domain_name="d1.cloudfront.net")
    )
    log: list[Passed] = []
    with serving(Front(gateway, port=0, clients=KEYS, told=log.append)) as front:
        yield Fixture(front, log)


@pytest.fixture
def front() -> Iterator[Fixture]:
    with serving(LoopbackServer(_Cloud)) as cloud, running(cloud.server_port) as fixture:
        yield fixture


@pytest.mark.parametrize(
    "target",
    ["/a", "//a", "/a/../b", "/a%2Fb", "/%61", "/a?b=c%20d&e", "/a//b/", "/a?b=../c", "/a;b", "/a%"],
)
def test_a_path_passes_as_it_was_sent(front: Fixture, target: str) -> None:
    said = front.received(f"GET {target} HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert said["line"] == f"GET {target} HTTP/1.1"
    assert front.log[-1].path == target.partition("?")[0]


def test_it_listens_on_loopback_alone(front: Fixture) -> None:
    assert front.front.server_address[0] == "127.0.0.1"


def test_headers_pass_but_for_those_of_the_connection_and_of_the_address(front: Fixture) -> None:
    said = front.received(
        "POST /a HTTP/1.1\nHost: 127.0.0.1:8080\nX-A: 1\nx-a: 2\nConnection: close\nX-Forwarded-Proto: http\n"
        "Accept-Encoding: br\nTE: trailers\nContent-Length: 3\n\nabc"
    )
    headers = [(name.lower(), value) for name, value in said["headers"]]
    assert sorted(headers) == [
        ("accept-encoding", "br"),
        ("content-length", "3"),
        ("host", "d1.cloudfront.net"),
        ("x-a", "1"),
        ("x-a", "2"),
        ("x-forwarded-proto", "https"),
    ]
    assert said["body"] == "abc"


def test_a_body_in_chunks_passes_whole(front: Fixture) -> None:
    head = "POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nConnection: close\n\n"
    said = front.received(f"{head}3;x=y\nabc\nA\n0123456789\n0\nTrailer: x\n\n")
    assert said["body"] == "abc0123456789"


@pytest.mark.parametrize(
    "rest",
    [
        "Content-Length: x\n\nabc",
        "Content-Length: 1x\n\nabc",
        "Content-Length: -1\n\nabc",
        "Transfer-Encoding: chunked\n\nz\nabc\n0\n\n",
        "Transfer-Encoding: chunked\n\n-3\nabc\n0\n\n",
    ],
)
def test_a_body_of_no_length_is_refused(front: Fixture, rest: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = front.send(f"POST /a HTTP/1.1\nHost: a\n{rest}")
    assert answer.startswith("HTTP/1.1 400 ")
    assert front.log[-1].status == 400
    assert capsys.readouterr().err == ""


def test_a_path_that_is_no_ascii_is_refused(front: Fixture, capsys: pytest.CaptureFixture[str]) -> None:
    """As raw bytes, which no client sends that knows of URLs."""
    assert front.send("GET /\u00e9 HTTP/1.1\nHost: a\n\n").startswith("HTTP/1.1 400 ")
    assert front.log[-1].status == 400
    assert capsys.readouterr().err == ""


def test_a_client_that_goes_away_is_in_the_log_and_leaves_no_traceback(
    front: Fixture, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        with closing(socket.create_connection(("127.0.0.1", front.front.server_port), timeout=10)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, at once
            connection.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(0.2)
    deadline = time.monotonic() + 10
    while len(front.log) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [each.path for each in front.log] == ["/slow"] * 3
    assert capsys.readouterr().err == ""


def test_answers_pass_with_all_of_their_headers(front: Fixture) -> None:
    answer = front.send("GET /a HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert answer.count("Set-Cookie: ") == 2
    assert answer.count("Content-Length: ") == 1
    assert answer.count("Date: ") == 1
    assert answer.count("Server: ") == 1
    assert "Server: the-cloud" in answer


@pytest.mark.parametrize("request_line", ["HEAD /a", "GET /nothing", "OPTIONS /nothing"])
def test_an_answer_without_a_body_ends(front: Fixture, request_line: str) -> None:
    answer = front.send(f"{request_line} HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert answer.endswith("\r\n\r\n")


def test_a_connection_serves_one_request_after_the_other(front: Fixture) -> None:
    first = "POST /a HTTP/1.1\nHost: a\nContent-Length: 1\n\nx"
    answers = front.send(f"{first}GET /b HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert answers.count("HTTP/1.1 200 ") == 2
    assert [each.path for each in front.log] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (f"X-API-Key: {'k' * 48}", "mobile-app"),
        (f"Authorization: Bearer {'b' * 48}", "batch"),
        (f"authorization: bearer {'b' * 48}", "batch"),
        (f"api-key: {'k' * 48}", "mobile-app"),
        (f"x-goog-api-key: {'k' * 48}", "mobile-app"),
        (f"X-Api-Key: {'z' * 48}", None),
        ("X-Api-Key:", None),
        ("X-Nothing: 1", None),
    ],
)
def test_the_log_says_whose_key_it_was(front: Fixture, header: str, client: str | None) -> None:
    front.received(f"GET /a?key=secret HTTP/1.1\nHost: a\n{header}\nConnection: close\n\n")
    (passed,) = front.log
    assert (passed.method, passed.path, passed.status, passed.client) == ("GET", "/a", 200, client)
    assert 0 <= passed.seconds < 10
    assert "k" * 48 not in str(passed)


def test_without_a_cloud_the_answer_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nothing listens there
        with running(taken.getsockname()[1]) as front:
            answer = front.send("GET /a HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert answer.startswith("HTTP/1.1 502 ")
    assert "no answer from the local cloud: " in answer
    assert front.log[-1].status == 502
