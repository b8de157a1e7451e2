"""What callers get from models that refuse, fail, hang up, send bytes or never answer.

Not shown, because MiniStack does it in its own way:
* A timeout ends in a 500, where API Gateway answers 504.
* Of a backend's answer it keeps the status, the body and, unless it is an error, the Content-Type: no other header.
* It knows no binary media types for HTTP integrations: bodies pass as they are in any case.
"""

import io
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from demo.model_requests import JSON
from demo.observations import prediction
from demo.sample_server import SampleServer
from ml_gateway.backends.http_proxy import REPLACED_CREDENTIAL
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Answer, Request

pytestmark = pytest.mark.e2e


def post(gateway: LocalGateway, path: str, body: bytes = b"{}", headers: Mapping[str, str] = {}) -> Answer:
    return gateway.send_through_edge(Request(method="POST", path=path, body=body, headers={**JSON, **headers}))


def received(answer: Answer) -> dict[str, Any]:
    """What the sample server says that it was sent."""
    assert answer.status == 200
    said: dict[str, Any] = json.loads(answer.body)["received"]
    return said


@pytest.mark.parametrize(("path", "status"), [("/refusing", 422), ("/failing", 503)])
def test_status_and_body_of_a_backend_error_reach_the_caller(care: LocalGateway, path: str, status: int) -> None:
    answer = post(care, path)
    assert (answer.status, answer.json()) == (status, {"error": f"the model answered {status}"})


@pytest.mark.parametrize("path", ["/hanging-up", "/silent"])
def test_backend_that_gives_no_answer_ends_in_an_error_in_json(care: LocalGateway, path: str) -> None:
    answer = post(care, path)
    assert answer.status in (500, 502, 504)
    assert answer.content_type.startswith("application/json")
    assert "message" in json.loads(answer.body)


def test_gateway_still_serves_after_a_silent_backend(care: LocalGateway) -> None:
    assert post(care, "/silent").status >= 500
    assert prediction(care, "iris").held


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(range(240, 256)) for _ in range(16)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def npy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.linspace(-1, 1, 1000, dtype=np.float32).reshape(10, 100))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("image/png", png()), ("application/x-npy", npy()), ("application/octet-stream", bytes(range(256)) * 64)],
    ids=["png", "npy", "every byte"],
)
def test_binary_body_arrives_byte_for_byte_both_ways(care: LocalGateway, content_type: str, body: bytes) -> None:
    answer = post(care, "/echo", body, {"Content-Type": content_type, "Accept": "*/*"})
    assert (answer.status, answer.content_type) == (200, content_type)
    assert answer.body == body


def test_fixed_header_replaces_the_key_on_its_way_to_the_backend(care: LocalGateway) -> None:
    assert received(post(care, "/iris"))["headers"]["X-Api-Key"] == REPLACED_CREDENTIAL


def test_backend_is_called_with_the_method_that_it_wants(care: LocalGateway) -> None:
    assert received(post(care, "/putting"))["method"] == "PUT"


def test_query_strings_of_caller_and_file_reach_the_backend(care: LocalGateway) -> None:
    said = received(post(care, "/iris?version=2&tag=a&tag=b%20c"))
    assert parse_qs(urlsplit(said["path"]).query) == {"from": ["the-file"], "version": ["2"], "tag": ["a", "b c"]}


def test_headers_of_the_caller_reach_the_backend_but_host_does_not(
    care: LocalGateway, sample_server: SampleServer
) -> None:
    sent = {"Authorization": "Bearer of-the-model", "Accept": "application/json", "X-Trace": "7"}
    headers = received(post(care, "/iris", headers=sent))["headers"]
    assert sent.items() <= headers.items()
    assert headers["Host"] == urlsplit(sample_server.url).netloc


def test_get_reaches_the_backend_without_a_body(care: LocalGateway) -> None:
    said = received(care.send_through_edge(Request(method="GET", path="/iris")))
    assert (said["method"], said["body_bytes"]) == ("GET", 0)


def test_key_of_the_caller_is_replaced_by_the_one_of_cloudfront(care: LocalGateway) -> None:
    assert post(care, "/iris", headers={"x-api-key": "0" * 64}).status == 200
