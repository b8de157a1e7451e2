"""Lines to paste: a first request to each model, with curl and with the SDK of its protocol."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import GatewayDesign, Keyed, ModelDesign
from ml_gateway.serving import PROTOCOLS, ProtocolName, Route
from ml_gateway.serving.paths import with_values

_BODIES: Final[Mapping[ProtocolName, str]] = {
    "openai": '{{"model": "{m}", "messages": [{{"role": "user", "content": "Hello"}}]}}',
    "anthropic": '{{"model": "{m}", "max_tokens": 64, "messages": [{{"role": "user", "content": "Hello"}}]}}',
    "oip-v2": '{{"inputs": [{{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2]}}]}}',
}
_BODY: Final = '{{"instances": [[5.1, 3.5, 1.4, 0.2]]}}'

_SDKS: Final[Mapping[ProtocolName, str]] = {
    "openai": 'OpenAI(base_url="{url}", api_key="{key}"{headers})',
    "anthropic": 'Anthropic(base_url="{url}", api_key="{key}")',
    "oip-v2": 'InferenceServerClient("{address}")  # of tritonclient.http{triton}',
}


def ready_lines(design: GatewayDesign, name: str, *, address: str, key: str | None) -> Iterator[str]:
    """For a shell, and for the SDK in Python that its protocol has. `address` is the gateway's, `key` a client's."""
    model = design.models[name]
    yield _curl(model, address, key)
    if sdk := _SDKS.get(model.served.protocol):
        url = base_url(model, address)
        yield sdk.format(
            url=url,
            address=url.partition("://")[2],
            key=key or "none",
            headers="" if _takes_bearer(design) else f', default_headers={{"{API_KEY_HEADER}": "{key}"}}',
            triton=f', with headers={{"{API_KEY_HEADER}": "{key}"}}' if key else "",
        )


def base_url(model: ModelDesign, address: str) -> str:
    """What a client of the model's protocol is given; of a raw model its URL."""
    protocol = model.served.protocol
    return address + with_values(model.served.path, "1") + ("" if protocol == "raw" else PROTOCOLS[protocol].base)


def _takes_bearer(design: GatewayDesign) -> bool:
    return not isinstance(design.callers, Keyed) or "bearer" in design.callers.key_forms


def _curl(model: ModelDesign, address: str, key: str | None) -> str:
    route = _first(model)
    words = ["curl", "-sS", "-X", route.http_method, address + with_values(route.path, "1")]
    if key:
        words += ["-H", f"{API_KEY_HEADER}: {key}"]
    if route.http_method in ("POST", "PUT", "PATCH"):
        body = _BODIES.get(model.served.protocol, _BODY).format(m=model.served.served_as)
        words += ["-H", "content-type: application/json", "-d", body]
    return shlex.join(words)


def _first(model: ModelDesign) -> Route:
    """The route by which the model is asked: the first that takes a body."""
    asked = [route for route in model.routes if route.answer is None]
    return next((route for route in asked if route.http_method == "POST"), asked[0])
