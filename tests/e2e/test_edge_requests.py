"""What the edge function does with paths, headers and keys of requests that travel on, through CloudFront."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest

from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from ml_gateway.local.http_client import HttpClient, Request
from tests.e2e.test_edge import PAGE, header, post

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stranger(edge: LocalGateway) -> Iterator[HttpClient]:
    """Who has no key."""
    with closing(HttpClient(edge.cloud.port, through_cloudfront(edge.domain_name))) as client:
        yield client


HIDDEN: Final = {
    "X-HTTP-Method-Override": "DELETE",
    "X-Http-Method": "DELETE",
    "X-Method-Override": "DELETE",
    "X-Forwarded-Host": "evil.example",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "Forwarded": "host=evil.example",
    "X-Client-Id": "somebody-else",
    "X-Real-IP": "192.0.2.1",
    "Proxy-Authorization": "Basic bWU6bWU=",
}


def test_an_encoded_path_is_the_path(edge: LocalGateway) -> None:
    plain, encoded = (post(edge.edge, path) for path in ("/telling", "/%74elli%6Eg"))
    assert (encoded.status, encoded.json()) == (plain.status, plain.json()) == (200, {"told": True})


@pytest.mark.parametrize("path", ["/telling%2F..%2Firis", "//telling", "/a/%2e%2e/telling", "/telling%00", "/telling%"])
def test_a_path_that_could_be_another_is_refused_at_the_edge(edge: LocalGateway, path: str) -> None:
    answer = post(edge.edge, path, {"Origin": PAGE})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "invalid_path")
    assert answer.content_type == "application/json"
    assert header(answer, "access-control-allow-origin") == "*"


def test_health_is_known_by_its_clean_path(stranger: HttpClient) -> None:
    assert stranger.send(Request(method="GET", path="/%68ealthz")).json() == {"status": "ok"}


def test_headers_that_change_a_request_do_not_reach_the_backend(edge: LocalGateway) -> None:
    received = edge.send_through_edge(Request(method="GET", path="/iris", headers=HIDDEN)).json()["received"]
    assert received["method"] == "GET"
    assert not {name.lower() for name in HIDDEN} & {name.lower() for name in received["headers"]}


@pytest.mark.parametrize("spelling", ["Bearer {key}", "bearer {key}"])
def test_a_key_in_one_spelling_is_taken(edge: LocalGateway, stranger: HttpClient, spelling: str) -> None:
    token = spelling.format(key=edge.edge.headers[API_KEY_HEADER])
    assert post(stranger, "/telling", {"Authorization": token}).status == 200


@pytest.mark.parametrize("spelling", ["Bearer  {key}", "Bearer {key}, Bearer {key}", "{key}"])
def test_a_key_in_another_spelling_is_none(edge: LocalGateway, stranger: HttpClient, spelling: str) -> None:
    token = spelling.format(key=edge.edge.headers[API_KEY_HEADER])
    assert post(stranger, "/telling", {"Authorization": token}).status == 401
