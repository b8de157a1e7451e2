"""How models are served, how long the edge waits for them, and how many fit."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import EdgeConfig, GatewayConfig, HttpBackendConfig, ModelConfig
from ml_gateway.serving import Route, ServedModel
from tests.files import MISSING, SMALL, behind, changed, report_on_data

URL = "https://model.example.com/invocations"


def model(**settings: Any) -> dict[str, Any]:
    """The small file with these settings of its model beside the url."""
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


@pytest.mark.parametrize(
    ("timeout", "message"),
    [
        *(
            (text, f"{text} is not a response timeout of CloudFront; write whole seconds from 1s to 2m")
            for text in ("0s", "500ms", "1500ms", "121s", "1h")
        ),
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
        "b": {"url": URL, "timeout": "40s", "long_timeout": True},
        "c": {"url": URL, "stream": True},
    }
    settings = changed({"models": models, "edge.response_timeout": "39s"})
    assert report_on_data(settings, tmp_path) == [
        "edge.response_timeout: 39s is shorter than the timeout of model 'b', 40s; write at least that, or a shorter "
        "timeout there"
    ]
    assert report_on_data(changed({"edge.response_timeout": "40s"}, settings), tmp_path) == []


@pytest.mark.parametrize(
    ("models", "seconds"),
    [
        ([{}], 30),
        ([{"timeout": "50ms"}], 30),
        ([{"timeout": "28001ms"}], 30),
        ([{"timeout": "40s", "long_timeout": True}, {"timeout": "1s"}], 41),
        ([{"timeout": "40001ms", "long_timeout": True}], 42),
        ([{"timeout": "2m", "long_timeout": True}], 120),
        ([{}, {"stream": True}], 120),
        ([{"protocol": "openai", "timeout": "1s"}], 120),
        ([{"protocol": "openai", "stream": False}], 30),
    ],
)
def test_the_edge_waits_a_second_longer_than_the_slowest_model(models: list[dict[str, Any]], seconds: int) -> None:
    named = {f"m{index}": {"url": URL, **settings} for index, settings in enumerate(models)}
    config = GatewayConfig(**{**SMALL, "models": named})
    assert config.origin_response_timeout == timedelta(seconds=seconds)


def test_the_file_has_the_last_word_on_how_long_the_edge_waits() -> None:
    config = GatewayConfig(**{**model(stream=True), "edge": EdgeConfig(response_timeout="45s")})
    assert config.origin_response_timeout == timedelta(seconds=45)


@given(st.integers(50, 120_000))
def test_the_edge_never_gives_up_first(milliseconds: int) -> None:
    settings = model(timeout=f"{milliseconds}ms", long_timeout=milliseconds > 29_000)
    wait = GatewayConfig(**settings).origin_response_timeout
    assert timedelta(milliseconds=milliseconds) <= wait <= timedelta(seconds=120)
    assert wait >= timedelta(seconds=30)
    assert wait % timedelta(seconds=1) == timedelta(0)


def test_a_model_is_served_as_the_file_says() -> None:
    given_all = ModelConfig(url=URL, path="/a", methods=["GET"], timeout="2m", stream=True)
    minutes = timedelta(minutes=2)
    assert given_all.serving("x") == ServedModel(
        name="x", path="/a", protocol="raw", methods=("GET",), timeout=minutes, streams=True
    )


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
    serving = ModelConfig(url=URL, **settings).serving("x")
    assert (serving.path, serving.methods) == ("/x", ("POST",))
    assert (serving.timeout, serving.streams) == (timedelta(seconds=seconds), streams)


def test_the_routes_of_all_models_are_known_by_name() -> None:
    config = GatewayConfig(**changed({"models.a": {"url": URL, "protocol": "anthropic"}}))
    assert {name: len(routes) for name, routes in config.routes.items()} == {"predict": 1, "a": 2}
    assert config.routes["predict"] == (Route(http_method="POST", path="/predict"),)


def test_the_short_form_of_a_backend_is_an_http_backend() -> None:
    config = GatewayConfig(**model(url="http://a.b/c", insecure=True))
    assert config.backend_of("predict") == HttpBackendConfig(type="http", url="http://a.b/c", insecure=True)


def test_a_backend_is_found_by_the_model_it_serves() -> None:
    config = GatewayConfig(**behind("load_balancer"))
    assert config.backend_of("predict") is config.backends["b"]


def many(count: int, **settings: Any) -> dict[str, Any]:
    return changed({"models": {f"m{number}": {"url": URL, **settings} for number in range(count)}})


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (SMALL, 5 + 3 + 1 + 1),
        ({**SMALL, "origin_lock": {"generation": 2}}, 5 + 6 + 1 + 1),
        ({**SMALL, "origin_lock": {"generation": 9}}, 5 + 6 + 1 + 1),
        ({**SMALL, "errors": "plain"}, 5 + 3 + 1 + 1 + 18),
        (model(path="/a/b/c", methods=["GET", "POST"]), 5 + 3 + 3 + 2),
        (behind("http"), 5 + 3 + 1 + 1),
        (behind("lambda"), 5 + 3 + 1 + 1 + 1),
        (behind("sagemaker", {"protocol": "sagemaker"}), 5 + 3 + 3 + 2 + 4),
        (behind("load_balancer"), 5 + 3 + 1 + 1 + 1),
        (behind("load_balancer", subnets=MISSING, vpc_link="a1b2c3"), 5 + 3 + 1 + 1),
        # /predict, v1, messages, count_tokens
        (model(protocol="anthropic"), 5 + 3 + 4 + 2),
    ],
)
def test_the_resources_of_the_stack_are_counted(settings: dict[str, Any], count: int) -> None:
    assert GatewayConfig(**settings).stack_resources == count


def test_an_api_has_so_many_resources_and_no_more(tmp_path: Path) -> None:
    # Each of these models has the two resources of its path; the root is one more.
    assert report_on_data(changed({"models.predict.path": "/p"}, deep(149)), tmp_path) == []
    assert report_on_data(deep(150), tmp_path) == [
        "models: their paths make 301 resources of the API, and it takes 300; take out models, or put them in another "
        "gateway"
    ]


def deep(count: int) -> dict[str, Any]:
    models = {f"m{number}": {"url": URL, "path": f"/m{number}/x"} for number in range(count)}
    return changed({"models": models, "models.predict": {"url": URL, "path": "/m0"}})


def test_a_stack_has_so_many_resources_and_no_more(tmp_path: Path) -> None:
    # A resource and a method for each model, and another method for one of them; 8 resources are always there.
    assert report_on_data(many(246), tmp_path) == []
    assert report_on_data(changed({"models.m0.methods": ["GET", "POST"]}, many(246)), tmp_path) == [
        "models: they make 501 resources of the API's stack, and CloudFormation takes 500; take out models, or put "
        "them in another gateway"
    ]


def test_both_limits_are_told_at_once(tmp_path: Path) -> None:
    # 17 resources and 13 methods for each model.
    assert report_on_data(many(30, protocol="oip-v2"), tmp_path) == [
        "models: their paths make 511 resources of the API, and it takes 300; take out models, or put them in another "
        "gateway",
        "models: they make 908 resources of the API's stack, and CloudFormation takes 500; take out models, or put "
        "them in another gateway",
    ]
