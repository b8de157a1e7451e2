"""What the file's models mean: how each is served, and how long the edge waits for them."""

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import (
    EdgeConfig,
    GatewayConfig,
    HttpBackendConfig,
    LoadBalancerBackendConfig,
    ModelConfig,
)
from ml_gateway.design import GatewayDesign, ModelDesign
from ml_gateway.serving import ProtocolName, Route, ServedModel
from tests.files import SMALL, behind, changed, report_on_data

URL = "https://model.example.com/invocations"


def meant(settings: dict[str, Any]) -> GatewayDesign:
    return GatewayDesign.of(GatewayConfig(**settings))


def model(**settings: Any) -> dict[str, Any]:
    """The small file with these settings of its model beside the url."""
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


@pytest.mark.parametrize(
    ("timeout", "message"),
    [
        *(
            (text, f"{text} is not a response timeout of CloudFront; write whole seconds from 1s to 15m")
            for text in ("0s", "500ms", "1500ms", "901s", "1h")
        ),
        ("121s", "121s is longer than the 2m that CloudFront waits; write at most that, or service_quotas: "
         "{response_timeout: 121s} once AWS raised it for the account"),
        ("28s", "28s is shorter than the timeout of model 'predict', 29s; write at least that, or a shorter timeout "
         "there"),
        (30, "'30' has no unit; write a whole number and ms, s, m, h or d, such as 29s"),
    ],
)  # fmt: skip
def test_the_edge_waits_as_long_as_it_can_and_has_to(tmp_path: Path, timeout: Any, message: str) -> None:
    assert report_on_data(changed({"edge.response_timeout": timeout}), tmp_path) == [
        f"edge.response_timeout: {message}"
    ]


def test_the_slowest_model_decides_how_long_the_edge_has_to_wait(tmp_path: Path) -> None:
    models = {
        "a": {"url": URL, "timeout": "10s"},
        "b": {"url": URL, "timeout": "40s"},
        "c": {"url": URL, "stream": True},
    }
    quotas = {"integration_timeout": "40s"}
    settings = changed({"models": models, "edge.response_timeout": "39s", "service_quotas": quotas})
    assert report_on_data(settings, tmp_path) == [
        "edge.response_timeout: 39s is shorter than the timeout of model 'b', 40s; write at least that, or a shorter "
        "timeout there"
    ]
    assert report_on_data(changed({"edge.response_timeout": "40s"}, settings), tmp_path) == []


@pytest.mark.parametrize(
    ("models", "quotas", "seconds"),
    [
        ([{}], {}, 30),
        ([{"timeout": "50ms"}], {}, 30),
        ([{"timeout": "28001ms"}], {}, 30),
        ([{"timeout": "40s"}, {"timeout": "1s"}], {"integration_timeout": "40s"}, 41),
        ([{"timeout": "40001ms"}], {"integration_timeout": "1m"}, 42),
        ([{"timeout": "2m"}], {"integration_timeout": "2m"}, 120),
        ([{"timeout": "2m"}], {"integration_timeout": "2m", "response_timeout": "3m"}, 121),
        ([{}, {"stream": True}], {}, 120),
        ([{}, {"stream": True}], {"response_timeout": "3m"}, 180),
        ([{"protocol": "openai", "timeout": "1s"}], {}, 120),
        ([{"protocol": "openai", "stream": False}], {"response_timeout": "3m"}, 30),
    ],
)
def test_the_edge_waits_a_second_longer_than_the_slowest_model(
    models: list[dict[str, Any]], quotas: dict[str, str], seconds: int
) -> None:
    named = {f"m{index}": {"url": URL, **settings} for index, settings in enumerate(models)}
    settings = {**SMALL, "models": named, "service_quotas": quotas}
    assert meant(settings).edge.response_timeout == timedelta(seconds=seconds)


def test_the_file_has_the_last_word_on_how_long_the_edge_waits() -> None:
    settings = {**model(stream=True), "edge": EdgeConfig(response_timeout="45s")}
    assert meant(settings).edge.response_timeout == timedelta(seconds=45)


@given(st.integers(50, 120_000))
def test_the_edge_never_gives_up_first(milliseconds: int) -> None:
    settings = {**model(timeout=f"{milliseconds}ms"), "service_quotas": {"integration_timeout": "2m"}}
    wait = meant(settings).edge.response_timeout
    assert timedelta(milliseconds=milliseconds) <= wait <= timedelta(seconds=120)
    assert wait >= timedelta(seconds=30)
    assert wait % timedelta(seconds=1) == timedelta(0)


def test_a_model_is_served_as_the_file_says() -> None:
    given_all = ModelConfig(
        url=URL, path="/a", methods=["GET"], backend_method="PUT", timeout="2m", stream=True, cache="60s"
    )
    model = ModelDesign.of("x", given_all, {})
    assert model.served == ServedModel(
        name="x",
        path="/a",
        protocol="raw",
        methods=("GET",),
        backend_method="PUT",
        timeout=timedelta(minutes=2),
        streams=True,
        served_as="x",
    )
    assert model.cache == given_all.cache


@pytest.mark.parametrize(
    ("settings", "seconds", "streams"),
    [
        ({}, 29, False),
        ({"stream": True}, 900, True),
        ({"protocol": "openai"}, 900, True),
        ({"protocol": "anthropic"}, 900, True),
        ({"protocol": "oip-v2"}, 29, False),
        ({"protocol": "openai", "stream": False}, 29, False),
        ({"protocol": "oip-v2", "stream": True, "timeout": "1m"}, 60, True),
    ],
)
def test_a_model_is_served_by_the_defaults_of_its_protocol(
    settings: dict[str, Any], seconds: int, streams: bool
) -> None:
    served = ModelDesign.of("x", ModelConfig(url=URL, **settings), {}).served
    assert (served.path, served.methods) == ("/x", ("POST",))
    assert (served.timeout, served.streams) == (timedelta(seconds=seconds), streams)


@pytest.mark.parametrize("protocol", get_args(ProtocolName))
def test_a_function_streams_only_where_the_file_says_so(protocol: ProtocolName) -> None:
    """Row 5: a function that streams answers in another form, so one that was not written for it would always fail."""

    def streams(**settings: Any) -> bool:
        return meant(behind("lambda", {"protocol": protocol, **settings})).models["predict"].served.streams

    assert (streams(), streams(stream=False), streams(stream=True)) == (False, False, True)
    served = meant(behind("lambda", {"protocol": protocol})).models["predict"].served
    assert {route.timeout for route in served.routes} == {timedelta(seconds=29)}
    assert not any(route.streams for route in served.routes)


@pytest.mark.parametrize("kind", ["http", "load_balancer"])
@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_a_server_streams_by_the_default_of_its_protocol(kind: str, protocol: str) -> None:
    assert meant(behind(kind, {"protocol": protocol})).models["predict"].served.streams


def test_the_routes_of_all_models_are_known_by_name() -> None:
    routes = meant(changed({"models.a": {"url": URL, "protocol": "anthropic"}})).routes
    assert {name: len(each) for name, each in routes.items()} == {"predict": 1, "a": 2}
    assert routes["predict"] == (Route(http_method="POST", path="/predict"),)


def test_the_short_form_of_a_backend_is_an_http_backend() -> None:
    model_ = meant(model(url="http://a.b/c", insecure=True)).models["predict"]
    assert model_.backend == HttpBackendConfig(type="http", url="http://a.b/c", insecure=True)
    assert model_.backend_name == "predict"


def test_a_backend_is_found_by_the_model_it_serves() -> None:
    config = GatewayConfig(**behind("sagemaker"))
    model_ = GatewayDesign.of(config).models["predict"]
    assert model_.backend is config.backends["b"]
    assert model_.backend_name == "b"


@pytest.mark.parametrize(
    ("settings", "port"), [({}, 80), ({"tls": True}, 443), ({"port": 8080}, 8080), ({"tls": True, "port": 8443}, 8443)]
)
def test_a_listener_is_on_the_usual_port_unless_the_file_says_another(settings: dict[str, Any], port: int) -> None:
    backend = meant(behind("load_balancer", **settings)).models["predict"].backend
    assert isinstance(backend, LoadBalancerBackendConfig)
    assert backend.port == port


SECRET = {"secret": "provider/token", "version": "0123456789abcdef0123456789abcdef"}
OPENAI = {"protocol": "openai"}


@pytest.mark.parametrize(
    ("settings", "asks"),
    [
        (behind("http", OPENAI), True),
        (behind("load_balancer", OPENAI), True),
        (behind("lambda", OPENAI), False),
        (behind("http", OPENAI, bearer=SECRET), False),
        (behind("http", OPENAI, secret_headers={"api-key": SECRET}), False),
        (behind("load_balancer", OPENAI, bearer=SECRET), False),
        (model(protocol="openai", url="https://model.example.com/v1"), True),
    ],
)
def test_a_backend_lists_its_models_unless_it_is_a_function_or_asked_by_a_token_of_the_gateway(
    settings: dict[str, Any], asks: bool
) -> None:
    """By such a token everybody would see all that the gateway's owner may use."""
    routes = [route for route in meant(settings).routes["predict"] if route.http_method == "GET"]
    assert len(routes) == 2
    assert {route.answer is None for route in routes} == {asks}


@pytest.mark.parametrize(
    ("protocol", "cache", "models", "patterns"),
    [
        ("openai", "60s", {}, ("*/v1/models", "*/v1/models/*")),
        ("openai", None, {"a": {"url": URL, "methods": ["GET"], "cache": "60s"}}, ("*/v1/models", "*/v1/models/*")),
        ("openai", None, {}, ()),
        ("openai", None, {"a": {"url": URL, "methods": ["GET"], "cache": "0s"}}, ()),
        ("raw", "60s", {}, ()),
        ("oip-v2", "60s", {}, ("*/v2/health/*", "*/v2/models/*/ready", "*/v2/models/*/ready/")),
        ("tfserving", "60s", {}, ("*/v1/models/*",)),
        ("torchserve", "60s", {}, ("*/ping", "*/ping/")),
        ("anthropic", "60s", {}, ()),
        # Once, though both have it.
        ("openai", "60s", {"a": {"url": "https://a.b", "protocol": "tfserving"}}, ("*/v1/models", "*/v1/models/*")),
    ],
)
def test_what_tells_of_models_is_never_kept_where_anything_is(
    protocol: str, cache: str | None, models: dict[str, Any], patterns: tuple[str, ...]
) -> None:
    kept = {} if cache is None else {"edge.cache": cache}
    chat = {"url": "https://a.b/v1" if protocol == "openai" else "https://a.b", "protocol": protocol}
    edge = meant(changed({"models": {"chat": chat, **models}, **kept})).edge
    assert edge.never_kept == patterns


@pytest.mark.parametrize(("settings", "name"), [({}, "x"), ({"served_as": "X_1"}, "X_1")])
def test_a_model_is_served_under_its_name_unless_the_file_says_another(settings: dict[str, Any], name: str) -> None:
    served = ModelDesign.of("x", ModelConfig(url=URL, protocol="oip-v2", **settings), {}).served
    assert (served.name, served.path, served.served_as) == ("x", "/x", name)
    assert f"/x/v2/models/{name}/infer" in {route.path for route in served.routes}
