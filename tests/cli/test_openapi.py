"""`ml-gateway openapi`: a valid document of what callers see, and of nothing else."""

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from ml_gateway import GatewayConfig
from ml_gateway.cli.openapi import render_openapi
from ml_gateway.design import GatewayDesign
from ml_gateway.reading import load_config
from ml_gateway.serving.paths import in_url
from tests.cli.conftest import RunCommand
from tests.files import changed
from tests.synthesis import TOP, Json

EXAMPLES = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]
TENANTS = TOP / "examples" / "multi_tenant.yaml"


def document(file: Path) -> Json:
    return render_openapi(GatewayDesign.of(load_config(file)))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_document_of_each_example_is_valid_and_has_each_route_once(file: Path) -> None:
    found = document(file)
    validate(found)
    routes = [route for routes in GatewayDesign.of(load_config(file)).routes.values() for route in routes]
    said = {(method.upper(), path) for path, methods in found["paths"].items() for method in methods}
    assert said == {(route.http_method, in_url(route.path)) for route in routes}
    assert len(said) == len(routes)
    ids = [each["operationId"] for methods in found["paths"].values() for each in methods.values()]
    assert len(set(ids)) == len(ids)
    assert all(each.isidentifier() for each in ids)


def test_clients_and_forms_of_keys_are_security_schemes() -> None:
    found = document(TENANTS)
    assert found["components"]["securitySchemes"] == {
        "x-api-key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        "bearer": {"type": "http", "scheme": "bearer"},
        "api-key": {"type": "apiKey", "in": "header", "name": "api-key"},
    }
    # Any of them: one is enough.
    assert found["security"] == [{"x-api-key": []}, {"bearer": []}, {"api-key": []}]


def test_tokens_are_told_where_they_are_taken() -> None:
    found = document(TOP / "examples" / "identities.yaml")
    bearer = found["components"]["securitySchemes"]["bearer"]
    pool = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
    assert bearer["description"] == f"A key, or a token (JWT) of https://login.acme.com/, {pool}."
    responses = found["paths"]["/predict"]["post"]["responses"]
    assert "this client may not call this model" in responses["403"]["description"]
    assert "no valid API key or token was sent" in responses["401"]["description"]
    assert "cannot tell at the moment who calls" in responses["503"]["description"]


def test_without_clients_no_key_is_asked_for_or_refused() -> None:
    found = document(TOP / "examples" / "every_backend.yaml")
    assert {"components", "security"}.isdisjoint(found)
    answers = {
        status for each in found["paths"].values() for operation in each.values() for status in operation["responses"]
    }
    assert {"404", "429", "502", "504"} <= answers
    assert "401" not in answers


def test_refusals_are_in_the_dialect_of_the_gateway() -> None:
    refused = document(TENANTS)["paths"]["/llama/v1/chat/completions"]["post"]["responses"]["429"]
    examples = refused["content"]["application/json"]["examples"]
    assert {name: each["value"]["error"]["code"] for name, each in examples.items()} == {
        "THROTTLED": "rate_limit_exceeded",
        "QUOTA_EXCEEDED": "insufficient_quota",
    }


def test_a_paused_model_answers_nothing_else() -> None:
    paused = document(TENANTS)["paths"]["/rerank"]["post"]["responses"]
    assert "200" not in paused
    assert (
        paused["503"]["content"]["application/json"]["examples"]["MODEL_PAUSED"]["value"]["error"]["code"]
        == "model_paused"
    )


def test_a_stream_is_text_of_events_or_json() -> None:
    found = document(TENANTS)["paths"]
    assert set(found["/llama/v1/chat/completions"]["post"]["responses"]["200"]["content"]) == {
        "application/json",
        "text/event-stream",
    }
    assert set(found["/topics"]["post"]["responses"]["200"]["content"]) == {"*/*"}


@pytest.mark.parametrize(
    ("settings", "server", "url"),
    [
        ({}, None, "https://{distribution}"),
        ({"edge.domain": {"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"}}, None, "https://ml.acme.com"),
        ({}, "https://d1.cloudfront.net/", "https://d1.cloudfront.net"),
    ],
)
def test_the_address_is_that_of_the_distribution(settings: dict[str, object], server: str | None, url: str) -> None:
    found = render_openapi(GatewayDesign.of(GatewayConfig(**changed(settings))), server=server)
    assert [each["url"] for each in found["servers"]] == [url]


def test_callers_learn_of_no_version() -> None:
    file = TOP / "examples" / "rollouts.yaml"
    models = GatewayDesign.of(load_config(file)).models
    hidden = {route.path for model in models.values() for each in model.versions.values() for route in each.routes}
    found = document(file)
    assert len(hidden) > 20
    assert hidden.isdisjoint(found["paths"])
    assert {"/fraud", "/llama/v1/chat/completions", "/predict"} <= set(found["paths"])
    assert "--" not in json.dumps(found)


def test_nothing_behind_the_gateway_is_told(run_command: RunCommand) -> None:
    said = run_command("openapi", "--file", TENANTS)
    assert said.status == 0
    assert json.loads(said.out) == document(TENANTS)
    for behind in ("example.com", "llama-token", "origin", "amazonaws"):
        assert behind not in said.out
