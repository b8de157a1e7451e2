"""What the gateway answers by itself: mock integrations, which no backend hears of."""

from pathlib import Path

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Headers
from ml_gateway.design import GatewayDesign
from ml_gateway.reading import load_config
from ml_gateway.serving import Route
from tests.synthesis import TOP

pytestmark = pytest.mark.conformance

FILE: Path = TOP / "conformance" / "gateway.yaml"
MODELS = GatewayDesign.of(load_config(FILE)).models.values()
ANSWERED = [route for model in MODELS for route in model.routes if route.answer is not None]


def test_there_is_a_list_of_models_and_the_model_itself() -> None:
    assert [route.path for route in ANSWERED] == ["/gpt/v1/models", "/gpt/v1/models/org/gpt-0.5"]


@pytest.mark.parametrize("route", ANSWERED, ids=lambda route: route.path)
@pytest.mark.parametrize(
    "sent",
    [
        (),
        (("Accept", "*/*"),),
        (("Accept", "application/json"),),
        (("Accept", "text/html, */*;q=0.1"),),
        # What the SDK of OpenAI sends with a GET.
        (("Accept", "application/json"), ("Content-Type", "application/json")),
    ],
    ids=["no Accept", "any", "JSON", "another first", "with a Content-Type"],
)
def test_gateway_answers_with_json_and_asks_no_backend(deployed: DeployedApi, route: Route, sent: Headers) -> None:
    exchange = deployed.send(route.http_method, route.path, headers=(*deployed.credentials, *sent))
    assert (exchange.answer.status, exchange.answer.body.decode()) == (200, route.answer)
    assert exchange.answer.content_type == "application/json"
    assert exchange.received == ()


@pytest.mark.parametrize("route", ANSWERED, ids=lambda route: route.path)
def test_gateway_answers_nobody_without_the_key(deployed: DeployedApi, route: Route) -> None:
    assert deployed.send(route.http_method, route.path).answer.status == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/gpt/v1/models/another"), ("GET", "/gpt/v1/models/org"), ("DELETE", "/gpt/v1/models")]
)
def test_nothing_else_is_answered(deployed: DeployedApi, method: str, path: str) -> None:
    exchange = deployed.send(method, path, headers=deployed.credentials)
    assert (exchange.answer.status, exchange.received) == (403, ())
