"""How many clients, keys, plans and limits fit into one gateway."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_gateway.config import GatewayConfig, PlanConfig, RequestRate
from tests.files import BACKENDS, SMALL, behind, changed, gateway, report_on_data

URL = "https://model.example.com/invocations"
BEARER = {"secret": "provider-token", "version": "a" * 32}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@given(st.floats(0.001, 10_000), st.floats(0.001, 10_000))
def test_a_limit_is_refused_exactly_when_it_is_above_the_rate_of_its_plan(limit: float, rate: float) -> None:
    plan = PlanConfig(rate=RequestRate(rate), burst=1, limits={"predict": RequestRate(limit)})
    settings = {**SMALL, "plans": {"default": plan}}
    if limit <= rate:
        burst = GatewayConfig(**settings).plans["default"].limits["predict"].effective_burst
        assert 1 <= burst < limit + 1
    else:
        with pytest.raises(ValidationError, match="has no effect above"):
            GatewayConfig(**settings)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_a_plan_limits_so_many_methods_and_no_more(tmp_path_factory: pytest.TempPathFactory, counts: list[int]) -> None:
    models = {f"m{index}": {"url": URL, "methods": METHODS[:count]} for index, count in enumerate(counts)}
    settings = changed({"models": models, "plans.default.limits": dict.fromkeys(models, "1/s")})
    assert report_on_data(settings, tmp_path_factory.getbasetemp()) == (
        []
        if sum(counts) <= 20
        else [
            f"plans.default.limits: these models have {sum(counts)} methods, each with a throttle of its own, and a "
            "plan takes 20; limit fewer models"
        ]
    )


@pytest.mark.parametrize(
    ("settings", "references"),
    [
        (SMALL, (0, 1, 0)),
        (changed({"origin_lock.generation": 7}), (0, 2, 0)),
        (gateway({"clients.b": {"plan": "default", "keys": ["a", "b"]}}), (3, 1, 0)),
        (behind("http", bearer=BEARER), (0, 1, 1)),
        # Of the nine routes of openai two are answered by the gateway itself.
        (gateway({}, behind("http", {"protocol": "openai"}, bearer=BEARER)), (1, 1, 7)),
        (behind("load_balancer", {"protocol": "openai"}), (0, 1, 0)),
    ],
)
def test_the_dynamic_references_of_the_template_are_counted(
    settings: dict[str, Any], references: tuple[int, ...]
) -> None:
    assert tuple(GatewayConfig(**settings).secret_references.values()) == references


@given(st.integers(45, 60), st.integers(1, 3), st.integers(0, 7))
def test_a_template_has_so_many_dynamic_references_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, keys: int, generation: int, tokens: int
) -> None:
    backend = {**BACKENDS["http"], **({"bearer": BEARER} if tokens else {})}
    changes = {
        "clients.mobile.keys": [f"k{number}" for number in range(keys)],
        "origin_lock.generation": generation,
        "backends": {"b": backend},
        "models.predict": {"backend": "b", "methods": METHODS[: tokens or 1]},
    }
    lines = report_on_data(gateway(changes), tmp_path_factory.getbasetemp())
    accepted = min(generation, 2)
    total = keys + accepted + tokens
    counts = f"keys of clients: {keys}, origin secrets: {accepted}" + (
        f", bearer tokens in methods: {tokens}" if tokens else ""
    )
    assert lines == (
        []
        if total <= 60
        else [
            f"clients: the API's template has {total} dynamic references ({counts}), and CloudFormation takes 60; "
            "take out keys, or put them in another gateway"
        ]
    )


def test_bearer_tokens_alone_can_be_too_many(tmp_path: Path) -> None:
    models = {f"m{index}": {"backend": "b", "protocol": "oip-v2"} for index in range(5)}
    settings = changed({"models": models, "backends": {"b": {**BACKENDS["http"], "bearer": BEARER}}})
    assert report_on_data(settings, tmp_path) == [
        "backends: the API's template has 66 dynamic references (origin secrets: 1, bearer tokens in methods: 65), "
        "and CloudFormation takes 60; take out models of backends with bearer, or put them in another gateway"
    ]


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (gateway({}), 5 + 5 + 3 + 2),
        (gateway({"origin_lock.generation": 2}), 5 + 6 + 3 + 2),
        (gateway({"origin_lock.generation": 9}), 5 + 6 + 3 + 2),
        (gateway({"clients.mobile.keys": ["a", "b"]}), 5 + 5 + 6 + 2),
        (gateway({"plans.b": {"rate": "1/s", "burst": 1}, "clients.b": {"plan": "b"}}), 6 + 5 + 6 + 2),
    ],
)
def test_the_resources_of_clients_are_counted(settings: dict[str, Any], count: int) -> None:
    assert GatewayConfig(**settings).stack_resources == count


@pytest.mark.parametrize("models", [168, 169])
def test_a_stack_has_so_many_resources_and_no_more(tmp_path: Path, models: int) -> None:
    # 10 are always there, three for each of the 51 keys, and two for each model.
    settings = gateway(
        {
            "clients.mobile.keys": [f"k{number}" for number in range(51)],
            "models": {f"m{number}": {"url": URL} for number in range(models)},
        }
    )
    assert report_on_data(settings, tmp_path) == (
        []
        if models == 168
        else [
            "models: they and the clients make 501 resources of the API's stack, and CloudFormation takes 500; "
            "take out models or keys, or put them in another gateway"
        ]
    )
