"""Rules between clients, their plans, the models that plans limit, and the edge."""

from collections.abc import Iterator, Mapping
from typing import Final

from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.edge import EdgeConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.plans import ClientConfig, PlanConfig
from ml_gateway.config.rules import only_one
from ml_gateway.config.serving_rules import Routes
from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.config.types.headers import MOST_CACHE_HEADERS
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.wording import shown, suggestion

MOST_METHOD_THROTTLES: Final = 20
"""API Gateway's quota of method throttles for each stage in a usage plan."""

MOST_CACHE_HEADERS_WITH_CLIENTS: Final = MOST_CACHE_HEADERS - 1

_FEWER_HEADERS: Final[JsonSchema] = {
    "properties": {"cache": {"properties": {"headers": {"maxItems": MOST_CACHE_HEADERS_WITH_CLIENTS}}}}
}

CLIENTS_DECIDE: Final[JsonSchema] = {
    "if": {"required": ["clients"], "properties": {"clients": {"minProperties": 1}}},
    "then": {"properties": {"edge": _FEWER_HEADERS, "models": {"additionalProperties": _FEWER_HEADERS}}},
    "else": {
        "properties": {
            "plans": {"maxProperties": 1},
            "edge": {"properties": {"accept_keys": False, "firewall": {"properties": {"key_rate": False}}}},
        }
    },
}
"""What an editor takes with clients, and without."""

Clients = Mapping[str, ClientConfig]
Plans = Mapping[str, PlanConfig]


def client_conflicts(clients: Clients, plans: Plans, routes: Routes) -> Iterator[ConflictError]:
    """All that is wrong between clients, plans and the models that plans limit."""
    if clients:
        unknown = list(unknown_plans(clients, plans))
        yield from unknown or unused_plans(clients, plans)
        yield from confused_keys(clients)
    else:
        yield from plans_without_clients(plans)
    yield from unfit_limits(plans, routes)
    yield from idle_limits(plans)


def confused_keys(clients: Clients) -> Iterator[ConflictError]:
    """Keys of two clients for which outputs have one name: key `a-of-b` of `c`, and key `a` of `b-of-c`."""
    first: dict[str, tuple[str, str]] = {}
    for client, config in clients.items():
        for key in config.keys:
            other, its_key = first.setdefault(f"{key}-of-{client}".replace("-", ""), (client, key))
            # Clients whose names differ in hyphens only are refused as such.
            if other.replace("-", "") != client.replace("-", ""):
                message = (
                    f"{shown(key)} would have the output of key {shown(its_key)} of client {shown(other)}, "
                    "since outputs leave hyphens out; rename one"
                )
                yield ConflictError(message, ("clients", client, "keys"), ("clients", other, "keys"))


def plans_without_clients(plans: Plans) -> Iterator[ConflictError]:
    """Several plans, although nothing but the distribution calls the API."""
    reason = "but one limits the gateway as a whole while there are no clients"
    yield from only_one("plans", plans, reason, ("clients",))


def unknown_plans(clients: Clients, plans: Plans) -> Iterator[ConflictError]:
    """Clients that name a plan which is not there."""
    for name, client in clients.items():
        if client.plan not in plans:
            message = f"{shown(client.plan)} is not a plan; {suggestion(client.plan, plans)}"
            yield ConflictError(message, ("clients", name, "plan"), ("plans",))


def unused_plans(clients: Clients, plans: Plans) -> Iterator[ConflictError]:
    """Plans of no client. To be told only when all clients name known ones: a slip in a name makes two problems."""
    used = {client.plan for client in clients.values()}
    named_by: list[Place] = [("clients", name, "plan") for name in clients]
    for name in plans:
        if name not in used:
            message = f"limits no client; write plan: {name} in one, or leave it out"
            yield ConflictError(message, ("plans", name), ("clients",), *named_by)


def unfit_limits(plans: Plans, routes: Routes) -> Iterator[ConflictError]:
    """Limits of models which are not there, and more of them than a plan takes."""
    for name, plan in plans.items():
        at = ("plans", name, "limits")
        for model in plan.limits:
            if model not in routes:
                message = f"{shown(model)} is not a model; {suggestion(model, routes)}"
                yield ConflictError(message, (*at, model), ("models",))
        limited = [model for model in plan.limits if model in routes]
        count = sum(len(tuple(routes[model])) for model in limited)
        if count > MOST_METHOD_THROTTLES:
            message = (
                f"these models have {count} methods, each with a throttle of its own, and a plan takes "
                f"{MOST_METHOD_THROTTLES}; limit fewer models"
            )
            depends = [("models", model, key) for model in limited for key in ("protocol", "methods")]
            yield ConflictError(message, at, *depends)


def idle_limits(plans: Plans) -> Iterator[ConflictError]:
    """Limits of models that are above those of the whole plan."""
    for name, plan in plans.items():
        for model, limit in plan.limits.items():
            at: Place = ("plans", name, "limits", model)
            if limit.rate.per_second > plan.rate.per_second:
                message = f"{limit.rate} has no effect above the plan's own {plan.rate}; write at most that"
                yield ConflictError(message, at, ("plans", name, "rate"), (*at, "rate"))
            if limit.burst is not None and limit.burst > plan.burst:
                message = f"{limit.burst} has no effect above the plan's own {plan.burst}; write at most that"
                yield ConflictError(message, (*at, "burst"), ("plans", name, "burst"))


def unfit_edge(edge: EdgeConfig, models: Mapping[str, ModelConfig], *, with_clients: bool) -> Iterator[ConflictError]:
    """Settings for keys that nobody sends, and cache keys that have no room for them."""
    aimless: dict[Place, object] = {
        ("edge", "accept_keys"): edge.accept_keys,
        ("edge", "firewall", "key_rate"): edge.firewall and edge.firewall.key_rate,
    }
    for at, value in aimless.items():
        if value is not None and not with_clients:
            message = "has no effect without clients, who send keys of their own; leave the line out"
            yield ConflictError(message, at, ("clients",))
    caches: dict[Place, CacheConfig | None] = {
        ("edge", "cache"): edge.cache,
        **{("models", name, "cache"): model.cache for name, model in models.items()},
    }
    for place, cache in caches.items():
        count = len(cache.headers) if cache else 0
        if with_clients and count > MOST_CACHE_HEADERS_WITH_CLIENTS:
            message = (
                f"{count} entries are too many beside {API_KEY_HEADER}, which clients add to the cache key; "
                f"keep at most {MOST_CACHE_HEADERS_WITH_CLIENTS}"
            )
            yield ConflictError(message, (*place, "headers"), ("clients",))
