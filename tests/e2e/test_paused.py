"""A model that is paused, beside one that goes on; and back."""

from typing import Final

import pytest

from demo.model_requests import JSON
from ml_gateway import ModelConfig
from ml_gateway.config import CorsConfig, EdgeConfig
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.http_client import Request
from tests.e2e.changing_gateway import SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer
from tests.e2e.stack_deployer import Stacks

pytestmark = pytest.mark.e2e

PAGE: Final = "https://app.acme.com"
BROWSER: Final = {"Origin": PAGE}
RESTS: Final = Request(method="POST", path="/rests", body=b"{}", headers=JSON | BROWSER)
PREFLIGHT: Final = Request(
    method="OPTIONS", path="/rests", headers=BROWSER | {"Access-Control-Request-Method": "POST"}, body=None
)
CHAT: Final = [
    Request(method="POST", path="/chat/v1/chat/completions", body=b"{}", headers=JSON),
    Request(method="GET", path="/chat/v1/models", body=None, headers={}),
]


def stacks(gateway: ChangingGateway, *, paused: bool) -> Stacks:
    url = "https://model.example.com/sound"
    models = {
        "sound": ModelConfig(url=url),
        "rests": ModelConfig(url=url, paused=paused),
        "chat": ModelConfig(url="https://model.example.com/chat/v1", protocol="openai", paused=paused),
    }
    edge = EdgeConfig(cors=CorsConfig(origins=(PAGE,)))
    return gateway.stacks(clients={"app": ("default",)}, models=models, edge=edge, errors="openai")


def test_paused_model_answers_503_while_others_go_on_and_comes_back(cloud: Cloud, faulty_server: FaultyServer) -> None:
    gateway = ChangingGateway(cloud=cloud, name="paused", model_server=faulty_server.url)
    on, off = stacks(gateway, paused=False), stacks(gateway, paused=True)
    gateway.complete(on)
    key, refused = gateway.key("app"), gateway.answer(RESTS).status
    assert (gateway.answer(RESTS, key).status, refused) == (SERVED, 401)

    gateway.complete(off, key)
    answer = gateway.answer(RESTS, key)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
    assert answer.json()["error"]["code"] == "model_paused"
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert gateway.answer(PREFLIGHT).status == 204
    assert gateway.answer(RESTS).status == refused
    assert [gateway.answer(request, key).status for request in CHAT] == [503, 503]
    assert gateway.key("app") == key

    gateway.complete(on, key)
    assert gateway.answer(RESTS, key).status == SERVED
