"""The sample model server."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from sklearn.datasets import load_iris

from demo.sample_server import SAMPLE_FLOWERS, IrisClassifier, SampleServer, running_sample_server
from tests.local.linux import listening_sockets, on_loopback


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with running_sample_server() as server:
        yield server


@pytest.fixture(scope="module")
def pool(server: SampleServer) -> Iterator[urllib3.HTTPConnectionPool]:
    with urllib3.HTTPConnectionPool("127.0.0.1", server.server_port, retries=False, timeout=10) as pool:
        yield pool


def post(pool: urllib3.HTTPConnectionPool, path: str, body: bytes) -> Any:
    answer = pool.request("POST", path, body=body, headers={"Content-Type": "application/json"})
    assert answer.status == 200
    return json.loads(answer.data)


def test_listens_on_loopback_only(server: SampleServer) -> None:
    port = f":{server.server_port:04X}"
    assert {each for each in listening_sockets(os.getpid()) if each.endswith(port)} == {on_loopback(server.server_port)}


def test_classifier_knows_the_flowers_that_it_was_trained_on() -> None:
    iris = load_iris()
    predicted = IrisClassifier().predict(tuple(map(tuple, iris.data)))
    right = sum(kind == iris.target_names[target] for kind, target in zip(predicted, iris.target, strict=True))
    assert right / len(iris.target) > 0.95


def test_sample_flowers_show_every_class() -> None:
    assert IrisClassifier().predict(SAMPLE_FLOWERS) == ["setosa", "versicolor", "virginica"]


def test_answers_instances_with_predictions_on_any_path(pool: urllib3.HTTPConnectionPool) -> None:
    answer = post(pool, "/v2/any?a=1", b'{"instances": [[5.1, 3.5, 1.4, 0.2]]}')
    assert answer["predictions"] == ["setosa"]
    assert answer["received"]["path"] == "/v2/any?a=1"
    assert answer["received"]["body_bytes"] == 37


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"\xff\x00", b'{"instances": 5}', b'{"instances": [[1, 2]]}', b'{"instances": [["a", 1, 1, 1]]}'],
)
def test_answers_anything_else_with_what_it_received(pool: urllib3.HTTPConnectionPool, body: bytes) -> None:
    assert set(post(pool, "/predict", body)) == {"received"}


def test_answers_no_instances_with_no_predictions(pool: urllib3.HTTPConnectionPool) -> None:
    assert post(pool, "/predict", b'{"instances": []}')["predictions"] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "MADE-UP"])
def test_answers_every_method(pool: urllib3.HTTPConnectionPool, method: str) -> None:
    assert json.loads(pool.request(method, "/predict").data)["received"]["method"] == method


def test_answers_head_without_a_body(pool: urllib3.HTTPConnectionPool) -> None:
    answer = pool.request("HEAD", "/predict")
    assert (answer.status, answer.data) == (200, b"")


def test_answers_with_the_status_that_the_path_names(pool: urllib3.HTTPConnectionPool) -> None:
    answer = pool.request("POST", "/behave/status/418", body=b"{}")
    assert (answer.status, json.loads(answer.data)) == (418, {"error": "the model answered 418"})


def test_echoes_body_and_content_type(pool: urllib3.HTTPConnectionPool) -> None:
    body = bytes(range(256))
    answer = pool.request("POST", "/behave/echo", body=body, headers={"Content-Type": "image/png"})
    assert (answer.data, answer.headers["Content-Type"]) == (body, "image/png")


def test_hangs_up(pool: urllib3.HTTPConnectionPool) -> None:
    with pytest.raises(urllib3.exceptions.ProtocolError):
        pool.request("POST", "/behave/hang-up", body=b"{}")


def test_stops_at_once_although_a_request_is_never_answered() -> None:
    with running_sample_server() as server:
        pool = urllib3.HTTPConnectionPool("127.0.0.1", server.server_port, retries=False, timeout=0.2)
        with pool, pytest.raises(urllib3.exceptions.ReadTimeoutError):
            pool.request("GET", "/behave/silent")
    assert on_loopback(server.server_port) not in listening_sockets(os.getpid())
