"""Which URL a backend is given: the base URL that its protocol's own clients take, and nothing that is added to it."""

from dataclasses import replace

import pytest

from ml_gateway.backends import GatewayAnswer, HttpBackend, LoadBalancerBackend, served_by
from ml_gateway.config import SecretConfig
from ml_gateway.serving import PROTOCOLS, ProtocolName, Route, ServedModel, wrong_base_url
from ml_gateway.wording import shown
from tests.backends.conftest import DefineApi
from tests.documents import integrations_of
from tests.files import LISTENER

CHAT = "POST /m/v1/chat/completions"

OPENAI_BASES = {
    # As the providers' own pages give it to OpenAI's client -> where a chat arrives.
    "https://api.openai.com/v1": "https://api.openai.com/v1/chat/completions",
    "https://acme.openai.azure.com/openai/v1/": "https://acme.openai.azure.com/openai/v1/chat/completions",
    "https://acme.openai.azure.com/openai/deployments/gpt-4o": (
        "https://acme.openai.azure.com/openai/deployments/gpt-4o/chat/completions"
    ),
    "https://api.groq.com/openai/v1": "https://api.groq.com/openai/v1/chat/completions",
    "https://generativelanguage.googleapis.com/v1beta/openai/": (
        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
    ),
    "https://openrouter.ai/api/v1": "https://openrouter.ai/api/v1/chat/completions",
    "https://api.mistral.ai/v1": "https://api.mistral.ai/v1/chat/completions",
    "https://api.deepseek.com/v1": "https://api.deepseek.com/v1/chat/completions",
    "https://api.together.xyz/v1": "https://api.together.xyz/v1/chat/completions",
    "https://api.fireworks.ai/inference/v1": "https://api.fireworks.ai/inference/v1/chat/completions",
    "https://api.deepinfra.com/v1/openai": "https://api.deepinfra.com/v1/openai/chat/completions",
    "https://api.cohere.ai/compatibility/v1": "https://api.cohere.ai/compatibility/v1/chat/completions",
    "https://api.z.ai/api/paas/v4": "https://api.z.ai/api/paas/v4/chat/completions",
    "https://ark.cn-beijing.volces.com/api/v3": "https://ark.cn-beijing.volces.com/api/v3/chat/completions",
    "https://dashscope.aliyuncs.com/compatible-mode/v1": (
        "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"
    ),
    "https://qianfan.baidubce.com/v2": "https://qianfan.baidubce.com/v2/chat/completions",
    "https://adb-123.azuredatabricks.net/serving-endpoints": (
        "https://adb-123.azuredatabricks.net/serving-endpoints/chat/completions"
    ),
    "https://router.huggingface.co/hf-inference/models/gpt2/v1": (
        "https://router.huggingface.co/hf-inference/models/gpt2/v1/chat/completions"
    ),
    "https://router.huggingface.co/hf-inference/models/google/gemma-2-2b-it/v1": (
        "https://router.huggingface.co/hf-inference/models/google/gemma-2-2b-it/v1/chat/completions"
    ),
    "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi": (
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi"
        "/chat/completions"
    ),
    "https://api.cloudflare.com/client/v4/accounts/0123/ai/v1": (
        "https://api.cloudflare.com/client/v4/accounts/0123/ai/v1/chat/completions"
    ),
    # Servers of one's own: vLLM, llama.cpp, TGI and SGLang; Ollama; KServe; OpenVINO; behind a path of a proxy.
    "https://vllm.example.com:8000/v1": "https://vllm.example.com:8000/v1/chat/completions",
    "http://ollama.example.com:11434/v1": "http://ollama.example.com:11434/v1/chat/completions",
    "https://kserve.example.com/openai/v1": "https://kserve.example.com/openai/v1/chat/completions",
    "https://ovms.example.com/v3": "https://ovms.example.com/v3/chat/completions",
    "https://models.example.com/chat": "https://models.example.com/chat/chat/completions",
}

OTHER_BASES: list[tuple[ProtocolName, str, str, str]] = [
    ("anthropic", "https://api.anthropic.com", "POST /m/v1/messages", "https://api.anthropic.com/v1/messages"),
    ("anthropic", "https://api.deepseek.com/anthropic", "POST /m/v1/messages",
     "https://api.deepseek.com/anthropic/v1/messages"),
    ("anthropic", "https://openrouter.ai/api/", "POST /m/v1/messages", "https://openrouter.ai/api/v1/messages"),
    ("oip-v2", "https://triton.example.com:8000", "POST /m/v2/models/m/infer",
     "https://triton.example.com:8000/v2/models/m/infer"),
    ("oip-v2", "https://seldon.example.com/seldon/ns/iris", "GET /m/v2/health/ready",
     "https://seldon.example.com/seldon/ns/iris/v2/health/ready"),
    ("tfserving", "https://tf.example.com:8501", "POST /m/v1/models/m:predict",
     "https://tf.example.com:8501/v1/models/m:predict"),
    ("torchserve", "https://ts.example.com:8080/", "POST /m/predictions/m/{v}",
     "https://ts.example.com:8080/predictions/m/{v}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("protocol", "base", "route", "called"),
    [*(("openai", base, CHAT, called) for base, called in OPENAI_BASES.items()), *OTHER_BASES],
)
def test_a_backend_is_called_below_the_base_url_that_its_clients_take(
    define_api: DefineApi, protocol: ProtocolName, base: str, route: str, called: str
) -> None:
    assert wrong_base_url(base, protocol) is None
    model = ServedModel(name="m", path="/m", protocol=protocol)
    assert (
        integrations_of(define_api(served_by(HttpBackend(url=base, insecure=base.startswith("http:")), model)))[route][
            "uri"
        ]
        == called
    )


@pytest.mark.parametrize(
    ("protocol", "called"),
    [
        ("openai", "http://llama.internal:80/v1/chat/completions"),
        ("anthropic", "http://llama.internal:80/v1/messages"),
        ("oip-v2", "http://llama.internal:80/v2/models/m/infer"),
        ("tfserving", "http://llama.internal:80/v1/models/m:predict"),
        ("torchserve", "http://llama.internal:80/predictions/m"),
    ],
)
def test_behind_a_load_balancer_a_server_has_the_usual_base_url(
    define_api: DefineApi, protocol: ProtocolName, called: str
) -> None:
    backend = LoadBalancerBackend(name="b", host="llama.internal", port=80, listener=LISTENER, vpc_link="abc123")
    integrations = integrations_of(define_api(served_by(backend, ServedModel(name="m", path="/m", protocol=protocol))))
    assert called in {each["uri"] for each in integrations.values()}


def filled_in(route: str) -> str:
    """A path that the route answers."""
    return route.split(" ")[1].replace("{m}", "iris").replace("{v}", "3").replace("{id+}", "org/name")


EVERY_ROUTE = [
    (name, filled_in(route))
    for name, protocol in PROTOCOLS.items()
    if name != "sagemaker"
    for route in (*protocol.routes, *protocol.listing)
]


@pytest.mark.parametrize(("protocol", "route"), EVERY_ROUTE)
@pytest.mark.parametrize("before", ["https://a", "https://a:8443/mount/x"])
@pytest.mark.parametrize("end", ["", "/", "?api-version=2024-10-21"])
def test_a_url_that_ends_in_any_route_is_told_with_the_one_to_write(
    protocol: ProtocolName, route: str, before: str, end: str
) -> None:
    said = wrong_base_url(f"{before}{route}{end}", protocol)
    assert said is not None
    added = route.removeprefix(PROTOCOLS[protocol].version)
    base = before + PROTOCOLS[protocol].version
    url = shown(f"{before}{route}{end}")
    assert said == (
        f"{url} ends in {added}, which the protocol {protocol} adds by itself; write the base URL that its clients "
        f"take, {base}"
    )
    assert wrong_base_url(base, protocol) is None


@pytest.mark.parametrize(
    ("protocol", "url", "said"),
    [
        # the beginning of a route
        (
            "anthropic", "https://api.anthropic.com/v1",
            "ends in /v1, which the protocol anthropic adds by itself; write the base URL that its clients take, "
            "https://api.anthropic.com",
        ),
        (
            "oip-v2", "https://triton.example.com/v2/models",
            "ends in /v2/models, which the protocol oip-v2 adds by itself; write the base URL that its clients take, "
            "https://triton.example.com",
        ),
        (
            "tfserving", "https://tf.example.com/v1/models/half_plus_two",
            "ends in /v1/models/half_plus_two, which the protocol tfserving adds by itself; write the base URL that "
            "its clients take, https://tf.example.com",
        ),
        # no path, where the version is part of the base URL
        *(
            (
                "openai", url,
                "has no path, and the protocol openai adds no version to it; write the base URL that its clients take, "
                "such as https://llama.example.com/v1",
            )
            for url in ("https://llama.example.com", "https://llama.example.com/", "https://llama.example.com?a=b")
        ),
        (
            "openai", "https://llama.example.com/chat/completions",
            "ends in /chat/completions, which the protocol openai adds by itself; write the base URL that its clients "
            "take, https://llama.example.com/v1",
        ),
        # a route of another protocol
        (
            "openai", "https://api.anthropic.com/v1/messages",
            "ends in /v1/messages, a route of the protocol anthropic; write protocol: anthropic, and the base URL that "
            "its clients take, https://api.anthropic.com",
        ),
        (
            "anthropic", "https://api.openai.com/v1/chat/completions",
            "ends in /v1/chat/completions, a route of the protocol openai; write protocol: openai, and the base URL "
            "that its clients take, https://api.openai.com/v1",
        ),
        (
            "openai", "https://tf.example.com/v1/models/half_plus_two:predict",
            "ends in /v1/models/half_plus_two:predict, a route of the protocol tfserving; write protocol: tfserving, "
            "and the base URL that its clients take, https://tf.example.com",
        ),
        (
            "openai", "https://triton.example.com/v2/models/x/infer",
            "ends in /v2/models/x/infer, a route of the protocol oip-v2; write protocol: oip-v2, and the base URL that "
            "its clients take, https://triton.example.com",
        ),
    ],
)  # fmt: skip
def test_what_is_no_base_url_is_told_with_the_one_to_write(protocol: ProtocolName, url: str, said: str) -> None:
    assert wrong_base_url(url, protocol) == f"'{url}' {said}"


@pytest.mark.parametrize("url", ["https://a", "https://a/v1/chat/completions", "https://a/v2/models/x/infer?y=z"])
@pytest.mark.parametrize("protocol", ["raw", "sagemaker"])
def test_what_is_called_as_it_is_may_end_in_anything(protocol: ProtocolName, url: str) -> None:
    assert wrong_base_url(url, protocol) is None


def test_a_value_of_python_is_refused_like_one_of_the_file() -> None:
    model = ServedModel(name="llama", path="/llama", protocol="openai")
    with pytest.raises(ValueError, match=r"has no path, .* such as https://llama\.example\.com/v1"):
        served_by(HttpBackend(url="https://llama.example.com"), model)
    assert served_by(HttpBackend(url="https://llama.example.com/score"), ServedModel(name="m", path="/m")) == {
        Route(http_method="POST", path="/m"): HttpBackend(url="https://llama.example.com/score")
    }


def test_a_backend_with_a_token_of_the_gateway_lists_nothing_to_callers() -> None:
    bearer = SecretConfig(secret="provider/token", version="0123456789abcdef0123456789abcdef")
    backend = HttpBackend(url="https://llama.example.com/v1", bearer=bearer)
    model = ServedModel(name="llama", path="/llama", protocol="openai")
    with pytest.raises(ValueError, match="as its backend is sent a secret; write lists_itself=True"):
        served_by(backend, model)
    routes = served_by(backend, replace(model, lists_itself=True))
    assert {route.path for route, answering in routes.items() if answering == GatewayAnswer()} == {
        "/llama/v1/models",
        "/llama/v1/models/llama",
    }
