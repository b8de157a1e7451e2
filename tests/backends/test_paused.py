"""Models that are paused: the gateway answers their routes, and what their backends have stays."""

import json

import pytest

from ml_gateway import (
    Backend,
    GatewayAnswer,
    HttpBackend,
    LambdaBackend,
    LoadBalancerBackend,
    ProxyApi,
    Route,
    SagemakerBackend,
)
from ml_gateway.backends import PausedBackend, served_by
from ml_gateway.errors import Dialect
from ml_gateway.serving import ServedModel
from tests.backends.conftest import DefineApi
from tests.documents import integration_of, operation_of, operations_of
from tests.policy.reading import LOAD_BALANCER, broken_rules
from tests.synthesis import Json, bare_stack, resources, template_of

POST = Route(http_method="POST", path="/m")
BACKENDS: list[Backend] = [
    HttpBackend(url="https://m.example.com"),
    LambdaBackend(name="m", function="m"),
    SagemakerBackend(name="m", endpoint="m"),
    LoadBalancerBackend(
        name="m", host="m.internal", port=80, load_balancer=LOAD_BALANCER, subnets=("subnet-01234567",)
    ),
]
every_backend = pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: type(backend).__name__)


def answer_of(operation: Json) -> Json:
    (answer,) = operation["x-amazon-apigateway-integration"]["responses"].values()
    found: Json = answer
    return found


@every_backend
def test_a_paused_backend_is_not_asked_and_the_key_is_still_needed(define_api: DefineApi, backend: Backend) -> None:
    template = define_api({POST: PausedBackend(backend=backend)})
    operation = operation_of(template)
    assert operation["security"] == [{"api_key": []}]
    assert integration_of(template)["type"] == "mock"
    assert {"uri", "credentials", "connectionId"}.isdisjoint(integration_of(template))
    assert answer_of(operation)["statusCode"] == "503"
    assert set(operation["responses"]) == {"503"}
    assert broken_rules(template) == {}


def test_callers_are_told_when_to_come_again_and_nobody_keeps_the_answer(define_api: DefineApi) -> None:
    operation = operation_of(define_api({POST: PausedBackend(backend=BACKENDS[0])}))
    sent = {
        name.removeprefix("method.response.header."): value
        for name, value in answer_of(operation)["responseParameters"].items()
    }
    assert sent == {
        "Retry-After": "'300'",
        "x-should-retry": "'false'",
        "Cache-Control": "'no-store'",
        "x-request-id": "context.requestId",
        "request-id": "context.requestId",
    }
    assert set(operation["responses"]["503"]["headers"]) == set(sent)


@pytest.mark.parametrize(
    "sent", ["application/json", "multipart/form-data", "text/csv", "image/jpeg", "application/x-npy"]
)
def test_whatever_type_models_are_sent_has_a_template(define_api: DefineApi, sent: str) -> None:
    integration = integration_of(define_api({POST: PausedBackend(backend=BACKENDS[0])}))
    assert json.loads(integration["requestTemplates"][sent]) == {"statusCode": 503}


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ("plain", {"message": "the model is paused; try again later", "code": "model_paused"}),
        ("oip", {"error": "the model is paused; try again later; request $context.requestId", "code": "model_paused"}),
        ("openai", {"type": "error"}),
    ],
)
def test_the_answer_is_in_the_dialect_of_the_callers(define_api: DefineApi, errors: Dialect, said: Json) -> None:
    operation = operation_of(define_api({POST: PausedBackend(backend=BACKENDS[0], errors=errors)}))
    body = json.loads(answer_of(operation)["responseTemplates"]["application/json"])
    assert body == {**body, **said, "source": "gateway", "request_id": "$context.requestId"}


@every_backend
def test_what_the_backend_has_beside_the_document_stays_as_it_is(backend: Backend) -> None:
    """The same logical ids with the same properties: coming back replaces nothing."""
    running, paused = (_beside({POST: each}) for each in (backend, PausedBackend(backend=backend)))
    assert running == paused
    assert any(running.values()) == (not isinstance(backend, HttpBackend))


def _beside(routes: dict[Route, Backend]) -> dict[str, Json]:
    stack = bare_stack(region="eu-west-1")
    ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs")
    template = template_of(stack)
    kinds = ("AWS::Lambda::Permission", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::ApiGatewayV2::VpcLink")
    return {kind: resources(template, kind) for kind in kinds}


@pytest.mark.parametrize("lists_itself", [True, False])
def test_every_route_of_a_paused_model_is_paused_its_list_of_models_too(
    define_api: DefineApi, lists_itself: bool
) -> None:
    model = ServedModel(name="m", path="/m", protocol="openai", paused=True, lists_itself=lists_itself)
    operations = operations_of(define_api(served_by(HttpBackend(url="https://m.example.com/v1"), model)))
    assert len(operations) == len(model.routes) == 9
    assert "GET /m/v1/models" in operations
    assert {answer_of(operation)["statusCode"] for operation in operations.values()} == {"503"}


def test_what_answers_a_model_that_goes_on_is_as_it_was() -> None:
    backend = HttpBackend(url="https://m.example.com/v1")
    answering = served_by(backend, ServedModel(name="m", path="/m", protocol="openai", lists_itself=True))
    assert set(map(type, answering.values())) == {HttpBackend, GatewayAnswer}
