"""What is sent to each model, and where the rows of the demo expect it."""

import pytest

from demo.model_requests import BODY, backend_path, model_request
from demo.observations import refusal_status
from demo.rows import rows
from ml_gateway import HttpBackendConfig, LambdaBackendConfig, ModelConfig, SecretConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.local.processes import LocalCloudError
from tests.synthesis import gateway_config

BASE = "https://model.example.com/base"


@pytest.mark.parametrize(
    ("model", "request_line", "arrives_at"),
    [
        (ModelConfig(url="https://model.example.com"), "POST /m", "/"),
        (ModelConfig(url=f"{BASE}?a=b", methods=("GET", "PUT")), "PUT /m", "/base"),
        (ModelConfig(url=f"{BASE}/{{id}}", path="/users/{id}/m", methods=("GET",)), "GET /users/1/m", "/base/1"),
        (ModelConfig(url=f"{BASE}/{{rest}}", path="/m/{rest+}", methods=("GET",)), "GET /m/1", "/base/1"),
        (ModelConfig(url=f"{BASE}/", protocol="openai"), "POST /m/v1/chat/completions", "/base/chat/completions"),
        (ModelConfig(url=BASE, protocol="anthropic"), "POST /m/v1/messages", "/base/v1/messages"),
        (ModelConfig(url=BASE, protocol="oip-v2"), "POST /m/v2/models/m/infer", "/base/v2/models/m/infer"),
        (ModelConfig(url=BASE, protocol="torchserve", path="/a/b"), "POST /a/b/predictions/m", "/base/predictions/m"),
        (ModelConfig(backend="server", protocol="tfserving"), "POST /m/v1/models/m:predict", "/v1/models/m:predict"),
        (
            ModelConfig(backend="server", protocol="oip-v2", served_as="densenet_onnx"),
            "POST /m/v2/models/densenet_onnx/infer",
            "/v2/models/densenet_onnx/infer",
        ),
    ],
    ids=lambda value: value.protocol if isinstance(value, ModelConfig) else None,
)
def test_request_of_a_model(model: ModelConfig, request_line: str, arrives_at: str) -> None:
    server = {"server": HttpBackendConfig(type="http", url="https://model.example.com")}
    design = GatewayDesign.of(gateway_config(models={"m": model}, backends=server if model.backend else {}))
    request = model_request(design, "m")
    assert f"{request.method} {request.path}" == request_line
    assert request.body == (None if request.method == "GET" else BODY)
    assert backend_path(design, "m") == arrives_at


def test_backend_without_paths_is_refused() -> None:
    function = LambdaBackendConfig(type="lambda", function="species")
    models = {"m": ModelConfig(backend="function")}
    design = GatewayDesign.of(gateway_config(models=models, backends={"function": function}))
    with pytest.raises(LocalCloudError, match=r"m has a backend of type lambda, which has no path; only http has one"):
        backend_path(design, "m")


@pytest.mark.parametrize(("errors", "statuses"), [(None, "403 403"), ("openai", "401 404"), ("plain", "401 404")])
def test_refusals_have_the_statuses_of_the_dialect(errors: str | None, statuses: str) -> None:
    config = gateway_config(errors=errors)
    seen = [refusal_status(config, reason) for reason in ("INVALID_API_KEY", "MISSING_AUTHENTICATION_TOKEN")]
    assert " ".join(seen) == statuses


def test_there_is_a_row_for_each_route_that_the_gateway_answers() -> None:
    bearer = SecretConfig(secret="provider/token", version="0123456789abcdef0123456789abcdef")
    provider = HttpBackendConfig(type="http", url=BASE, bearer=bearer)
    models = {
        "llama": ModelConfig(backend="provider", protocol="openai"),
        "fraud": ModelConfig(url=BASE, protocol="oip-v2"),
    }
    titles = [row.title for row in rows(gateway_config(models=models, backends={"provider": provider}))]
    assert titles[:4] == [
        "asking the model llama",
        "asking the model fraud",
        "asking for /llama/v1/models",
        "asking for /llama/v1/models/llama",
    ]
