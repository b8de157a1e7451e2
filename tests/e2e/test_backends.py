"""Each kind of backend that the local cloud can reach, through CloudFront: Lambda, and HTTP by every protocol.

Not shown, because MiniStack cannot: SageMaker and VPC links, and answers that arrive in pieces (it collects them). A
token for the provider is left out: its secret is not in the local cloud.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from demo import observations
from demo.model_requests import JSON
from demo.observations import Observation
from examples.lambda_model.train import train
from ml_gateway.design import GatewayDesign
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Answer, Request
from ml_gateway.reading import load_config
from ml_gateway.serving import Route

pytestmark = pytest.mark.e2e

CONFIG = load_config(Path(__file__).with_name("backends.yaml"))
MODELS = GatewayDesign.of(CONFIG).models
HTTP_MODELS = [name for name, model in MODELS.items() if model.backend.type == "http"]
ANSWERED = [route for model in MODELS.values() for route in model.routes if route.answer is not None]


def send(gateway: LocalGateway, method: str, path: str, body: bytes | None = None) -> Answer:
    return gateway.edge.send(Request(method=method, path=path, body=body, headers=JSON if body is not None else {}))


def received_path(answer: Answer) -> str:
    assert answer.status == 200
    return str(json.loads(answer.body)["received"]["path"])


@pytest.fixture(scope="module")
def model() -> LogisticRegression:
    return train()


def test_function_predicts_what_scikit_learn_does(backends: LocalGateway, model: LogisticRegression) -> None:
    iris = load_iris()
    body = json.dumps({"instances": iris.data.tolist()}).encode()
    predictions: list[dict[str, Any]] = json.loads(send(backends, "POST", "/species", body).body)["predictions"]
    assert [each["label"] for each in predictions] == [iris.target_names[kind] for kind in model.predict(iris.data)]
    for each, expected in zip(predictions, model.predict_proba(iris.data), strict=True):
        # The function's coefficients are rounded to four digits.
        assert list(each["probabilities"].values()) == pytest.approx(expected, abs=1e-3)


def test_refusal_of_the_function_reaches_the_caller(backends: LocalGateway) -> None:
    answer = send(backends, "POST", "/species", b"{}")
    assert answer.status == 400
    assert '"instances"' in answer.json()["message"]


@pytest.mark.parametrize("name", HTTP_MODELS)
def test_model_of_each_protocol_is_reached(backends: LocalGateway, name: str) -> None:
    assert_held(observations.prediction(backends, name))


@pytest.mark.parametrize("route", ANSWERED, ids=lambda route: route.path)
def test_gateway_answers_for_the_model(backends: LocalGateway, route: Route) -> None:
    assert_held(observations.answer_of_the_gateway(backends, route))


def test_fixed_header_of_the_file_reaches_the_backend(backends: LocalGateway) -> None:
    answer = send(backends, "POST", "/llama/v1/chat/completions", b"{}")
    assert json.loads(answer.body)["received"]["headers"]["X-Tenant"] == "backends"


@pytest.mark.parametrize("row", [observations.no_key, observations.wrong_key, observations.unknown_path])
def test_what_is_refused_has_the_status_of_the_file(
    backends: LocalGateway, row: Callable[[LocalGateway], Observation]
) -> None:
    assert_held(row(backends))


def assert_held(observation: Observation) -> None:
    assert observation.observed == observation.expected, observation.claim


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_variable_of_the_path_goes_where_the_url_has_it(backends: LocalGateway, method: str) -> None:
    body = b"{}" if method == "POST" else None
    path = urlsplit(received_path(send(backends, method, "/users/u-42/score?days=7&tag=a&tag=b", body)))
    assert path.path == "/v3/u-42/score"
    assert parse_qs(path.query) == {"from": ["the-file"], "days": ["7"], "tag": ["a", "b"]}


def test_greedy_variable_takes_the_rest_of_the_path(backends: LocalGateway) -> None:
    assert received_path(send(backends, "GET", "/files/2026/11/report.pdf")) == "/archive/2026/11/report.pdf"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/health/ready"),
        ("GET", "/v2/models/fraud/versions/3"),
        ("GET", "/v2/models/fraud/versions/3/ready"),
        ("POST", "/v2/models/fraud/versions/3/infer"),
        ("POST", "/v2/models/fraud/generate_stream"),
    ],
)
def test_path_of_the_protocol_follows_that_of_the_backend(backends: LocalGateway, method: str, path: str) -> None:
    answer = send(backends, method, f"/fraud{path}", b"{}" if method == "POST" else None)
    assert received_path(answer) == f"/base{path}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/fraud/v2/repository/models/fraud/unload"),
        ("GET", "/fraud/v2/logging"),
        ("GET", "/fraud/v2/models/another"),
        ("DELETE", "/fraud/v2/models/fraud"),
        ("POST", "/llama/v1/models"),
        ("GET", "/users/u-42"),
    ],
)
def test_what_the_protocol_does_not_list_is_unknown(backends: LocalGateway, method: str, path: str) -> None:
    answer = send(backends, method, path, b"{}" if method == "POST" else None)
    assert (answer.status, answer.json()["code"]) == (404, "unknown_url")
