"""The list of rules: it has all of them, and each is silent exactly where what it declares to read was refused."""

from copy import deepcopy
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from ml_gateway import rules
from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict, Place, places_read
from ml_gateway.design import GatewayDesign
from ml_gateway.reading.file_schema import file_schema, schema_at
from ml_gateway.rules import (
    RULES,
    Rule,
    alerts,
    backends,
    caches,
    clients,
    edge,
    names,
    overlap,
    paths,
    places,
    quotas,
    timeouts,
)
from tests.files import BACKENDS, behind, changed, gateway, get, report_on_data

URL = "https://model.example.com/invocations"
GET = {"url": URL, "methods": ["GET"]}
MAIL = {"email": "ops@acme.com", "errors": "1%"}


def many(count: int, **settings: Any) -> dict[str, Any]:
    return {f"m{number}": {"url": URL, **settings} for number in range(count)}


def model(**settings: Any) -> dict[str, Any]:
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


BROKEN: list[tuple[Rule, dict[str, Any]]] = [
    (names.misnamed_entries, changed({"models.Other": {"url": URL}})),
    (names.unknown_plans, changed({"clients.mobile": {"plan": "defalt"}})),
    (names.limits_of_unknown_models, changed({"plans.default.limits": {"predct": "1/s"}})),
    (names.look_alike_entries, changed({"models.pre-dict": {"url": URL}})),
    (names.look_alike_keys, changed({"clients.mobile": {"plan": "default", "keys": ["a-b", "ab"]}})),
    (
        names.confused_keys,
        changed(
            {"clients": {"b": {"plan": "default", "keys": ["x-of-a"]}, "a-of-b": {"plan": "default", "keys": ["x"]}}}
        ),
    ),
    (places.backends_of_another_region, {**behind("load_balancer"), "regions": ["eu-west-1"]}),
    (places.arns_of_another_account, {**behind("load_balancer"), "account": "999999999999"}),
    (backends.unused_backends, changed({"backends": {"b": BACKENDS["http"]}})),
    (backends.protocols_that_a_backend_does_not_speak, behind("sagemaker", {"protocol": "openai"})),
    (backends.methods_that_sagemaker_does_not_take, behind("sagemaker", {"methods": ["GET"]})),
    (backends.streams_of_sagemaker, behind("sagemaker", {"stream": True})),
    (backends.backend_methods_without_effect, behind("lambda", {"backend_method": "PUT"})),
    (backends.urls_that_a_protocol_cannot_follow, behind("http", {"protocol": "oip-v2"}, url="https://a/?b=c")),
    (backends.variables_that_a_path_does_not_have, behind("http", url="https://a/{id}")),
    (timeouts.long_timeouts_without_effect, model(long_timeout=True)),
    (timeouts.timeouts_that_no_hop_waits, model(timeout="1m")),
    (timeouts.impatient_edge, changed({"edge.response_timeout": "10s"})),
    (paths.unservable_paths, changed({"models.other": {"url": URL, "path": "/predict"}})),
    (quotas.too_many_resources_of_the_api, changed({"models": many(300)})),
    (clients.plans_without_clients, changed({"plans.other": {"rate": "1/s", "burst": 1}})),
    (clients.unused_plans, gateway({"plans.other": {"rate": "1/s", "burst": 1}})),
    (
        clients.too_many_method_throttles,
        changed({"models": many(21), "plans.default.limits": {f"m{number}": "1/s" for number in range(21)}}),
    ),
    (clients.idle_rates, changed({"plans.default.limits": {"predict": "3/s"}})),
    (clients.idle_bursts, changed({"plans.default.limits": {"predict": {"rate": "1/s", "burst": 11}}})),
    (clients.settings_for_keys_that_nobody_sends, changed({"edge.accept_keys": ["x-api-key"]})),
    (
        clients.cache_keys_without_room_for_a_key,
        gateway({"edge.cache": {"default": "0s", "max": "1h", "headers": [f"X-{number}" for number in range(8)]}}),
    ),
    (caches.cached_streams, changed({"models.predict": {**GET, "stream": True}, "edge.cache": "60s"})),
    (caches.pointless_caches, model(cache="60s")),
    (caches.too_long_path_patterns, changed({"models.predict": {**GET, "path": "/" + "a" * 255, "cache": "60s"}})),
    (caches.too_many_behaviors, changed({"models": many(38, methods=["GET"], cache="60s")})),
    (
        caches.too_many_cache_policies,
        changed({"models": {f"m{n}": {**GET, "cache": f"{n + 1}s"} for n in range(21)}}),
    ),
    (overlap.requests_of_another_model, changed({"models": {"a": get("/a/{id}", cache="60s"), "b": get("/a/b")}})),
    (overlap.idle_caches, changed({"models.predict": {**GET, "cache": "60s"}, "edge.cache": "60s"})),
    (caches.shared_errors, changed({"edge.error_caching": "10s"})),
    (edge.routes_behind_the_health_check, changed({"models.predict": GET, "edge.health": "/predict"})),
    (alerts.too_many_metric_filters, changed({"models": many(34), "alerts": MAIL})),
    (alerts.too_long_filter_patterns, changed({"models.predict.path": "/" + "a" * 1000, "alerts": MAIL})),
    (alerts.unreachable_latency, changed({"alerts": {"email": "ops@acme.com", "latency_p95": "1m"}})),
]
"""Each rule with the smallest file that breaks it."""

IDS = [rule.find.__name__ for rule, _ in BROKEN]


def test_the_list_has_every_rule_once() -> None:
    modules = [getattr(rules, info.name) for info in iter_modules(rules.__path__) if info.name != "rule"]
    defined = [each for module in modules for each in vars(module).values() if isinstance(each, Rule)]
    assert len(defined) > 30
    assert sorted(map(id, RULES)) == sorted(map(id, defined))


def test_each_rule_has_a_file_that_breaks_it() -> None:
    assert {id(rule) for rule, _ in BROKEN} == set(map(id, RULES))
    assert len(BROKEN) == len(RULES)


def conflicts(rule: Rule, settings: dict[str, Any]) -> list[Conflict]:
    config = GatewayConfig(**settings)
    return rule.conflicts(config, GatewayDesign.of(config), refused=(), disputed=())


def read_by(rule: Rule, conflict: Conflict, settings: dict[str, Any]) -> list[Place]:
    """The place of a conflict, and all that its rule declares to read for it."""
    return [conflict.at, *places_read(rule.reads, conflict, lambda section: settings.get(section, {}))]


def spoiled(settings: dict[str, Any], place: Place) -> dict[str, Any]:
    """The file with something at `place` that no setting takes."""
    data = deepcopy(settings)
    *above, key = place
    section: Any = data
    for step in above:
        section = section.setdefault(step, {})
        if not isinstance(section, dict):
            return spoiled(settings, tuple(above))
    section[key] = [[]]
    return data


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_tells_what_breaks_it_with_its_place(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    found = conflicts(rule, settings)
    assert found
    told = report_on_data(settings, tmp_path)
    assert all(any(line.endswith(conflict.message) for line in told) for conflict in found)


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_is_silent_where_what_it_reads_was_refused(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    (conflict, *_) = conflicts(rule, settings)
    read = read_by(rule, conflict, settings)
    for place in read:
        told = report_on_data(spoiled(settings, place), tmp_path)
        assert told, place
        assert not [line for line in told if line.endswith(conflict.message)], place


@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_rule_is_told_beside_what_it_does_not_read(rule: Rule, settings: dict[str, Any], tmp_path: Path) -> None:
    beside = {**settings, "description": [[]], "stage": [[]], "logs": [[]], "origin_lock": [[]], "oops": 1}
    told = report_on_data(beside, tmp_path)
    assert len(told) >= 6
    assert all(any(line.endswith(each.message) for line in told) for each in conflicts(rule, settings))


def settings_below(schema: dict[str, Any]) -> set[str]:
    return set(schema.get("properties", ()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.find.__name__)
def test_a_rule_reads_settings_that_there_are(rule: Rule) -> None:
    for path in rule.reads:
        section, *below = path.split(".")
        if not section:
            continue  # below a conflict's own place: shown by the file that breaks the rule
        assert section in settings_below(dict(file_schema()))
        if section == "backends" and below:
            types = schema_at(("backends", "b"))["discriminator"]["mapping"]
            assert any(below[1] in settings_below(schema_at(("backends", "b", kind))) for kind in types)
        elif below:
            assert below[-1] in settings_below(schema_at((section, *below[:-1])))


def test_files_that_break_rules_differ() -> None:
    assert len({str(settings) for _, settings in BROKEN}) == len(BROKEN)
