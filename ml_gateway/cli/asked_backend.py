"""What a backend is asked for one request: its address, and the headers that the gateway sets."""

from collections.abc import Iterator, Mapping

from ml_gateway.cli.requests import Taken
from ml_gateway.config import (
    HttpBackendConfig,
    HttpServerConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.config.types.by_region import each_in_words
from ml_gateway.credentials import CLIENT_HEADER, GATEWAY_CREDENTIAL_HEADERS
from ml_gateway.design import ModelDesign


def asked_backend(taken: Taken, model: ModelDesign, *, stage: str, identified: bool) -> Iterator[str]:
    """The kind of server, the request that it gets, and what the gateway puts into it: also the client's name, where
    clients are `identified`."""
    backend, called = model.backend, f"backend {model.backend_name}"
    method = taken.route.backend_method or taken.route.http_method
    match backend:
        case HttpBackendConfig():
            yield f"{called}, at {method} {_filled(_url(backend.url, taken), taken.values)}"
            yield from _headers(backend, taken.values, identified=identified)
        case LoadBalancerBackendConfig():
            path = _filled(taken.route.path_at_address, taken.values)
            scheme = "https" if backend.tls else "http"
            yield f"{called}, through a VPC link, at {method} {scheme}://{backend.host}:{backend.port}{path}"
            yield f"AWS documents /{stage}{path} there, a public sample has seen {path}: let it answer both"
            yield from _headers(backend, taken.values, identified=identified)
        case SagemakerBackendConfig():
            action = "InvokeEndpointAsync" if taken.route.backend_path == "/async-invocations" else "InvokeEndpoint"
            yield f"{called}, by SageMaker's {action} of the endpoint {backend.endpoint}, with the gateway's own role"
            for setting in ("inference_component", "target_variant", "target_model", "custom_attributes"):
                if value := getattr(backend, setting):
                    yield f"{setting}: {_filled(value, taken.values)}"
            yield "the container sees SageMaker's documented headers alone"
        case LambdaBackendConfig():
            form = "streams, in another form: docs/backends.md" if taken.route.streams else "answers as a whole"
            function = each_in_words(backend.function)
            yield f"{called}, the Lambda function {function}, which gets the request as an event and {form}"
            if identified:
                yield "requestContext.authorizer.client: the client's name"
            yield "the body is in base64, and the event has all headers, the gateway's own credentials among them"


def _url(url: str, taken: Taken) -> str:
    return url if taken.route.backend_path is None else url.rstrip("/") + taken.route.backend_path


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _headers(backend: HttpServerConfig, values: Mapping[str, str], *, identified: bool) -> Iterator[str]:
    """Secrets by their names: nothing here reads them."""
    sent = {header: _filled(value, values) for header, value in backend.headers.items()}
    sent |= {header: f"<secret {secret.secret}>" for header, secret in backend.secret_headers.items()}
    if backend.bearer:
        sent["Authorization"] = f"Bearer <secret {backend.bearer.secret}>"
    yield from (f"{header}: {value}" for header, value in sent.items())
    named = {header.lower() for header in sent}
    for header in GATEWAY_CREDENTIAL_HEADERS:
        if header not in named:
            yield f"{header}: replaced-by-gateway"
    if identified:
        yield f"{CLIENT_HEADER}: the client's name"
    yield "of the headers that reach the API all others go on as they came"
