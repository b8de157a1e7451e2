"""The backend keeps requests as they came: what it does not see, no check could notice."""

import socket

from conformance.recording_backend import RecordingBackend, Reply, running_backend

REQUEST = (
    b"MADE-UP /path?a=1&a=2 HTTP/1.1\r\nHost: model\r\nX-Api-Key: one\r\nx-api-key: two\r\nX-EMPTY:\r\n"
    b"Content-Length: 4\r\nConnection: close\r\n\r\n\x00\xff\r\n"
)


def answer_to(backend: RecordingBackend, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", backend.server_port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_keeps_capitals_order_repetitions_and_bytes() -> None:
    with running_backend() as backend:
        answer_to(backend, REQUEST)
    (received,) = backend.received
    assert (received.method, received.target, received.body) == ("MADE-UP", "/path?a=1&a=2", b"\x00\xff\r\n")
    assert received.headers[:4] == (("Host", "model"), ("X-Api-Key", "one"), ("x-api-key", "two"), ("X-EMPTY", ""))
    assert received.values("X-API-KEY") == ["one", "two"]
    assert received.mentions("two")
    assert not received.mentions("three")


def test_answers_what_it_was_told_to() -> None:
    with running_backend() as backend:
        echoed = answer_to(backend, REQUEST)
        backend.reply = Reply(status=418, headers=(("X-Twice", "a"), ("X-Twice", "b")), body=b"told")
        told = answer_to(backend, REQUEST)
    assert echoed.endswith(b"\r\n\r\n\x00\xff\r\n")
    assert told.startswith(b"HTTP/1.0 418 ")
    assert told.endswith(b"X-Twice: a\r\nX-Twice: b\r\nContent-Length: 4\r\n\r\ntold")
