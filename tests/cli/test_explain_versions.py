"""`ml-gateway explain` says which version of a model answers, and what there is to say of each."""

import json
import re
from typing import Any

import pytest

from ml_gateway import GatewayConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.reading import load_config
from tests.cli.conftest import RunCommand
from tests.cli.explained import explained
from tests.files import BACKENDS, CLIENTS, changed
from tests.synthesis import TOP

ROLLOUTS = TOP / "examples" / "rollouts.yaml"
V1, V2 = {"url": "https://model.example.com/v1"}, {"url": "https://model.example.com/v2"}
SPLIT: dict[str, Any] = {"versions": {"v1": V1, "v2": V2}, "split": {"v1": 90, "v2": 10}}
STORE = "shares in the store stand in for these while there are some (output OverridesCommand)"
BELOW = "it goes on below the path of its version, such as /fraud--v1"


def said(
    method: str, path: str, /, changes: dict[str, Any] | None = None, **settings: Any
) -> dict[str, tuple[str, ...]]:
    """The steps of a request to a gateway whose model fraud has two versions, and these settings."""
    data = changed({"models.fraud": {**SPLIT, **settings}, **CLIENTS, **(changes or {})})
    return dict(explained(GatewayConfig(**data), method, path))


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ({}, ["the edge function leads to v1 90%, v2 10%; each request for itself"]),
        ({"sticky": "client"}, ["the edge function leads to v1 90%, v2 10%; a client gets the same one each time"]),
        (
            {"sticky": "header:X-User-Id", "choose": "X-Model-Version"},
            ["the edge function leads to v1 90%, v2 10%; the same x-user-id gets the same one each time, and a request "
             "without it any",
             "x-model-version with the name of a version chooses it; with anything else it is a 404"],
        ),
        (
            {"rollback": {"to": "v1", "errors": "2%", "for": "10m", "least": 20}},
            ["the edge function leads to v1 90%, v2 10%; each request for itself",
             "of one that fails, v1 gets the callers: more than 2% 5xx of at least 20 answers in 10m, in one region"],
        ),
    ],
)  # fmt: skip
def test_it_says_how_the_edge_picks_a_version(settings: dict[str, Any], lines: list[str]) -> None:
    steps = said("POST", "/fraud", **settings)
    assert list(steps["version"]) == [*lines, STORE, BELOW]
    # What is kept, and where the request is asked, is decided afterwards.
    assert list(steps)[:3] == ["edge", "version", "cache"]


def test_a_single_version_is_picked_by_nobody() -> None:
    steps = said("POST", "/fraud", versions={"v7": V1}, split={})
    assert steps["version"] == ("v7 is the only one, and answers under the model's own path",)


def test_a_model_without_versions_has_no_such_step() -> None:
    assert "version" not in said("POST", "/predict")
    assert "version" not in said("GET", "/fraud")


@pytest.mark.parametrize(
    "path", ["/fraud--v2/fraud", "/FRAUD--V2", "/fraud--", "/fraud%2D%2Dv2/fraud", "/%66raud--v9/x"]
)
@pytest.mark.parametrize("settings", [{}, {"versions": {"v1": V1}, "split": {}}], ids=["two", "one"])
def test_the_path_of_a_version_is_a_404_at_the_edge(path: str, settings: dict[str, Any]) -> None:
    steps = said("POST", path, **settings)
    assert list(steps) == ["edge", "answer"]
    assert steps["answer"] == ("the edge function: 404 unknown_url, as no caller asks for a version of fraud",)


@pytest.mark.parametrize("path", ["/fraudulent", "/fraud-v2", "/predict--v1", "/x/fraud--v2"])
def test_a_path_that_looks_like_none_goes_on(path: str) -> None:
    steps = said("POST", path)
    assert "region" in steps
    assert steps["answer"][0].startswith("API Gateway: ")


def test_each_version_is_said_with_its_own_backend_and_time() -> None:
    steps = said("POST", "/fraud", versions={"v1": V1, "v2": {**V2, "timeout": "5s"}})
    assert [line for line in steps["answer"] if "backend" in line] == [
        "v1: backend fraud--v1, at POST https://model.example.com/v1",
        "v2: backend fraud--v2, at POST https://model.example.com/v2",
    ]
    assert steps["time"][:2] == (
        "v1: API Gateway waits for the whole answer, for at most 29s; then 504",
        "v2: API Gateway waits for the whole answer, for at most 5s; then 504",
    )


def test_a_version_is_asked_with_the_values_that_the_caller_sent() -> None:
    versions = {name: {"url": f"https://model.example.com/{name}/{{id}}"} for name in ("v1", "v2")}
    answer = said("POST", "/users/7", versions=versions, path="/users/{id}")["answer"]
    assert "v1: backend fraud--v1, at POST https://model.example.com/v1/7" in answer
    assert "v2: backend fraud--v2, at POST https://model.example.com/v2/7" in answer


def test_behind_a_load_balancer_a_version_is_asked_where_callers_ask() -> None:
    behind = {"v1": {"backend": "b"}, "v2": V2}
    answer = said("POST", "/fraud", {"backends.b": BACKENDS["load_balancer"]}, versions=behind)["answer"]
    assert answer[0] == "v1: backend b, through a VPC link, at POST http://llama.internal:80/fraud"
    assert not any("--" in line for line in answer if line.startswith("v1: "))


def test_versions_of_one_endpoint_are_said_with_what_they_aim_at() -> None:
    answer = explained(load_config(ROLLOUTS), "POST", "/fraud")["answer"]
    assert [line for line in answer if "target_variant" in line] == [
        "v1: target_variant: champion",
        "v2: target_variant: challenger",
    ]


@pytest.mark.parametrize(
    ("settings", "said_of_it"),
    [
        (SPLIT, ", of which 1/s, 1 at once to this method of each version"),
        ({"versions": {"v1": V1}}, ", of which 1/s, 1 at once to this method"),
        (V1, ", of which 1/s, 1 at once to this method"),
    ],
    ids=["two versions", "one version", "no versions"],
)
def test_a_limit_is_that_of_each_version(settings: dict[str, Any], said_of_it: str) -> None:
    changes = {"models.fraud": settings, "plans.default.limits": {"fraud": "1/s"}, **CLIENTS}
    limits = explained(GatewayConfig(**changed(changes)), "POST", "/fraud")["limits"]
    assert limits[0] == f"plans.default: 2/s, 10 at once{said_of_it} (each key of mobile)"


def test_a_paused_model_answers_in_the_place_of_each_version() -> None:
    assert said("POST", "/fraud", paused=True)["answer"] == (
        "API Gateway: 503 model_paused, as models.fraud is paused",
    )


def test_what_is_said_of_the_way_is_what_the_edge_has() -> None:
    design = GatewayDesign.of(load_config(ROLLOUTS))
    led = [split for split in design.edge.splits if len(split.shares) > 1]
    assert len(led) == 2
    for split in led:
        for route in design.models[split.model].routes:
            path = re.sub(r"\{[^/]+\}", "x", route.path)
            assert re.search(split.takes, path)
            said_of_it = explained(load_config(ROLLOUTS), route.http_method, path)["version"][0]
            assert ", ".join(f"{name} {share}%" for name, share in split.shares.items()) in said_of_it


def test_the_command_prints_the_step(run_command: RunCommand) -> None:
    done = run_command("explain", "POST", "/llama/v1/chat/completions", "--file", ROLLOUTS, "--json")
    assert done.status == 0
    assert json.loads(done.out)["version"][0].startswith("the edge function leads to stable 100%, next 0%; ")
