"""What each protocol exposes, route by route: the specification written out once more, so that nothing slips in."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from ml_gateway.serving import PROTOCOLS, ProtocolName, Route, ServedModel

MINUTE = timedelta(minutes=1)


def serving(
    protocol: ProtocolName,
    *,
    methods: tuple[str, ...] = ("POST",),
    timeout: timedelta = timedelta(seconds=10),
    streams: bool = False,
) -> ServedModel:
    return ServedModel(
        name="fraud", path="/ml/fraud", protocol=protocol, methods=methods, timeout=timeout, streams=streams
    )


TABLES: dict[ProtocolName, list[str]] = {
    "raw": ["POST /ml/fraud"],
    "openai": [
        "POST /ml/fraud/v1/chat/completions",
        "POST /ml/fraud/v1/completions",
        "POST /ml/fraud/v1/responses",
        "POST /ml/fraud/v1/embeddings",
        "POST /ml/fraud/v1/images/generations",
        "POST /ml/fraud/v1/audio/transcriptions",
        "POST /ml/fraud/v1/audio/speech",
        "GET /ml/fraud/v1/models",
        "GET /ml/fraud/v1/models/{id+}",
    ],
    "anthropic": [
        "POST /ml/fraud/v1/messages",
        "POST /ml/fraud/v1/messages/count_tokens",
    ],
    "oip-v2": [
        "GET /ml/fraud/v2",
        "GET /ml/fraud/v2/health/live",
        "GET /ml/fraud/v2/health/ready",
        "GET /ml/fraud/v2/models/fraud",
        "GET /ml/fraud/v2/models/fraud/ready",
        "GET /ml/fraud/v2/models/fraud/versions/{v}",
        "GET /ml/fraud/v2/models/fraud/versions/{v}/ready",
        "POST /ml/fraud/v2/models/fraud/infer",
        "POST /ml/fraud/v2/models/fraud/versions/{v}/infer",
        "POST /ml/fraud/v2/models/fraud/generate",
        "POST /ml/fraud/v2/models/fraud/generate_stream",
        "POST /ml/fraud/v2/models/fraud/versions/{v}/generate",
        "POST /ml/fraud/v2/models/fraud/versions/{v}/generate_stream",
    ],
    "tfserving": [
        "GET /ml/fraud/v1/models/fraud",
        "GET /ml/fraud/v1/models/fraud/metadata",
        "GET /ml/fraud/v1/models/fraud/versions/{v}",
        "GET /ml/fraud/v1/models/fraud/versions/{v}/metadata",
        "POST /ml/fraud/v1/models/fraud:predict",
        "POST /ml/fraud/v1/models/fraud:classify",
        "POST /ml/fraud/v1/models/fraud:regress",
        "POST /ml/fraud/v1/models/fraud:explain",
    ],
    "torchserve": [
        "GET /ml/fraud/ping",
        "POST /ml/fraud/predictions/fraud",
        "POST /ml/fraud/predictions/fraud/{v}",
        "POST /ml/fraud/explanations/fraud",
    ],
    "sagemaker": [
        "POST /ml/fraud/invocations",
        "POST /ml/fraud/async-invocations",
    ],
}

ADMINISTRATIVE = re.compile(r"repository|sharedmemory|trace|log|metrics|stats|load|register|workers")


def table(routes: tuple[Route, ...]) -> list[str]:
    return [f"{route.http_method} {route.path}" for route in routes]


def test_every_protocol_has_a_table() -> None:
    assert set(TABLES) == set(get_args(ProtocolName)) == {"raw", *PROTOCOLS}


@pytest.mark.parametrize("protocol", TABLES)
def test_protocol_has_exactly_these_routes(protocol: ProtocolName) -> None:
    assert table(serving(protocol).routes) == TABLES[protocol]


@pytest.mark.parametrize("protocol", TABLES)
@pytest.mark.parametrize("streams", [True, False])
def test_no_protocol_exposes_what_administers_a_server(protocol: ProtocolName, streams: bool) -> None:
    routes = serving(protocol, streams=streams).routes
    assert routes
    assert not [route.path for route in routes if ADMINISTRATIVE.search(route.path)]
    assert {route.http_method for route in routes} <= {"GET", "POST"}


@pytest.mark.parametrize("protocol", TABLES)
def test_the_name_of_the_model_is_filled_in_everywhere(protocol: ProtocolName) -> None:
    routes = serving(protocol).routes
    assert routes
    assert not [route for route in routes if "{m}" in f"{route.path}{route.backend_path}{route.answer}"]
    assert {variable for route in routes for variable in route.variables} <= {"v", "id"}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_backend_sees_the_path_of_the_protocol_without_that_of_the_model(protocol: ProtocolName) -> None:
    asked = [route for route in serving(protocol).routes if route.answer is None]
    assert asked
    assert all(route.path.replace("+}", "}") == f"/ml/fraud{route.backend_base}{route.backend_path}" for route in asked)


def test_openai_alone_leaves_the_version_to_the_base_url() -> None:
    bases = {name: {route.backend_base for route in serving(name).routes} for name in PROTOCOLS}
    assert bases.pop("openai") == {"/v1"}
    assert set(map(tuple, bases.values())) == {("",)}
    assert "/chat/completions" in {route.backend_path for route in serving("openai").routes}


@pytest.mark.parametrize(
    ("protocol", "path"),
    [
        ("raw", "/ml/fraud"),
        ("openai", "/ml/fraud/v1"),
        ("anthropic", "/ml/fraud"),
        ("oip-v2", "/ml/fraud"),
        ("tfserving", "/ml/fraud"),
        ("torchserve", "/ml/fraud"),
        ("sagemaker", "/ml/fraud/invocations"),
    ],
)
def test_what_is_handed_out_is_a_base_url_or_a_route(protocol: ProtocolName, path: str) -> None:
    """Nothing answers at the path of a SageMaker model itself, and its clients append nothing."""
    model = serving(protocol)
    assert model.base_path == path
    assert model.base_path.startswith(model.common_path)
    assert all(route.path.startswith(model.common_path) for route in model.routes)


def test_a_raw_model_has_one_url_for_all_its_methods() -> None:
    assert serving("raw", methods=("GET", "POST"), streams=True, timeout=MINUTE).routes == (
        Route(http_method="GET", path="/ml/fraud", backend_path=None, timeout=MINUTE, streams=True),
        Route(http_method="POST", path="/ml/fraud", backend_path=None, timeout=MINUTE, streams=True),
    )


def test_the_backend_of_a_raw_model_gets_one_method_whatever_the_caller_uses() -> None:
    routes = replace(serving("raw", methods=("GET", "POST")), backend_method="PUT").routes
    assert [(route.http_method, route.backend_method) for route in routes] == [("GET", "PUT"), ("POST", "PUT")]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_backend_of_every_other_protocol_gets_the_methods_of_its_callers(protocol: ProtocolName) -> None:
    routes = serving(protocol).routes
    assert routes
    assert {route.backend_method for route in routes} == {None}
    with pytest.raises(ValueError, match=f"has no effect on the protocol {protocol}, which brings its own"):
        replace(serving(protocol), backend_method="PUT")


def test_the_backend_lists_its_models_and_no_list_is_kept() -> None:
    listing = [route for route in serving("openai").routes if route.http_method == "GET"]
    assert [(route.path, route.backend_path) for route in listing] == [
        ("/ml/fraud/v1/models", "/models"),
        ("/ml/fraud/v1/models/{id+}", "/models/{id}"),
    ]
    assert all(route.never_kept and not route.cacheable and route.answer is None for route in listing)


@pytest.mark.parametrize("served_as", [None, "gpt-3.5-turbo", "org/a_B:1"])
def test_the_gateway_itself_lists_one_model_where_the_backend_is_not_to(served_as: str | None) -> None:
    routes = replace(serving("openai"), lists_itself=True, served_as=served_as).routes
    answers = {route.path: json.loads(route.answer) for route in routes if route.answer}
    name = served_as or "fraud"
    model = {"id": name, "object": "model", "created": 0, "owned_by": "ml_gateway"}
    assert answers == {
        "/ml/fraud/v1/models": {"object": "list", "data": [model]},
        f"/ml/fraud/v1/models/{name}": model,
    }
    assert not [route.path for route in routes if route.http_method == "GET" and route.answer is None]


@pytest.mark.parametrize("protocol", [protocol for protocol in TABLES if protocol != "openai"])
@pytest.mark.parametrize("lists_itself", [True, False])
def test_all_other_protocols_leave_every_answer_to_the_backend(protocol: ProtocolName, lists_itself: bool) -> None:
    routes = replace(serving(protocol), lists_itself=lists_itself).routes
    assert all(route.answer is None for route in routes)


@pytest.mark.parametrize("protocol", ["oip-v2", "tfserving", "torchserve"])
def test_a_model_is_named_as_its_server_does_in_every_path(protocol: ProtocolName) -> None:
    """By callers and at the backend: clients of these protocols name the model in the path."""
    renamed = replace(serving(protocol), served_as="Densenet_1.0").routes
    assert len(renamed) == len(serving(protocol).routes)
    for route, before in zip(renamed, serving(protocol).routes, strict=True):
        assert route.path == f"/ml/fraud{filled(before.backend_path)}"
        assert route.backend_path == filled(before.backend_path)
    assert any("Densenet_1.0" in route.path for route in renamed)


def filled(backend_path: str | None) -> str:
    return str(backend_path).replace("fraud", "Densenet_1.0")


def test_openai_and_anthropic_stream_by_default() -> None:
    assert {name for name, protocol in PROTOCOLS.items() if protocol.streams} == {"openai", "anthropic"}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_of_a_model_that_streams_every_post_does_and_nothing_else(protocol: ProtocolName) -> None:
    routes = serving(protocol, streams=True).routes
    assert {route for route in routes if route.streams} == {route for route in routes if route.http_method == "POST"}
    assert not any(route.streams for route in serving(protocol).routes)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_buffered_beside_a_stream_waits_no_longer_than_api_gateway_does(protocol: ProtocolName) -> None:
    routes = serving(protocol, streams=True, timeout=15 * MINUTE).routes
    assert {route.timeout for route in routes if route.streams} == {15 * MINUTE}
    assert all(route.timeout == timedelta(seconds=29) for route in routes if not route.streams)
    short = serving(protocol, streams=True, timeout=timedelta(seconds=1)).routes
    assert {route.timeout for route in short if route.answer is None} == {timedelta(seconds=1)}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_raised_quota_holds_for_all_routes_of_a_model_that_does_not_stream(protocol: ProtocolName) -> None:
    routes = serving(protocol, timeout=MINUTE).routes
    assert {route.timeout for route in routes if route.answer is None} == {MINUTE}


@pytest.mark.parametrize(
    ("path", "variables"),
    [("/a", ()), ("/a/{b}", ("b",)), ("/{a}/b/{c_1+}", ("a", "c_1")), ("/v1/fraud:predict", ())],
)
def test_a_route_knows_the_variables_of_its_path(path: str, variables: tuple[str, ...]) -> None:
    assert Route(http_method="GET", path=path).variables == variables
