"""The smallest file that breaks each rule."""

from typing import Any

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules import (
    Rule,
    alerts,
    backends,
    caches,
    clients,
    edge,
    encryption,
    identities,
    names,
    overlap,
    paths,
    places,
    quotas,
    regions,
    rollouts,
    timeouts,
    variables,
)
from tests.files import BACKENDS, IDENTITIES, KMS_KEY, MISSING, behind, changed, gateway, get

URL = "https://model.example.com/invocations"
GET = {"url": URL, "methods": ["GET"]}
ZONE = {"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"}
MAIL = {"email": "ops@acme.com", "errors": "1%"}


def many(count: int, **settings: Any) -> dict[str, Any]:
    return {f"m{number}": {"url": URL, **settings} for number in range(count)}


def behind_load_balancers(count: int) -> dict[str, Any]:
    """The change by which so many models have a load balancer each, with subnets of its own."""
    names = [f"b{number}" for number in range(count)]
    return {
        "backends": dict.fromkeys(names, BACKENDS["load_balancer"]),
        "models": {name: {"backend": name} for name in names},
    }


def model(**settings: Any) -> dict[str, Any]:
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


def identified(changes: dict[str, Any]) -> dict[str, Any]:
    return changed(changes, changed(IDENTITIES))


V1 = {"url": "https://model.example.com/v1"}
V2 = {"url": "https://model.example.com/v2"}
SPLIT = {"versions": {"v1": V1, "v2": V2}, "split": {"v1": 90, "v2": 10}}
"""A model with two versions."""
ROLLBACK = {"to": "v1", "errors": "2%"}


def versioned(changes: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """The small file with two versions of its model, these settings beside them, and these changes."""
    return changed(changes, changed({"models.predict": {**SPLIT, **settings}}))


def many_versions(count: int, *, of_each: int = 3) -> dict[str, Any]:
    """So many models with so many versions each."""
    names = [f"v{number}" for number in range(of_each)]
    split = dict.fromkeys(names, 0) | {"v0": 100}
    return {f"m{number}": {"versions": dict.fromkeys(names, V1), "split": split} for number in range(count)}


BROKEN: list[tuple[Rule, dict[str, Any]]] = [
    (names.misnamed_entries, changed({"models.Other": {"url": URL}})),
    (names.unknown_plans, changed({"clients.mobile": {"plan": "defalt"}})),
    (names.limits_of_unknown_models, changed({"plans.default.limits": {"predct": "1/s"}})),
    (places.backends_of_another_region, {**behind("load_balancer"), "regions": ["eu-west-1"]}),
    (places.backends_of_one_region_alone, behind("lambda", function={"eu-west-1": "fraud"})),
    (places.arns_of_another_account, {**behind("load_balancer"), "account": "999999999999"}),
    (
        encryption.kms_keys_of_other_regions,
        changed({"encryption.kms_key": KMS_KEY, "regions": ["eu-west-1"]}),
    ),
    (rollouts.misnamed_versions, versioned({}, versions={"v--1": V1, "v2": V2}, split={"v--1": 90, "v2": 10})),
    (rollouts.settings_without_versions, model(choose="x-model-version")),
    (rollouts.settings_that_each_version_says, versioned({}, url=URL)),
    (rollouts.splits_of_other_versions, versioned({}, split={"v1": 90, "v2": 10, "v3": 0})),
    (rollouts.shares_that_are_not_all, versioned({}, split={"v1": 89, "v2": 10})),
    (rollouts.clients_that_nobody_tells_apart, versioned({}, sticky="client")),
    (rollouts.headers_that_choose_already, versioned({}, sticky="header:X-V", choose="x-v")),
    (rollouts.rollbacks_that_cannot_be, versioned({}, rollback=ROLLBACK)),
    (rollouts.settings_of_another_backend, versioned({"models.predict.versions.v2.target_variant": "challenger"})),
    (rollouts.paths_like_those_of_versions, versioned({"models.other": {"url": URL, "path": "/predict--v1"}})),
    (rollouts.requests_of_a_model_beside_versions, versioned({"models.other": {**GET, "path": "/predict"}})),
    (
        rollouts.functions_without_room_for_versions,
        changed({"models": many_versions(60), "service_quotas.api_resources": 900}),
    ),
    (regions.regions_without_a_name, changed({"regions": ["us-east-1", "eu-west-1"]})),
    (regions.no_region_that_answers, changed({"regions": {"us-east-1": {"drain": True}}})),
    (
        regions.plans_that_do_not_say_what_regions_share,
        changed({"regions": ["us-east-1", "eu-west-1"], "edge.domain": ZONE}),
    ),
    (
        regions.plans_too_small_to_be_split,
        changed(
            {
                "regions": ["us-east-1", "eu-west-1"],
                "edge.domain": ZONE,
                "plans.default": {"rate": "2/s", "burst": 1, "across_regions": "split"},
            }
        ),
    ),
    (backends.unused_backends, changed({"backends": {"b": BACKENDS["http"]}})),
    (backends.protocols_that_a_backend_does_not_speak, behind("sagemaker", {"protocol": "openai"})),
    (backends.methods_that_sagemaker_does_not_take, behind("sagemaker", {"methods": ["GET"]})),
    (backends.streams_of_sagemaker, behind("sagemaker", {"stream": True})),
    (backends.backend_methods_without_effect, behind("lambda", {"backend_method": "PUT"})),
    (backends.urls_that_are_no_base_url, behind("http", {"protocol": "openai"}, url="https://a.b")),
    (backends.urls_that_a_protocol_cannot_follow, behind("http", {"protocol": "oip-v2"}, url="https://a.b/?b=c")),
    (backends.variables_that_a_path_does_not_have, behind("http", url="https://a.b/{id}")),
    (variables.variables_that_no_path_has, behind("sagemaker", target_model="{model}")),
    (
        variables.variables_in_a_longer_text,
        behind("http", {"path": "/a/{id}"}, url="https://a.b/{id}", headers={"X-Id": "id-{id}"}),
    ),
    (variables.variables_that_lead_nowhere, behind("http", {"path": "/a/{id}"})),
    (timeouts.timeouts_that_sagemaker_does_not_wait, behind("sagemaker", {"timeout": "61s"})),
    (timeouts.timeouts_that_no_hop_waits, model(timeout="1m")),
    (timeouts.impatient_edge, changed({"edge.response_timeout": "10s"})),
    (timeouts.too_patient_edge, changed({"edge.response_timeout": "3m"})),
    (paths.unservable_paths, changed({"models.other": {"url": URL, "path": "/predict"}})),
    (quotas.too_many_resources_of_the_api, changed({"models": many(300)})),
    (quotas.too_many_plans, gateway({f"plans.p{number}": {"rate": "1/s", "burst": 1} for number in range(300)})),
    (quotas.too_many_vpc_links, changed(behind_load_balancers(11))),
    (clients.no_plan, changed({"plans": {}})),
    (clients.plans_without_clients, changed({"plans.other": {"rate": "1/s", "burst": 1}})),
    (
        clients.too_many_method_throttles,
        changed({"models": many(21), "plans.default.limits": {f"m{number}": "1/s" for number in range(21)}}),
    ),
    (clients.idle_rates, changed({"plans.default.limits": {"predict": "3/s"}})),
    (clients.idle_bursts, changed({"plans.default.limits": {"predict": {"rate": "1/s", "burst": 11}}})),
    (identities.unknown_issuers, changed({"clients.a": {"plan": "default", "jwt": {"corp": "a"}}})),
    (identities.unknown_models, changed({"clients.a": {"plan": "default", "models": ["predct"]}})),
    (identities.uncallable_models, identified({"clients.batch.models": ["predict"]})),
    (
        identities.limits_of_uncallable_models,
        identified(
            {"plans.own": {"rate": "1/s", "burst": 1, "limits": {"llama": "1/s"}}, "clients.mobile.plan": "own"}
        ),
    ),
    (identities.unused_issuers, identified({"clients.batch.jwt": MISSING})),
    (
        identities.issuers_listed_twice,
        identified({"issuers.twin": IDENTITIES["issuers.corp"], "clients.batch.jwt": {"corp": "a", "twin": "b"}}),
    ),
    (identities.tokens_of_two_clients, identified({"clients.batch.jwt": {"corp": ["a", "a"]}})),
    (identities.tokens_that_nothing_takes, identified({"edge.accept_keys": ["x-api-key"]})),
    (
        identities.calls_of_another_model,
        identified({"models": {"predict": get("/a/{id}"), "llama": get("/a/b")}}),
    ),
    (identities.too_long_resources, identified({"models.predict.path": "/" + "a" * 500})),
    (
        identities.headers_that_name_clients,
        identified(
            {
                "backends": {"b": {**BACKENDS["http"], "headers": {"x-client-id": "me"}}},
                "models.predict": {"backend": "b"},
            }
        ),
    ),
    (identities.settings_of_no_authorizer, changed({"authorizer.reserved_concurrency": 5})),
    (clients.settings_for_keys_that_nobody_sends, changed({"edge.accept_keys": ["x-api-key"]})),
    (
        clients.cache_keys_without_room_for_a_key,
        gateway({"edge.cache": {"default": "0s", "max": "1h", "headers": [f"X-{number}" for number in range(8)]}}),
    ),
    (caches.cached_streams, changed({"models.predict": {**GET, "stream": True}, "edge.cache": "60s"})),
    (caches.pointless_caches, model(cache="60s")),
    (
        caches.caches_of_what_is_never_kept,
        changed(
            {
                "models.predict": {**GET, "path": "/list/v1/models", "cache": "60s"},
                "models.chat": {"url": "https://a.b/v1", "protocol": "openai"},
            }
        ),
    ),
    (caches.too_long_path_patterns, changed({"models.predict": {**GET, "path": "/" + "a" * 255, "cache": "60s"}})),
    (caches.too_many_behaviors, changed({"models": many(38, methods=["GET"], cache="60s")})),
    (
        caches.too_many_cache_policies,
        changed({"models": {f"m{n}": {**GET, "cache": f"{n + 1}s"} for n in range(21)}}),
    ),
    (overlap.requests_of_another_model, changed({"models": {"a": get("/a/{id}", cache="60s"), "b": get("/a/b")}})),
    (
        overlap.idle_caches,
        changed({"models.predict": {**GET, "cache": "60s"}, "models.chat": {"url": URL}, "edge.cache": "60s"}),
    ),
    (caches.shared_errors, changed({"edge.error_caching": "10s"})),
    (edge.routes_behind_the_health_check, changed({"models.predict": GET, "edge.health": "/predict"})),
    (alerts.too_many_metric_filters, changed({"models": many(34), "alerts": MAIL})),
    (
        alerts.too_many_widgets,
        changed(
            {
                "models": many(33),
                "alerts": MAIL,
                "regions": ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1"],
                "edge.domain": ZONE,
                "plans.default.across_regions": "each",
            }
        ),
    ),
    (alerts.too_long_filter_patterns, changed({"models.predict.path": "/" + "a" * 1000, "alerts": MAIL})),
    (alerts.unreachable_latency, changed({"alerts": {"email": "ops@acme.com", "latency_p95": "1m"}})),
]
"""Each rule with the smallest file that breaks it."""

IDS = [rule.find.__name__ for rule, _ in BROKEN]


def conflicts(rule: Rule, settings: dict[str, Any], *others: Rule) -> list[Conflict]:
    """What the rule, and each of the others, says of a file by itself."""
    config = GatewayConfig(**settings)
    design = GatewayDesign.of(config)
    each = (one.conflicts(config, design, refused=(), disputed=frozenset()) for one in (rule, *others))
    return [conflict for found in each for conflict in found]
