"""Rules between clients, their plans, the models that plans limit, and the edge."""

from collections.abc import Iterator

from ml_gateway.config import CacheConfig, GatewayConfig
from ml_gateway.config.types.headers import MOST_CACHE_HEADERS_WITH_CLIENTS
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import GatewayDesign, Keyed, Open
from ml_gateway.design.plans import MOST_METHOD_THROTTLES
from ml_gateway.rules.rule import reads


@reads("clients")
def plans_without_clients(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Several plans, although nothing but the distribution calls the API."""
    if isinstance(meant.callers, Open) and len(said.plans) > 1:
        message = (
            f"{len(said.plans)} plans are given, but one limits the gateway as a whole while there are no clients; "
            "keep one"
        )
        yield Conflict(message, ("plans",))


@reads("clients")
def no_plan(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Nothing that limits the gateway as a whole."""
    if isinstance(meant.callers, Open) and not said.plans:
        message = "there is none that limits the gateway as a whole; write plans: {default: {rate: 2/s, burst: 10}}"
        yield Conflict(message, ("plans",))


@reads("models.*.protocol", "models.*.methods", "models.*.versions")
def too_many_method_throttles(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for place, plan in meant.every_plan.items():
        if len(plan.limits) > MOST_METHOD_THROTTLES:
            message = (
                f"these models have {len(plan.limits)} methods, each with a throttle of its own, and a plan takes "
                f"{MOST_METHOD_THROTTLES}; limit fewer models"
            )
            yield Conflict(message, (*place, "limits"), {"models": tuple(plan.plan.limits)})


def _not_of_others(place: Place) -> dict[str, tuple[str, ...]]:
    """A conflict within the plan at `place` is about no plan of the other section: those of clients, or with names."""
    return {"clients" if place[0] == "plans" else "plans": ()}


@reads("plans.*.rate", "clients.*.plan.rate", ".rate")
def idle_rates(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Rates of models that are above that of the whole plan."""
    for place, plan in said.every_plan.items():
        for model, limit in plan.limits.items():
            if limit.rate.per_second > plan.rate.per_second:
                message = f"{limit.rate} has no effect above the plan's own {plan.rate}; write at most that"
                yield Conflict(message, (*place, "limits", model), _not_of_others(place))


@reads("plans.*.burst", "clients.*.plan.burst")
def idle_bursts(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Bursts of models that are above that of the whole plan."""
    for place, plan in said.every_plan.items():
        for model, limit in plan.limits.items():
            if limit.burst is not None and limit.burst > plan.burst:
                message = f"{limit.burst} has no effect above the plan's own {plan.burst}; write at most that"
                yield Conflict(message, (*place, "limits", model, "burst"), _not_of_others(place))


@reads("clients")
def settings_for_keys_that_nobody_sends(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    aimless: dict[Place, object] = {
        ("edge", "accept_keys"): said.edge.accept_keys,
        ("edge", "firewall", "key_rate"): said.edge.firewall and said.edge.firewall.key_rate,
    }
    for at, value in aimless.items():
        if value is not None and isinstance(meant.callers, Open):
            message = "has no effect without clients, who send keys of their own; leave the line out"
            yield Conflict(message, at)


@reads("clients")
def cache_keys_without_room_for_a_key(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    caches: dict[Place, CacheConfig | None] = {
        ("edge", "cache"): said.edge.cache,
        **{("models", name, "cache"): model.cache for name, model in meant.models.items()},
    }
    for place, cache in caches.items():
        count = len(cache.headers) if cache else 0
        if isinstance(meant.callers, Keyed) and count > MOST_CACHE_HEADERS_WITH_CLIENTS:
            message = (
                f"{count} entries are too many beside {API_KEY_HEADER}, which clients add to the cache key; "
                f"keep at most {MOST_CACHE_HEADERS_WITH_CLIENTS}"
            )
            yield Conflict(message, (*place, "headers"))
