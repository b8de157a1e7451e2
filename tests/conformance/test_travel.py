"""Everything else travels: method, query string, headers and status, on the way there and back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Headers, ReceivedRequest, Reply

pytestmark = pytest.mark.conformance


def received_of(deployed: DeployedApi, method: str, path: str, *headers: tuple[str, str]) -> ReceivedRequest:
    exchange = deployed.send(method, path, headers=(*deployed.credentials, *headers))
    assert exchange.answer.status == 200
    (received,) = exchange.received
    return received


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/model", "POST /invocations?from=the-file"),
        ("GET", "/model", "GET /invocations?from=the-file"),
        ("POST", "/team/nested", "PUT /"),
    ],
)
def test_backend_sees_the_method_and_path_of_the_file(
    deployed: DeployedApi, method: str, path: str, expected: str
) -> None:
    received = received_of(deployed, method, path)
    assert f"{received.method} {received.target}" == expected


def test_query_strings_of_caller_and_file_arrive_repeated_names_too(deployed: DeployedApi) -> None:
    received = received_of(deployed, "GET", "/model?version=2&tag=a&tag=b%20c&path=%2Fx%26y&name=%C3%A4&empty=")
    assert parse_qs(urlsplit(received.target).query, keep_blank_values=True) == {
        "from": ["the-file"],
        "version": ["2"],
        "tag": ["a", "b c"],
        "path": ["/x&y"],
        "name": ["ä"],
        "empty": [""],
    }


def test_headers_of_the_caller_arrive_as_they_were_written(deployed: DeployedApi) -> None:
    sent = (
        ("Authorization", "Bearer of-the-model"),
        ("authorization-of", "somebody"),
        ("X-TRACE", "7"),
        ("Cookie", "session=1; theme=dark"),
        ("User-Agent", "client/1.0"),
        ("Accept", "text/event-stream, */*;q=0.1"),
        ("Accept-Encoding", "br"),
        ("Inference-Header-Content-Length", "42"),
        ("Range", "bytes=0-1"),
    )
    assert set(sent) <= set(received_of(deployed, "POST", "/model", *sent).headers)


def test_backend_sees_its_own_host(deployed: DeployedApi) -> None:
    assert received_of(deployed, "POST", "/model").values("Host") == [urlsplit(deployed.backend.url).netloc]


@pytest.mark.parametrize("status", [201, 400, 401, 404, 422, 429, 500, 503])
def test_status_headers_and_body_of_the_backend_arrive(deployed: DeployedApi, status: int) -> None:
    headers: Headers = (
        ("Content-Type", "application/problem+json"),
        ("Retry-After", "7"),
        ("x-request-id", "r-1"),
        ("x-ratelimit-remaining-tokens", "0"),
        ("Inference-Header-Content-Length", "42"),
    )
    reply = Reply(status=status, headers=headers, body=b'{"error": {"code": "of the model"}}')
    answer = deployed.send("POST", "/model", headers=deployed.credentials, reply=reply).answer
    assert (answer.status, answer.body) == (status, reply.body)
    assert {name: answer.headers.get(name) for name, _ in headers} == dict(headers)


def test_answer_without_a_body_arrives(deployed: DeployedApi) -> None:
    answer = deployed.send("POST", "/model", headers=deployed.credentials, reply=Reply(status=204, body=b"")).answer
    assert (answer.status, answer.body) == (204, b"")
