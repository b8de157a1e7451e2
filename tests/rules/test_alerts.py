"""Alerts: what is taken, and how many fit."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import AlertsConfig, GatewayConfig, Percentage
from ml_gateway.design import GatewayDesign
from ml_gateway.serving import count_metric_filters
from tests.files import changed, report_on_data

URL = "https://model.example.com/invocations"


def alerts(**settings: Any) -> dict[str, Any]:
    given = {"email": "ops@acme.com", "errors": "1%", **settings}
    return changed({"alerts": {key: value for key, value in given.items() if value is not ...}})


@pytest.mark.parametrize(
    "settings",
    [
        alerts(),
        alerts(email="first.last+ops@ML-1.acme.example"),
        alerts(errors=..., latency_p95="500ms"),
        alerts(errors="99.9%", latency_p95="28999ms"),
        {**alerts(latency_p95="119s"), "models": {"a": {"url": URL, "protocol": "openai"}}},
    ],
)
def test_alerts_are_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


@pytest.mark.parametrize(("model", "most", "each"), [({"url": URL}, 33, 3), ({"url": URL, "stream": True}, 24, 4)])
def test_a_log_group_takes_100_metric_filters(tmp_path: Path, model: dict[str, Any], most: int, each: int) -> None:
    right = {**alerts(), "models": {f"m{n}": model for n in range(most)}}
    wrong = {**alerts(), "models": {f"m{n}": model for n in range(most + 1)}}
    assert report_on_data(right, tmp_path) == []
    assert report_on_data(wrong, tmp_path) == [
        f"alerts: they take {1 + each * (most + 1)} metric filters of the access log (3 for a model, and for each of "
        "its versions, 4 where it streams, 1 for all), and CloudWatch Logs takes 100; leave alerts out, or put models "
        "in another gateway"
    ]


def test_too_many_metric_filters_hide_no_other_problem_of_alerts(tmp_path: Path) -> None:
    settings = {**alerts(latency_p95="30s"), "models": {f"m{n}": {"url": URL} for n in range(34)}}
    assert [line.partition(": ")[0] for line in report_on_data(settings, tmp_path)] == ["alerts", "alerts.latency_p95"]


@pytest.mark.parametrize(
    ("rest", "most", "beyond", "model"),
    [
        ({"a": {"protocol": "openai"}, "b": {"protocol": "anthropic"}}, 79, 1029, "a"),
        ({"a": {}}, 909, 1025, "a"),
        ({"reader": {"methods": ["GET", "HEAD"]}, "writer": {"methods": ["POST"]}}, 852, 1025, "reader"),
    ],
)
def test_a_filter_pattern_has_room_for_1024_characters(
    tmp_path: Path, rest: dict[str, dict[str, Any]], most: int, beyond: int, model: str
) -> None:
    def with_path(length: int) -> dict[str, Any]:
        path = "/" + "x" * (length - 1)
        return {**alerts(), "models": {name: {"url": URL, "path": path, **settings} for name, settings in rest.items()}}

    assert report_on_data(with_path(most), tmp_path) == []
    assert report_on_data(with_path(most + 1), tmp_path) == [
        f"alerts: to tell the requests for model {model!r} they take a filter pattern of {beyond} characters, and "
        "CloudWatch Logs takes 1024; leave alerts out, or write a shorter path, or one that no other model has or "
        "lies below"
    ]
    without_alerts = {key: value for key, value in with_path(most + 1).items() if key != "alerts"}
    assert report_on_data(without_alerts, tmp_path) == []


def test_models_below_the_path_of_another_take_no_room_in_its_filter_pattern(tmp_path: Path) -> None:
    below = {f"m{n}": {"url": URL, "path": f"/models/my-own-fraud-model-{n:02}"} for n in range(30)}
    models = {"all": {"url": URL, "path": "/models", "protocol": "openai"}, **below}
    assert report_on_data({**alerts(), "models": models}, tmp_path) == []


@pytest.mark.parametrize(
    ("model", "settings", "place"),
    [
        ("a", {"path": "models"}, "models.a.path"),
        ("b", {"protocol": "opnai"}, "models.b.protocol"),
        ("c", {"path": "/models/"}, "models.c.path"),
        ("c", {"methods": ["GETT"]}, "models.c.methods"),
        # What is told when nothing else is wrong.
        ("a", {}, "alerts"),
    ],
)
def test_a_filter_pattern_that_follows_from_a_wrong_path_is_not_told(
    tmp_path: Path, model: str, settings: dict[str, Any], place: str
) -> None:
    path = "/" + "x" * 90
    models: dict[str, dict[str, Any]] = {
        "a": {"url": URL, "path": path, "protocol": "openai"},
        "b": {"url": URL, "path": path, "protocol": "anthropic"},
        "c": {"url": URL, "path": f"{path}/v1/chat/completions", "methods": ["GET"]},
    }
    models[model] |= settings
    told = [line.partition(": ")[0] for line in report_on_data({**alerts(), "models": models}, tmp_path)]
    assert [each.partition("[")[0] for each in told] == [place]


def test_a_model_that_streams_has_one_metric_filter_more() -> None:
    config = GatewayConfig(**changed({"models.a": {"url": URL, "protocol": "openai"}}))
    assert count_metric_filters(GatewayDesign.of(config).traffic) == 1 + 3 + 4


def test_alerts_are_values() -> None:
    given = AlertsConfig(email="ops@acme.com", errors="0.5%")
    assert given == AlertsConfig(email="ops@acme.com", errors=Percentage(0.5), latency_p95=None)
