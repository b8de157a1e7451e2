"""Routes that the gateway answers by itself."""

import json

import pytest

from ml_gateway import GatewayAnswer, Route
from tests.backends.conftest import DefineApi, deployment_of
from tests.documents import operation_of

MODELS = Route(http_method="GET", path="/llama/v1/models", answer='{"object": "list", "data": [{"id": "llama"}]}')


def test_answer_comes_from_a_mock_in_text_and_still_needs_a_key(define_api: DefineApi) -> None:
    operation = operation_of(define_api({MODELS: GatewayAnswer()}))
    integration = operation["x-amazon-apigateway-integration"]
    (answer,) = integration["responses"].values()
    assert operation["security"] == [{"api_key": []}]
    assert (integration["type"], integration["contentHandling"]) == ("mock", "CONVERT_TO_TEXT")
    assert (answer["statusCode"], answer["contentHandling"]) == ("200", "CONVERT_TO_TEXT")
    assert json.loads(answer["responseTemplates"]["application/json"])["data"] == [{"id": "llama"}]


def test_another_answer_is_another_deployment() -> None:
    other = Route(http_method="GET", path=MODELS.path, answer="{}")
    assert deployment_of({MODELS: GatewayAnswer()}) != deployment_of({other: GatewayAnswer()})


def test_a_route_without_an_answer_is_refused(define_api: DefineApi) -> None:
    with pytest.raises(ValueError, match="GET /llama has no answer; give it one, or a backend that answers"):
        define_api({Route(http_method="GET", path="/llama"): GatewayAnswer()})
