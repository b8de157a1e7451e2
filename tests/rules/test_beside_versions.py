"""Models with versions beside others, and within the quotas: what is refused, and the nearest right file."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.rules.rollouts import requests_of_a_model_beside_versions
from ml_gateway.serving import answers, expression_of, specificity
from ml_gateway.serving.paths import in_url
from tests.files import IDENTITIES, changed, get, report_on_data
from tests.rules.broken import MAIL, SPLIT, URL, V1, ZONE, conflicts, many_versions

FRAUD = {"fraud": SPLIT}
LOOKS_LIKE = "looks like the path of a version of model 'fraud', to which no caller comes by itself; write another"


def at(path: str, **settings: Any) -> dict[str, Any]:
    """A model with two versions at that path, which are asked with the variables in it."""
    url = f"https://model.example.com{in_url(path)}"
    return {**SPLIT, "path": path, "versions": {"v1": {"url": url}, "v2": {"url": url}}, **settings}


def speaking(protocol: str, path: str) -> dict[str, Any]:
    url = {"url": "https://llm.example.com/v1" if protocol == "openai" else "https://llm.example.com"}
    return {**SPLIT, "path": path, "versions": {"v1": url, "v2": url}, "protocol": protocol}


def post(path: str) -> dict[str, Any]:
    return {**get(path), "methods": ["POST"]}


LEFT: list[dict[str, Any]] = [
    {"fraud": SPLIT, "fraud-eu": SPLIT, "fraudulent": SPLIT, "x": {"url": URL, "path": "/fraud/eu"}},
    {"fraud": at("/fraud"), "x": get("/fraud/{id}")},
    {"fraud": at("/a/b"), "x": get("/a/{id}")},
    {"fraud": at("/a/b"), "x": get("/{rest+}")},
    {"fraud": at("/fraud/{id}/s"), "x": get("/fraud/{id}")},
    {"llama": speaking("openai", "/a/llama"), "x": post("/a"), "y": post("/llama")},
    {"llama": speaking("openai", "/llama"), "llama-big": speaking("openai", "/llama-big"), "llamas": {"url": URL}},
]


@pytest.mark.parametrize("models", LEFT)
def test_paths_that_begin_alike_are_told_apart(tmp_path: Path, models: dict[str, Any]) -> None:
    assert report_on_data(changed({"models": models}), tmp_path) == []


@pytest.mark.parametrize("other", ["/fraud", "/fraud/{id}/history", "/fraud/x/y"])
def test_a_variable_is_one_part_of_a_path(tmp_path: Path, other: str) -> None:
    models = {"fraud": at("/fraud/{id}"), "x": get(other)}
    assert report_on_data(changed({"models": models}), tmp_path) == []


ALL_PATHS = [
    *(f"/{'/'.join(parts)}" for length in (1, 2, 3) for parts in product(["a", "{x}"], repeat=length)
      if parts.count("{x}") < 2),
    "/{x+}", "/a/{x+}", "/b/a",
]  # fmt: skip
REQUESTS = [f"/{'/'.join(parts)}" for length in (1, 2, 3, 4) for parts in product("abc", repeat=length)]
PAIRS = [(led, other) for led, other in product(ALL_PATHS, repeat=2) if led != other]


def led_astray(led: str, other: str) -> list[str]:
    """The requests that API Gateway would have the model at `other` answer, of those that the edge leads away."""
    design = GatewayDesign.of(GatewayConfig(**changed({"models": {"led": at(led)}})))
    expression = re.compile(expression_of(design.models["led"].served))
    taken = [each for each in REQUESTS if answers(other, each) and expression.search(each)]
    return [each for each in taken if not (answers(led, each) and specificity(led) < specificity(other))]


def test_no_request_of_another_model_is_led_away_where_nothing_is_told() -> None:
    told = {
        (led, other): conflicts(
            requests_of_a_model_beside_versions, changed({"models": {"led": at(led), "other": get(other)}})
        )
        for led, other in PAIRS
    }
    silent = [pair for pair in PAIRS if not told[pair]]
    assert min(len(silent), len(PAIRS) - len(silent)) > 20
    assert [pair for pair in silent if led_astray(*pair)] == []


@pytest.mark.parametrize("path", ["/fraud--v2", "/FRAUD--x/y", "/fraud--", "/fraud--v2/{id}"])
def test_a_path_like_that_of_a_version_is_refused(tmp_path: Path, path: str) -> None:
    other = {"url": f"https://a.b{path}", "path": path}
    told = report_on_data(changed({"models": {**FRAUD, "x": other}}), tmp_path)
    assert told == [f"models.x.path: {path!r} {LOOKS_LIKE}"]
    single = {"versions": {"v1": V1}}
    assert report_on_data(changed({"models": {"fraud": single, "x": other}}), tmp_path) == told
    assert report_on_data(changed({"models": {"fraud": {"url": URL}, "x": other}}), tmp_path) == []


def test_a_path_that_only_ends_like_that_of_a_version_is_taken(tmp_path: Path) -> None:
    assert report_on_data(changed({"models.fraud": at("/x/fraud--v1")}), tmp_path) == []


@pytest.mark.parametrize(("health", "refused"), [("/fraud--v1", True), ("/Fraud--up/x", True), ("/fraud-v1", False),
                                                 ("/up/fraud--v1", False)])  # fmt: skip
def test_the_health_check_looks_like_no_version(tmp_path: Path, health: str, refused: bool) -> None:
    told = report_on_data(changed({"models": FRAUD, "edge.health": health}), tmp_path)
    line = f"edge.health: {health!r} looks like the path of a version of model 'fraud'; write another"
    assert told == ([line] if refused else [])
    assert report_on_data(changed({"models.fraud": {"url": URL}, "edge.health": health}), tmp_path) == []


@pytest.mark.parametrize(("of_each", "methods"), [(1, 18), (2, 18), (3, 27)])
def test_a_plan_limits_each_version_for_itself(tmp_path: Path, of_each: int, methods: int) -> None:
    """Nine methods of the protocol: a single version has them under the model's own path, too."""
    (llama,) = many_versions(1, of_each=of_each).values()
    served = {name: {"url": "https://llm.example.com/v1"} for name in llama["versions"]}
    models = {"llama": {**llama, "versions": served, "protocol": "openai"}}
    settings = changed({"models": models, "plans.default.limits": {"llama": "1/s"}})
    assert len(GatewayDesign.of(GatewayConfig(**settings)).plans["default"].limits) == methods
    refused = (
        f"plans.default.limits: these models have {methods} methods, each with a throttle of its own, and a plan "
        "takes 20; limit fewer models"
    )
    assert report_on_data(settings, tmp_path) == ([] if methods <= 20 else [refused])


@pytest.mark.parametrize(("length", "characters"), [(306, 324), (307, 325)])
def test_a_policy_has_room_for_the_paths_of_versions(tmp_path: Path, length: int, characters: int) -> None:
    models = {"predict": at("/" + "a" * length), "llama": {"url": URL}}
    told = report_on_data(changed({"models": models}, changed(IDENTITIES)), tmp_path)
    refused = (
        f"models.predict.path: makes {characters} characters of a method and a path, and the policies of clients with "
        "models have room for 324; write a shorter path"
    )
    assert told == ([refused] if characters > 324 else [])


@pytest.mark.parametrize(("count", "resources"), [(42, 295), (43, 302)])
def test_resources_of_the_api_are_those_of_versions_too(tmp_path: Path, count: int, resources: int) -> None:
    """The root, and of each model its own path and two parts of each version's."""
    told = report_on_data(changed({"models": many_versions(count)}), tmp_path)
    assert [line for line in told if "resources of the API" in line] == (
        [f"models: their paths make {resources} resources of the API, and it takes 300; write service_quotas: "
         f"{{api_resources: {resources}}} once AWS raised it for the account, or take out models"]
        if resources > 300 else []
    )  # fmt: skip


def test_a_function_with_its_versions_has_room_at_the_edge(tmp_path: Path) -> None:
    def size(count: int) -> int:
        design = GatewayDesign.of(GatewayConfig(**with_models(count)))
        return len(render_edge_function(design.callers, design.edge).encode())

    def with_models(count: int) -> dict[str, Any]:
        return changed({"models": many_versions(count), "service_quotas.api_resources": 900})

    most = max(count for count in range(1, 90) if size(count) <= 10_240)
    assert report_on_data(with_models(most), tmp_path) == []
    assert report_on_data(with_models(most + 1), tmp_path) == [
        f"models: their versions make a function of {size(most + 1)} bytes at the edge, beside what edge.cors and "
        "issuers list, and CloudFront takes 10240; list less there, or split fewer models"
    ]


@pytest.mark.parametrize(("count", "of_each", "filters"), [(8, 3, 97), (9, 3, 109), (11, 2, 100), (12, 2, 109)])
def test_metric_filters_are_those_of_versions_too(tmp_path: Path, count: int, of_each: int, filters: int) -> None:
    told = report_on_data(changed({"models": many_versions(count, of_each=of_each), "alerts": MAIL}), tmp_path)
    refused = [f"they take {filters} metric filters of the access log", "and CloudWatch Logs takes 100"]
    assert [all(each in line for each in refused) for line in told] == [True] * (filters > 100)


@pytest.mark.parametrize(("regions", "widgets"), [(8, 492), (9, 552)])
def test_widgets_are_those_of_versions_too(tmp_path: Path, regions: int, widgets: int) -> None:
    names = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
             "eu-north-1"][:regions]  # fmt: skip
    settings = {"regions": names, "edge.domain": ZONE, "plans.default.across_regions": "each", "alerts": MAIL}
    told = report_on_data(changed({"models": many_versions(8), **settings}), tmp_path)
    refused = [f"the dashboard would have {widgets} widgets", "and CloudWatch takes 500"]
    assert [all(each in line for each in refused) for line in told] == [True] * (widgets > 500)
