"""Clients, their plans and their keys: what is refused, what is taken, and what is counted."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import ClientConfig, GatewayConfig, LimitConfig, PlanConfig, RequestRate
from ml_gateway.design import ClientDesign
from ml_gateway.reading import load_config
from tests.files import CLIENTS, MISSING, TOP, changed, gateway, report_on, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
NAME_FORM = "up to 63 lower-case letters and digits, a letter first, with single hyphens in between"
NO_CLIENTS = "has no effect without clients, who send keys of their own; leave the line out"
NO_WAY_IN = "empty, and nobody could call as this client; name a key, or write jwt with the tokens it has"
ONE_PLAN = "2 plans are given, but one limits the gateway as a whole while there are no clients; keep one"


def test_all_problems_of_clients_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
name: acme-ml
regions: [us-east-1]
models:
  llama: {url: https://a.example.com/v1, protocol: openai}
plans:
  free:
    rate: 5/s
    burst: 10
    limits:
      lama: 1/s
  gold:
    rate: 5/s
    burst: 10
    limits: {llama: 6/s}
clients:
  mobile: {plan: free}
  partner-x:
    plan: gld
    keys: [a, a]
edge:
  accept_keys: [Bearer]
"""
    assert report_on(text, tmp_path) == [
        "10: plans.free.limits.lama: 'lama' is not a model; did you mean 'llama'?",
        "14: plans.gold.limits.llama: 6/s has no effect above the plan's own 5/s; write at most that",
        "18: clients.partner-x.plan: 'gld' is not a plan; did you mean 'gold'?",
        "19: clients.partner-x.keys: 'a' is listed twice; keep one",
        "21: edge.accept_keys[0]: 'Bearer' is not known here; did you mean 'bearer'?",
    ]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("clients", [], "a list is not a map; write clients: {mobile-app: {plan: free}}"),
        ("clients", None, "empty; write clients: {mobile-app: {plan: free}} or leave the line out"),
        ("clients.mobile", None, "empty; write mobile: {plan: free}"),
        ("clients.mobile", "free", "'free' is not a map; write mobile: {plan: free}"),
        ("clients.mobile.plan", MISSING, "missing; write plan: free"),
        ("clients.mobile.plan", "gold", "'gold' is not a plan; write one of default"),
        ("clients.mobile.plan", "Default", "'Default' is not a plan; did you mean 'default'?"),
        ("clients.mobile.keys", [], NO_WAY_IN),
        ("clients.mobile.keys", "a", "'a' is not a list; write keys: [a, b]"),
        ("clients.mobile.keys", ["a", "b", "a"], "'a' is listed twice; keep one"),
        ("clients.mobile.key", "a", "unknown key; did you mean 'keys'?"),
        ("clients.mobile.description", "", "empty; write description: The app for phones."),
        ("clients.Other", {"plan": "default"}, f"'Other' is not a name; write {NAME_FORM}"),
        ("edge.accept_keys", [], "empty; write accept_keys: [x-api-key, bearer, api-key]"),
        ("edge.accept_keys", ["bearer", "bearer"], "'bearer' is listed twice; keep one"),
        (
            "edge.accept_keys",
            ["bearer"],
            "x-api-key is accepted in any case, because API Gateway itself reads it; list it, too",
        ),
        (
            "edge.cache",
            {**CACHE, "headers": [f"X-{n}" for n in range(8)]},
            "8 entries are too many beside x-api-key, which clients add to the cache key; keep at most 7",
        ),
    ],
)
def test_a_wrong_setting_of_clients_is_told_with_the_way_out(
    tmp_path: Path, place: str, value: Any, message: str
) -> None:
    told = "edge.cache.headers" if place == "edge.cache" else place
    settings = changed({place: value}, gateway({"clients.mobile.description": "x", "clients.mobile.keys": ["a"]}))
    assert report_on_data(settings, tmp_path) == [f"{told}: {message}"]


def test_a_wrong_key_name_is_told_at_its_place_in_the_list(tmp_path: Path) -> None:
    assert report_on_data(gateway({"clients.mobile.keys": ["a", "B"]}), tmp_path) == [
        f"clients.mobile.keys[1]: 'B' is not a name; write {NAME_FORM}"
    ]


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        ("1", ": '1' has no unit; write requests per second, such as 2/s"),
        (1, ": '1' has no unit; write requests per second, such as 2/s"),
        (True, ": true is not a quantity; write a number and a unit, such as 2/s"),
        (["1/s"], ": a list is not a quantity; write a number and a unit, such as 2/s"),
        (None, ": empty; write predict: 1/s"),
        ({}, ".rate: missing; write rate: 2/s"),
        ({"rate": 1}, ".rate: '1' has no unit; write requests per second, such as 2/s"),
        ({"rate": "1/s", "burst": 0}, ".burst: 0 is too small; write 1 or more"),
        ({"rate": "1/s", "bursts": 1}, ".bursts: unknown key; did you mean 'burst'?"),
        ("3/s", ": 3/s has no effect above the plan's own 2/s; write at most that"),
        ({"rate": "3/s"}, ": 3/s has no effect above the plan's own 2/s; write at most that"),
        ({"rate": "1/s", "burst": 11}, ".burst: 11 has no effect above the plan's own 10; write at most that"),
    ],
)
def test_a_wrong_limit_is_told_with_the_way_out(tmp_path: Path, limit: Any, line: str) -> None:
    settings = changed({"plans.default.limits": {"predict": limit}})
    assert report_on_data(settings, tmp_path) == [f"plans.default.limits.predict{line}"]


def test_a_limit_can_be_wrong_in_more_than_one_way(tmp_path: Path) -> None:
    settings = changed({"plans.default.limits": {"predct": {"rate": "3/s", "burst": 11}}})
    assert report_on_data(settings, tmp_path) == [
        "plans.default.limits.predct: 'predct' is not a model; did you mean 'predict'?",
        "plans.default.limits.predct: 3/s has no effect above the plan's own 2/s; write at most that",
        "plans.default.limits.predct.burst: 11 has no effect above the plan's own 10; write at most that",
    ]


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        # Without clients the settings that only they need are refused.
        (changed({"plans.gold": {"rate": "1/s", "burst": 1}}), [f"plans: {ONE_PLAN}"]),
        (changed({"clients": {}, "plans.gold": {"rate": "1/s", "burst": 1}}), [f"plans: {ONE_PLAN}"]),
        (changed({"edge.accept_keys": ["x-api-key"]}), [f"edge.accept_keys: {NO_CLIENTS}"]),
        # A plan may be prepared before a client has it.
        (gateway({"plans.gold": {"rate": "1/s", "burst": 1}}), []),
        # Names may differ in hyphens only.
        (
            gateway(
                {
                    "clients.mo-bile": {"plan": "default", "keys": ["a-1", "a1"]},
                    "models.pre-dict": {"url": "https://model.example.com"},
                }
            ),
            [],
        ),
        # A slip in a name is one problem and not two.
        (
            gateway({"plans.gold": {"rate": "1/s", "burst": 1}, "clients.b": {"plan": "gld"}}),
            ["clients.b.plan: 'gld' is not a plan; did you mean 'gold'?"],
        ),
    ],
)
def test_plans_and_clients_belong_together(tmp_path: Path, settings: dict[str, Any], lines: list[str]) -> None:
    assert report_on_data(settings, tmp_path) == lines


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"clients": None, "plans.gold": {"rate": "1/s", "burst": 1}, "edge.accept_keys": ["x-api-key"]}, "clients"),
        ({"clients": {"a": None}, "plans.gold": {"rate": "1/s", "burst": 1}}, "clients.a"),
        ({**CLIENTS, "plans": None}, "plans"),
        ({"plans.default": {"rate": "2", "burst": 9, "limits": {"predict": "5/s"}}}, "plans.default.rate"),
        ({"plans.default.rate": "0.1/s", "plans.default.limits.predict": {}}, "plans.default.limits.predict.rate"),
        ({"models": None, "plans.default.limits": {"llama": "1/s"}}, "models"),
        ({"models.a": None, "plans.default.limits": {"a": "1/s"}}, "models.a"),
    ],
)  # fmt: skip
def test_what_only_follows_from_another_problem_is_not_told(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    assert [line.partition(": ")[0] for line in report_on_data(changed(changes), tmp_path)] == [place]


# The values


def test_a_limit_has_a_short_form() -> None:
    short = PlanConfig(rate="5/s", burst=10, limits={"llama": "1.5/s"})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": {"rate": "1.5/s"}})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": RequestRate(1.5)})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": LimitConfig(rate="1.5/s")})


def test_a_limit_may_be_as_high_as_its_plan(tmp_path: Path) -> None:
    limit = {"rate": "2/s", "burst": 10}
    assert report_on_data(changed({"plans.default.limits": {"predict": limit}}), tmp_path) == []


def test_a_client_has_one_key_unless_told_otherwise() -> None:
    said = {"keys": ("a", "b"), "jwt": {"corp": ("batch-prod",)}}

    def keys(*names: str) -> tuple[str, ...]:
        client = ClientConfig.model_validate({"plan": "free", **{name: said[name] for name in names}})
        return ClientDesign.of(client).keys

    assert (keys(), keys("keys"), keys("jwt"), keys("keys", "jwt")) == (("default",), ("a", "b"), (), ("a", "b"))


def test_what_is_dumped_of_clients_can_be_validated_again() -> None:
    config = load_config(TOP / "examples" / "multi_tenant.yaml")
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config
