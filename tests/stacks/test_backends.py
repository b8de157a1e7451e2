"""A file with every type of backend, read from its templates."""

import json
from datetime import timedelta

import pytest

from ml_gateway import EdgeConfig, GatewayConfig, ModelConfig, load_config
from ml_gateway.config import ServiceQuotasConfig
from ml_gateway.design import GatewayDesign
from tests.documents import document_of, operations_of
from tests.synthesis import TOP, Json, Templates, gateway_config, only, synthesize

URL = "https://model.example.com/v1"
INTEGRATION = "x-amazon-apigateway-integration"
ERRORS = "x-amazon-apigateway-gateway-responses"


@pytest.fixture(scope="module")
def methods(every_templates: Templates) -> dict[str, Json]:
    """`METHOD /path` -> what the document says of it."""
    return operations_of(every_templates["api"])


def test_every_route_of_every_model_is_defined(every_config: GatewayConfig, methods: dict[str, Json]) -> None:
    routes = {
        f"{route.http_method} {route.path}" for each in GatewayDesign.of(every_config).routes.values() for route in each
    }
    assert len(routes) > 30
    assert set(methods) == routes


@pytest.mark.parametrize(
    ("route", "kind", "uri"),
    [
        ("POST /llama/v1/chat/completions", "http_proxy", "https://llama.internal.example.com:443/v1/chat/completions"),
        ("GET /fast/v1/models/llama-3.3-70b-versatile", "mock", "null"),
        ("POST /fast/v1/embeddings", "http_proxy", "https://api.groq.com/openai/v1/embeddings"),
        ("GET /llama/v1/models/llama", "mock", "null"),
        ("POST /defects/v2/models/defects/infer", "http_proxy", "https://triton.example.com/v2/models/defects/infer"),
        ("POST /densenet/v2/models/densenet_onnx/infer", "http_proxy", "https://triton.example.com/v2/models/densenet_onnx/infer"),
        ("POST /shop/v1/models/products:predict", "http_proxy", "https://ranking.example.com:8501/v1/models/products:predict"),
        ("POST /fraud/invocations", "aws", ":runtime.sagemaker:path/endpoints/fraud-prod/invocations"),
        ("POST /language", "aws_proxy", ":function:detect-language:live/invocations"),
        ("GET /documents/{id}/summary", "http_proxy", "https://summaries.example.com/v1/{id}?style=short"),
    ],
)  # fmt: skip
def test_each_model_is_reached_in_its_own_way(methods: dict[str, Json], route: str, kind: str, uri: str) -> None:
    integration = methods[route][INTEGRATION]
    assert integration["type"] == kind
    assert uri in json.dumps(integration.get("uri"))


def test_streaming_models_stream_their_posts_for_as_long_as_the_file_says_or_15_min(
    methods: dict[str, Json],
) -> None:
    streamed = {
        route: method[INTEGRATION]["timeoutInMillis"]
        for route, method in methods.items()
        if method[INTEGRATION].get("responseTransferMode") == "STREAM"
    }
    assert set(streamed) == {route for route in methods if route.startswith(("POST /llama/", "POST /fast/"))}
    assert {timeout for route, timeout in streamed.items() if "/llama/" in route} == {600_000}
    assert {timeout for route, timeout in streamed.items() if "/fast/" in route} == {900_000}


def test_the_edge_waits_as_long_as_a_stream_may_be_silent_and_never_asks_twice(every_templates: Templates) -> None:
    (origin,) = only(every_templates["edge"], "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 120
    assert origin["ConnectionAttempts"] == 1


def response_timeout(config: GatewayConfig) -> int:
    (origin,) = only(synthesize(config)["edge"], "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    return int(origin["CustomOriginConfig"]["OriginReadTimeout"])


def test_the_edge_waits_longer_than_the_longest_buffered_answer() -> None:
    model = ModelConfig(url=URL, timeout=timedelta(seconds=70))
    quotas = ServiceQuotasConfig(integration_timeout=timedelta(seconds=70))
    assert response_timeout(gateway_config(models={"predict": model}, service_quotas=quotas)) == 71


def test_the_edge_waits_for_a_stream_as_long_as_the_quota_of_the_account_lets_it() -> None:
    """CDK takes the longest one that the file can say."""
    model = ModelConfig(url=URL, protocol="openai")
    quotas = ServiceQuotasConfig(response_timeout=timedelta(minutes=15))
    assert response_timeout(gateway_config(models={"llama": model}, service_quotas=quotas)) == 900


def test_the_edge_waits_as_long_as_the_file_says() -> None:
    model = ModelConfig(url=URL, protocol="openai")
    edge = EdgeConfig(response_timeout=timedelta(seconds=45))
    assert response_timeout(gateway_config(models={"llama": model}, edge=edge)) == 45


def test_each_client_gets_the_base_url_that_it_appends_to() -> None:
    config = load_config(TOP / "examples" / "every_backend.yaml")
    paths = {name: model.served.base_path for name, model in GatewayDesign.of(config).models.items()}
    assert paths["llama"] == "/llama/v1"
    assert paths["defects"] == "/defects"
    assert paths["products"] == "/shop"
    assert paths["documents"] == "/documents/{id}/summary"


def test_errors_are_defined_only_when_the_file_asks_for_them(every_templates: Templates, templates: Templates) -> None:
    assert len(document_of(every_templates["api"])[ERRORS]) == 18
    assert ERRORS not in document_of(templates["api"])


def test_each_method_of_each_backend_requires_a_key(methods: dict[str, Json]) -> None:
    assert methods
    assert all(method["security"] == [{"api_key": []}] for method in methods.values())


DOCUMENTED = ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage")
"""What follows the document."""


def test_a_paused_model_changes_its_own_operations_alone(
    every_config: GatewayConfig, every_templates: Templates
) -> None:
    """Keys, plans, limits and the edge are as they were, and so is all that its backend has beside the document."""
    models = {**every_config.models, "llama": every_config.models["llama"].model_copy(update={"paused": True})}
    paused = synthesize(every_config.model_copy(update={"models": models}))
    assert {stack for stack in paused if paused[stack] != every_templates[stack]} == {"api"}
    before, after = (operations_of(each["api"]) for each in (every_templates, paused))
    changed = {route for route in before if before[route] != after[route]}
    assert changed == {route for route in before if " /llama/" in route}
    for route in changed:
        (answer,) = after[route][INTEGRATION]["responses"].values()
        assert (answer["statusCode"], after[route]["security"]) == ("503", before[route]["security"])
        assert json.loads(answer["responseTemplates"]["application/json"])["error"]["code"] == "model_paused"
    kept = [
        [each for each in template["Resources"].values() if each["Type"] not in DOCUMENTED]
        for template in (every_templates["api"], paused["api"])
    ]
    assert len(kept[0]) == len(kept[1])
    assert [each["Type"] for each in kept[0]] == [each["Type"] for each in kept[1]]
