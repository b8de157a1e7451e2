"""What a rule declares to read is needed: without it a value that was refused would lead to a second problem.

The file of each row is right. Of the setting at its place a value is refused, and what stands in for it would break the
rule.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ml_gateway import rules
from ml_gateway.rules import (
    RULES,
    Rule,
    alerts,
    backends,
    caches,
    clients,
    edge,
    encryption,
    names,
    overlap,
    paths,
    places,
    quotas,
    timeouts,
)
from tests.files import KMS_KEY, changed, get, report_on_data
from tests.rules.broken import GET, URL, behind_load_balancers, many
from tests.rules.declared_of_versions import OF_VERSIONS

MAIL = {"email": "ops@acme.com", "latency_p95": "1m"}
GOLD = {"rate": "1/s", "burst": 1}
TWO_CLIENTS = {"plans.gold": GOLD, "clients.mobile": {"plan": "default"}, "clients.tablet": {"plan": "gold"}}
STREAM = {"url": URL, "stream": True}
OPENAI = {"url": URL, "protocol": "openai"}
EU = {"type": "lambda", "function": "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
NEEDED = {"a": get("/a/{id}", cache="60s"), "b": get("/a/b", cache="0s")}

DECLARED: list[tuple[Rule, str, str, dict[str, Any]]] = [
    (names.unknown_plans, "plans", "plans", {"plans": {"gold": GOLD}, "clients.mobile": {"plan": "gold"}}),
    (
        names.limits_of_unknown_models, "models", "models",
        {"models": {"other": {"url": URL}}, "plans.default.limits": {"other": "1/s"}},
    ),
    (
        places.backends_of_another_region, "regions", "regions",
        {"regions": ["eu-west-1"], "backends.b": EU, "models.predict": {"backend": "b"}},
    ),
    (
        encryption.kms_keys_of_other_regions, "regions", "regions",
        {"regions": ["eu-west-1"],
         "encryption.kms_key": {"us-east-1": KMS_KEY, "eu-west-1": KMS_KEY.replace("us-east-1", "eu-west-1")}},
    ),
    (
        backends.unused_backends, "models.*.backend", "models.predict.backend",
        {"backends.b": {"type": "http", "url": URL}, "models.predict": {"backend": "b"}},
    ),
    (
        backends.protocols_that_a_backend_does_not_speak, "backends.*.type", "backends.b.type",
        {"backends.b": {"type": "sagemaker", "endpoint": "a"},
         "models.predict": {"backend": "b", "protocol": "sagemaker"}},
    ),
    (
        backends.variables_that_a_path_does_not_have, "models.*.path", "models.predict.path",
        {"models.predict": {"url": "https://a.b/{id}", "path": "/a/{id}"}},
    ),
    (
        timeouts.timeouts_that_no_hop_waits, "service_quotas.integration_timeout", "service_quotas.integration_timeout",
        {"models.predict": {"url": URL, "timeout": "1m"}, "service_quotas.integration_timeout": "1m"},
    ),
    (
        timeouts.timeouts_that_no_hop_waits, "service_quotas.response_timeout", "service_quotas.response_timeout",
        {"models.predict": {"url": URL, "timeout": "150s"},
         "service_quotas": {"integration_timeout": "150s", "response_timeout": "150s"}},
    ),
    (
        timeouts.timeouts_that_no_hop_waits, "models.*.protocol", "models.predict.protocol",
        {"models.predict": {**OPENAI, "timeout": "1m"}},
    ),
    (
        timeouts.timeouts_that_no_hop_waits, "models.*.stream", "models.predict.stream",
        {"models.predict": {**STREAM, "timeout": "1m"}},
    ),
    (
        timeouts.impatient_edge, "models.*.timeout", "models.predict.timeout",
        {"models.predict": {"url": URL, "timeout": "1s"}, "edge.response_timeout": "10s"},
    ),
    (
        timeouts.impatient_edge, "models.*.protocol", "models.predict.protocol",
        {"models.predict": OPENAI, "edge.response_timeout": "10s"},
    ),
    (
        timeouts.impatient_edge, "models.*.stream", "models.predict.stream",
        {"models.predict": STREAM, "edge.response_timeout": "10s"},
    ),
    (
        timeouts.too_patient_edge, "service_quotas.response_timeout", "service_quotas.response_timeout",
        {"edge.response_timeout": "3m", "service_quotas.response_timeout": "3m"},
    ),
    (
        quotas.too_many_resources_of_the_api, "service_quotas.api_resources", "service_quotas.api_resources",
        {"models": many(300), "service_quotas.api_resources": 301},
    ),
    (
        quotas.too_many_vpc_links, "service_quotas.vpc_links", "service_quotas.vpc_links",
        {**behind_load_balancers(11), "service_quotas.vpc_links": 11},
    ),
    (
        paths.unservable_paths, "models.*.path", "models.predict.path",
        {"models.predict.path": "/x", "models.other": {"url": URL, "path": "/predict"}},
    ),
    (
        paths.unservable_paths, "models.*.protocol", "models.other.protocol",
        {"models.other": {**OPENAI, "path": "/predict"}},
    ),
    (
        paths.unservable_paths, "models.*.methods", "models.other.methods",
        {"models.other": get("/predict")},
    ),
    (
        paths.unservable_paths, "models.*.served_as", "models.b.served_as",
        {"models.a": {"url": "https://a.b", "protocol": "tfserving", "path": "/x", "served_as": "b"},
         "models.b": {"url": "https://a.b", "protocol": "tfserving", "path": "/x", "served_as": "c"}},
    ),
    (clients.plans_without_clients, "clients", "clients", TWO_CLIENTS),
    (clients.no_plan, "clients", "clients", {"plans": {}, "clients.mobile": {"plan": GOLD}}),
    (
        clients.idle_rates, "plans.*.rate", "plans.default.rate",
        {"plans.default.rate": "100/s", "plans.default.limits": {"predict": "50/s"}},
    ),
    (
        clients.idle_rates, ".rate", "plans.default.limits.predict.rate",
        {"plans.default.rate": "1/s", "plans.default.limits": {"predict": {"rate": "1/s", "burst": 5}}},
    ),
    (
        clients.idle_bursts, "plans.*.burst", "plans.default.burst",
        {"plans.default.burst": 100, "plans.default.limits": {"predict": {"rate": "1/s", "burst": 50}}},
    ),
    (
        clients.settings_for_keys_that_nobody_sends, "clients", "clients",
        {"clients.mobile": {"plan": "default"}, "edge.accept_keys": ["x-api-key"]},
    ),
    (
        caches.cached_streams, "models.*.cache", "models.predict.cache",
        {"models.predict": {**GET, "stream": True, "cache": "0s"}, "edge.cache": "60s"},
    ),
    (
        caches.pointless_caches, "models.*.methods", "models.predict.methods",
        {"models.predict": {**GET, "cache": "60s"}},
    ),
    (
        caches.pointless_caches, "models.*.protocol", "models.predict.protocol",
        {"models.predict": {"url": URL, "protocol": "oip-v2", "cache": "60s"}},
    ),
    (overlap.requests_of_another_model, "models.*.cache", "models.b.cache", {"models": NEEDED}),
    (
        overlap.requests_of_another_model, "models.*.path", "models.b.path",
        {"models": {"a": get("/b/{id}", cache="60s"), "b": {"url": URL, "protocol": "oip-v2", "path": "/c"}}},
    ),
    (overlap.idle_caches, "models.*.cache", "models.a.cache", {"models": NEEDED}),
    (overlap.idle_caches, "models.*.path", "models.a.path", {"models": NEEDED}),
    (
        overlap.idle_caches, "models.*.methods", "models.b.methods",
        {"models": NEEDED},
    ),
    (
        overlap.idle_caches, "edge.cache", "edge.cache",
        {"models.predict": {**GET, "cache": "0s"}, "edge.cache": "60s"},
    ),
    (
        caches.shared_errors, "edge.cache", "edge.cache",
        {"edge.cache": "60s", "edge.error_caching": "10s"},
    ),
    (
        edge.routes_behind_the_health_check, "models.*.path", "models.health.path",
        {"models.health": get("/x"), "edge.health": "/health"},
    ),
    (
        alerts.unreachable_latency, "models.*.timeout", "models.predict.timeout",
        {"models.predict": {"url": URL, "timeout": "2m"}, "alerts": MAIL, "service_quotas.integration_timeout": "2m"},
    ),
    (
        alerts.unreachable_latency, "service_quotas.response_timeout", "service_quotas.response_timeout",
        {"models.predict": STREAM, "alerts": {**MAIL, "latency_p95": "150s"}, "service_quotas.response_timeout": "3m"},
    ),
    (
        alerts.unreachable_latency, "models.*.stream", "models.predict.stream",
        {"models.predict": STREAM, "alerts": MAIL},
    ),
    (
        alerts.unreachable_latency, "models.*.protocol", "models.predict.protocol",
        {"models.predict": OPENAI, "alerts": MAIL},
    ),
    *OF_VERSIONS,
]  # fmt: skip
IDS = [f"{rule.find.__name__}-{path}" for rule, path, _, _ in DECLARED]


@pytest.mark.parametrize(("rule", "path", "place", "changes"), DECLARED, ids=IDS)
def test_without_the_declaration_one_mistake_would_be_told_as_two(
    rule: Rule, path: str, place: str, changes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = changed(changes)
    assert report_on_data(right, tmp_path) == []
    refused = changed({place: [[]]}, right)
    told = report_on_data(refused, tmp_path)
    assert [line for line in told if not line.startswith(place)] == []
    assert told
    less = replace(rule, reads=tuple(each for each in rule.reads if each != path))
    assert len(less.reads) == len(rule.reads) - 1
    monkeypatch.setattr(rules, "RULES", [less if each is rule else each for each in RULES])
    assert len(report_on_data(refused, tmp_path)) > len(told)


def test_each_row_is_about_another_declaration() -> None:
    assert len(set(IDS)) == len(DECLARED)
