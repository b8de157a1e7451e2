"""Rules about what the edge keeps: for single models, for all of them, and how many ways of keeping there are."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.config import CacheConfig, GatewayConfig
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import LONGEST_PATTERN, takes
from ml_gateway.wording import shown

MOST_BEHAVIORS: Final = 75
"""CloudFront's default quota "Cache behaviors per distribution"; the default behavior is one."""

MOST_CACHE_POLICIES: Final = 20
"""CloudFront's quota "Cache policies per AWS account", which is not raised."""


def kept(cache: CacheConfig | None) -> CacheConfig | None:
    """The cache, or None where it keeps nothing: then all are the same."""
    return cache if cache is not None and cache.keeps else None


def count_behaviors(meant: GatewayDesign) -> int:
    """How many cache behaviors the distribution has, the default one among them."""
    return 1 + len(meant.edge.never_kept) + len(meant.edge.model_caches)


@reads("models.*.methods", "models.*.protocol", "models.*.cache", "edge.cache")
def cached_streams(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Answers that would be streamed and kept."""
    for name, model in meant.models.items():
        cached = [route.http_method for route in model.routes if route.streams and route.cacheable]
        if not cached or kept(model.cache or meant.edge.cache) is None:
            continue
        methods = " and ".join(cached)
        by, way_out = ("cache", "") if model.cache is not None else ("edge.cache", "write cache: 0s, ")
        message = (
            f"true cannot be beside {by}, which would keep answers to {methods}; "
            f"take that out of methods, {way_out}or leave one of the two out"
        )
        yield Conflict(message, ("models", name, "stream"))


@reads("models.*.methods", "models.*.protocol")
def pointless_caches(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Caches of models whose answers CloudFront never keeps."""
    for name, model in meant.models.items():
        if model.cache is not None and not any(route.cacheable for route in model.routes):
            way_out = "add GET to methods, or leave" if model.served.protocol == "raw" else "leave"
            message = (
                "has no effect: CloudFront keeps answers to GET and HEAD alone, never to POST, and no such request "
                f"reaches this model; {way_out} the line out"
            )
            yield Conflict(message, ("models", name, "cache"))


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def caches_of_what_is_never_kept(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Caches of models whose requests all have the form of those that the edge asks for each time."""
    for name, model in meant.models.items():
        paths = [route.path for route in model.routes if route.cacheable]
        taken = [path for path in paths if any(takes(pattern, path) for pattern in meant.edge.never_kept)]
        if kept(model.cache) is not None and taken and taken == paths:
            message = (
                f"has no effect: requests such as {shown(taken[0])} have the form of those that ask which models "
                "there are, or are ready, whose answers are never kept; write another path, or leave the line out"
            )
            yield Conflict(message, ("models", name, "cache"))


@reads("models.*.path", "models.*.protocol")
def too_long_path_patterns(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Caches of models whose path CloudFront does not take as a pattern."""
    for name, model in meant.models.items():
        longest = max(map(len, model.served.path_patterns))
        if model.cache is not None and longest > LONGEST_PATTERN:
            message = (
                f"needs a path pattern of {longest} characters, and CloudFront takes {LONGEST_PATTERN}; "
                "write a shorter path, or leave the line out"
            )
            yield Conflict(message, ("models", name, "cache"))


@reads()
def too_many_behaviors(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """More cached paths than a distribution has behaviors for."""
    count = count_behaviors(meant)
    if count > MOST_BEHAVIORS:
        never = f", {len(meant.edge.never_kept)} for what is never kept" if meant.edge.never_kept else ""
        message = (
            f"their caches make {count} cache behaviors of the distribution (2 for a path that ends without a variable "
            f"and 1 for any other, 1 for all the rest{never}), and CloudFront takes {MOST_BEHAVIORS}; write fewer "
            "caches, or put models in another gateway"
        )
        yield Conflict(message, ("models",))


@reads("edge.cache")
def too_many_cache_policies(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """More ways of keeping answers than an account has cache policies for."""
    caches = (meant.edge.cache, *(model.cache for model in meant.models.values()))
    count = len({kept(cache) for cache in caches} - {None})
    if count > MOST_CACHE_POLICIES:
        message = (
            f"they and edge.cache have {count} different caches, each a cache policy, and CloudFront takes "
            f"{MOST_CACHE_POLICIES} in an account; write the same cache in more models"
        )
        yield Conflict(message, ("models",))


def _never_kept_by(meant: GatewayDesign) -> str:
    spoken = (model.served.protocol for model in meant.models.values() if any(each.never_kept for each in model.routes))
    return ", ".join(dict.fromkeys(spoken))


@reads("edge.cache", "models.*.cache")
def shared_errors(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Errors that would be kept where the cache key does not tell callers apart: where nothing else is kept."""
    if not meant.edge.error_caching:
        return
    for_so_long = format_duration(meant.edge.error_caching)
    reason = (
        "one caller's 404 or 500 would be served to all others of that path, because the key of that cache has no "
        "Authorization"
    )
    at = ("edge", "error_caching")
    uncached = [name for name, model in meant.models.items() if model.cache is not None and not model.cache.keeps]
    if meant.edge.cache is None:
        streamed = any(route.streams and route.cacheable for model in meant.models.values() for route in model.routes)
        # Where a model needs cache: 0s, edge.cache would lead to the next conflict.
        way_out = "leave the line out" if uncached or streamed else "write edge.cache, or leave the line out"
        yield Conflict(f"{for_so_long} needs edge.cache: without it {reason}; {way_out}", at, {"models": ()})
    elif meant.edge.never_kept:
        message = (
            f"{for_so_long} cannot be beside what tells which models there are, or are ready (protocol "
            f"{_never_kept_by(meant)}), of which nothing is kept: there "
            f"{reason}; leave the line out, or put those models in another gateway"
        )
        yield Conflict(message, at, {"models": ()})
    elif uncached:
        message = (
            f"{for_so_long} cannot be beside cache: 0s of model {shown(uncached[0])}: there {reason}; "
            "leave one of the two out"
        )
        yield Conflict(message, at, {"models": uncached[:1]})
