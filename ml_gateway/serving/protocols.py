"""What model servers speak: the routes of each serving protocol, as its specification lists them.

`{m}` stands for the model's name at its server and is replaced by it; any other part in braces stays a variable. Routes
that administer a server (load, unload, shared memory, tracing, logging, metrics) are left out on purpose: what is not
listed is refused at the gateway.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ProtocolName = Literal["raw", "openai", "anthropic", "oip-v2", "tfserving", "torchserve", "sagemaker"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """Routes below a model's path, each written `METHOD /path`.

    `streams`: whether a model of this protocol streams its answers unless the file says otherwise; then all of its
    POST routes do. `base`: what follows a model's path in the URL that its clients are given. `version`: the beginning
    of all routes that base URLs of the protocol have at their end already; that of a server may have another one there.
    `request_headers` are what its SDKs send beside what any client does, and `response_headers` what they read.

    `listing`: routes that tell which models there are. They ask the backend, or else the gateway answers by itself, at
    the routes of `own_list`, with the JSON there. `never_kept`: path patterns of CloudFront for what it has to ask for
    each time: whether a server and its models are ready, and which there are. A slash at the end is no other route.
    """

    routes: tuple[str, ...]
    base: str = ""
    version: str = ""
    streams: bool = False
    listing: tuple[str, ...] = ()
    own_list: Mapping[str, object] = field(default_factory=dict)
    never_kept: tuple[str, ...] = ()
    request_headers: tuple[str, ...] = ()
    response_headers: tuple[str, ...] = ()


_OPENAI_MODEL: Final = {"id": "{m}", "object": "model", "created": 0, "owned_by": "ml_gateway"}

_STAINLESS: Final = (
    "X-Stainless-Arch",
    "X-Stainless-Async",
    "X-Stainless-Custom-Poll-Interval",
    "X-Stainless-Helper-Method",
    "X-Stainless-Lang",
    "X-Stainless-OS",
    "X-Stainless-Package-Version",
    "X-Stainless-Poll-Helper",
    "X-Stainless-Retry-Count",
    "X-Stainless-Runtime",
    "X-Stainless-Runtime-Version",
    "X-Stainless-Timeout",
)
"""The SDKs of OpenAI and of Anthropic come from one generator."""

# Names of headers as the SageMaker runtime API reference (InvokeEndpoint) gives them.
CUSTOM_ATTRIBUTES: Final = "X-Amzn-SageMaker-Custom-Attributes"
INFERENCE_COMPONENT: Final = "X-Amzn-SageMaker-Inference-Component"
TARGET_MODEL: Final = "X-Amzn-SageMaker-Target-Model"
TARGET_VARIANT: Final = "X-Amzn-SageMaker-Target-Variant"

SAGEMAKER_REQUEST_HEADERS: Final = (
    CUSTOM_ATTRIBUTES,
    "X-Amzn-SageMaker-Enable-Explanations",
    INFERENCE_COMPONENT,
    "X-Amzn-SageMaker-Inference-Id",
    "X-Amzn-SageMaker-Prefix-Aware-Id",
    "X-Amzn-SageMaker-Session-Id",
    "X-Amzn-SageMaker-Target-Container-Hostname",
    TARGET_MODEL,
    TARGET_VARIANT,
)
SAGEMAKER_RESPONSE_HEADERS: Final = (
    "x-Amzn-Invoked-Production-Variant",
    CUSTOM_ATTRIBUTES,
    "X-Amzn-SageMaker-New-Session-Id",
    "X-Amzn-SageMaker-Closed-Session-Id",
)

PROTOCOLS: Final[Mapping[ProtocolName, Protocol]] = {
    # Open Inference Protocol (KServe V2), and Triton's generate extension.
    "oip-v2": Protocol(
        routes=(
            "GET /v2",
            "GET /v2/health/live",
            "GET /v2/health/ready",
            "GET /v2/models/{m}",
            "GET /v2/models/{m}/ready",
            "GET /v2/models/{m}/versions/{v}",
            "GET /v2/models/{m}/versions/{v}/ready",
            "POST /v2/models/{m}/infer",
            "POST /v2/models/{m}/versions/{v}/infer",
            "POST /v2/models/{m}/generate",
            "POST /v2/models/{m}/generate_stream",
            "POST /v2/models/{m}/versions/{v}/generate",
            "POST /v2/models/{m}/versions/{v}/generate_stream",
        ),
        never_kept=("*/v2/health/*", "*/v2/models/*/ready", "*/v2/models/*/ready/"),
        # Triton's client: where the JSON of a binary body ends.
        request_headers=("Inference-Header-Content-Length",),
        response_headers=("Inference-Header-Content-Length",),
    ),
    # OpenAI API reference. An id may have slashes, such as org/name.
    "openai": Protocol(
        streams=True,
        # The SDK appends chat/completions to a base URL that ends in /v1, or in another version at other servers.
        base="/v1",
        version="/v1",
        routes=(
            "POST /v1/chat/completions",
            "POST /v1/completions",
            "POST /v1/responses",
            "POST /v1/embeddings",
            "POST /v1/images/generations",
            "POST /v1/audio/transcriptions",
            "POST /v1/audio/speech",
        ),
        listing=("GET /v1/models", "GET /v1/models/{id+}"),
        own_list={
            "GET /v1/models": {"object": "list", "data": [_OPENAI_MODEL]},
            "GET /v1/models/{m}": _OPENAI_MODEL,
        },
        never_kept=("*/v1/models", "*/v1/models/*"),
        request_headers=("OpenAI-Beta", "OpenAI-Organization", "OpenAI-Project", *_STAINLESS),
    ),
    # Anthropic API reference, Messages.
    "anthropic": Protocol(
        streams=True,
        routes=(
            "POST /v1/messages",
            "POST /v1/messages/count_tokens",
        ),
        request_headers=(
            "Anthropic-Beta",
            "Anthropic-Dangerous-Direct-Browser-Access",
            "Anthropic-Version",
            *_STAINLESS,
        ),
    ),
    # TensorFlow Serving REST API, and KServe V1 (explain). `versions/{v}:predict` is no path of API Gateway: a part is
    # either a variable or literal.
    "tfserving": Protocol(
        routes=(
            "GET /v1/models/{m}",
            "GET /v1/models/{m}/metadata",
            "GET /v1/models/{m}/versions/{v}",
            "GET /v1/models/{m}/versions/{v}/metadata",
            "POST /v1/models/{m}:predict",
            "POST /v1/models/{m}:classify",
            "POST /v1/models/{m}:regress",
            "POST /v1/models/{m}:explain",
        ),
        # A model's status has no form of its own beside its metadata and its versions.
        never_kept=("*/v1/models/*",),
        # Google's client libraries for what speaks this protocol in Vertex AI.
        request_headers=("X-Goog-Api-Client",),
    ),
    # TorchServe inference API. Its management and metrics APIs are on other ports, which stay closed.
    "torchserve": Protocol(
        routes=(
            "GET /ping",
            "POST /predictions/{m}",
            "POST /predictions/{m}/{v}",
            "POST /explanations/{m}",
        ),
        never_kept=("*/ping", "*/ping/"),
    ),
    # SageMaker runtime API, InvokeEndpoint and InvokeEndpointAsync.
    "sagemaker": Protocol(
        # Below it nothing answers by itself: what is handed out is the route.
        base="/invocations",
        routes=(
            "POST /invocations",
            "POST /async-invocations",
        ),
        request_headers=SAGEMAKER_REQUEST_HEADERS,
        response_headers=SAGEMAKER_RESPONSE_HEADERS,
    ),
}
"""Every protocol but `raw`, which has no paths of its own: its one route is the model's path."""


NAMES_MODELS: Final = tuple(
    name for name, protocol in PROTOCOLS.items() if "{m}" in "".join((*protocol.routes, *protocol.own_list))
)
"""The protocols whose paths, or whose own list of the gateway, have the model's name at its server."""

ASKED_BY_NAME: Final = tuple(name for name, protocol in PROTOCOLS.items() if "{m}" in "".join(protocol.routes))
"""Those of them whose servers are asked at paths that have it."""


def answer_of(answer: object, model: str) -> str:
    """The JSON of an answer that the gateway gives, for the model of that name, which has no quotes."""
    return json.dumps(answer).replace("{m}", model)
