"""Rules between what the edge keeps for single models, for all of them, and the requests by which it knows a model."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.serving_rules import Routes
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.serving import LONGEST_PATTERN, Route, specificity, stray_request
from ml_gateway.wording import shown

MOST_BEHAVIORS: Final = 75
"""CloudFront's default quota "Cache behaviors per distribution"; the default behavior is one."""

MOST_CACHE_POLICIES: Final = 20
"""CloudFront's quota "Cache policies per AWS account", which is not raised."""

Models = Mapping[str, ModelConfig]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stray:
    """A request for `model` that a path pattern of `taker` takes, although its answers are kept in another way.

    `tried_before`: whether the model has a pattern of its own for such requests, which CloudFront tries before.
    """

    taker: str
    model: str
    request: str
    tried_before: bool


def ordered_caches(models: Models) -> dict[str, CacheConfig]:
    """How answers are kept by path pattern, for the models that say so; in the order in which patterns are tried."""
    caches = {
        pattern: model.cache
        for name, model in models.items()
        if model.cache is not None
        for pattern in model.serving(name).path_patterns
    }
    return {pattern: caches[pattern] for pattern in sorted(caches, key=lambda each: (specificity(each), each))}


def cache_conflicts(models: Models, routes: Routes, usual: CacheConfig | None) -> Iterator[ConflictError]:
    """All that is wrong with single caches of models, and with their number; `usual` is what edge.cache says."""
    for name, each in routes.items():
        yield from cached_streams(name, each, models[name].cache, usual)
    yield from pointless_caches(models, routes)
    yield from too_many_behaviors(models)
    yield from too_many_policies(models, usual)


def neighbour_conflicts(models: Models, routes: Routes, usual: CacheConfig | None) -> Iterator[ConflictError]:
    """Caches that hold for requests of other models, or else that say what holds without them.

    To be told only when caches are right by themselves, and models are no more than an API has room for.
    """
    strays = list(_strays(models, routes, usual))
    yield from list(_taken_requests(models, strays)) or _idle_caches(models, strays, usual)


def cached_streams(
    name: str, routes: Iterable[Route], own: CacheConfig | None, usual: CacheConfig | None
) -> Iterator[ConflictError]:
    """Answers that would be streamed and kept."""
    cached = [route.http_method for route in routes if route.streams and route.cacheable]
    if not cached or _kept(own or usual) is None:
        return
    methods = " and ".join(cached)
    section = ("models", name)
    depends: list[Place] = [(*section, "methods"), (*section, "protocol"), (*section, "cache")]
    if own is not None:
        message = (
            f"true cannot be beside cache, which would keep answers to {methods}; "
            "take that out of methods, or leave one of the two out"
        )
    else:
        message = (
            f"true cannot be beside edge.cache, which would keep answers to {methods}; "
            "take that out of methods, write cache: 0s, or leave one of the two out"
        )
        depends.append(("edge", "cache"))
    yield ConflictError(message, (*section, "stream"), *depends)


def pointless_caches(models: Models, routes: Routes) -> Iterator[ConflictError]:
    """Caches of models whose answers CloudFront never keeps, or whose path it does not take as a pattern."""
    for name, model in models.items():
        if model.cache is None:
            continue
        section = ("models", name)
        serving = model.serving(name)
        longest = max(map(len, serving.path_patterns))
        if not any(route.cacheable for route in routes[name]):
            way_out = "add GET to methods, or leave" if model.protocol == "raw" else "leave"
            message = (
                "has no effect: CloudFront keeps answers to GET and HEAD alone, never to POST, and no such request "
                f"reaches this model; {way_out} the line out"
            )
            yield ConflictError(message, (*section, "cache"), (*section, "methods"), (*section, "protocol"))
        elif longest > LONGEST_PATTERN:
            message = (
                f"needs a path pattern of {longest} characters, and CloudFront takes {LONGEST_PATTERN}; "
                "write a shorter path, or leave the line out"
            )
            yield ConflictError(message, (*section, "cache"), (*section, "path"), (*section, "protocol"))


def too_many_behaviors(models: Models) -> Iterator[ConflictError]:
    """More cached paths than a distribution has behaviors for."""
    count = 1 + len(ordered_caches(models))
    if count > MOST_BEHAVIORS:
        message = (
            f"their caches make {count} cache behaviors of the distribution (2 for a path that ends without a variable "
            f"and 1 for any other, 1 for all the rest), and CloudFront takes {MOST_BEHAVIORS}; write fewer caches, or "
            "put models in another gateway"
        )
        yield ConflictError(message, ("models",))


def too_many_policies(models: Models, usual: CacheConfig | None) -> Iterator[ConflictError]:
    """More ways of keeping answers than an account has cache policies for."""
    count = len({_kept(cache) for cache in (usual, *(model.cache for model in models.values()))} - {None})
    if count > MOST_CACHE_POLICIES:
        message = (
            f"they and edge.cache have {count} different caches, each a cache policy, and CloudFront takes "
            f"{MOST_CACHE_POLICIES} in an account; write the same cache in more models"
        )
        yield ConflictError(message, ("models",), ("edge", "cache"))


def _kept(cache: CacheConfig | None) -> CacheConfig | None:
    """The cache, or None where it keeps nothing: then all are the same."""
    return cache if cache is not None and cache.keeps else None


def _strays(models: Models, routes: Routes, usual: CacheConfig | None) -> Iterator[_Stray]:
    """For each cache, the first request that it takes of each model; none after one that it would keep."""
    patterns = {name: model.serving(name).path_patterns for name, model in models.items()}
    asked = {name: dict.fromkeys(route.path for route in routes[name] if route.cacheable) for name in models}
    takers = [
        (name, pattern) for name, model in models.items() if model.cache is not None for pattern in patterns[name]
    ]
    wrong: set[str] = set()
    for taker, pattern in takers:
        kept, own = _kept(models[taker].cache), {route.path for route in routes[taker]}
        for name, model in models.items():
            if name == taker or taker in wrong or _kept(model.cache or usual) == kept:
                continue
            for its_pattern, slash in ((patterns[name][0], False), (patterns[name][-1], True)):
                found = (stray_request(pattern, path, own, slash=slash) for path in asked[name])
                request = next((each for each in found if each is not None), None)
                if request is not None:
                    before = model.cache is not None and specificity(its_pattern) < specificity(pattern)
                    yield _Stray(taker=taker, model=name, request=request, tried_before=before)
                    if not before:
                        wrong.add(taker)
                        break


def _taken_requests(models: Models, strays: Iterable[_Stray]) -> Iterator[ConflictError]:
    """For each cache the first request that it would keep, although another model answers it."""
    for stray in strays:
        if stray.tried_before:
            continue
        reason, way_out = (
            ("another cache", "the same in both")
            if models[stray.model].cache is not None
            else ("no cache of its own", "one there (0s keeps nothing)")
        )
        message = (
            f"takes {shown(stray.request)} of model {shown(stray.model)} along, which has {reason}; write {way_out}, "
            "or give one of them another path"
        )
        keys = ("path", "protocol", "methods", "cache")
        depends = [("models", name, key) for name in (stray.taker, stray.model) for key in keys]
        yield ConflictError(message, ("models", stray.taker, "cache"), ("edge", "cache"), *depends)


def _idle_caches(models: Models, strays: Iterable[_Stray], usual: CacheConfig | None) -> Iterator[ConflictError]:
    """Caches that say what holds without them, and keep no other one away."""
    needed = {stray.model for stray in strays}
    reason = (
        "is what edge.cache says for all models"
        if _kept(usual)
        else "0s has no effect without edge.cache, as nothing is kept then"
    )
    for name, model in models.items():
        if model.cache is not None and name not in needed and _kept(model.cache) == _kept(usual):
            at = ("models", name, "cache")
            yield ConflictError(f"{reason}; leave the line out", at, ("edge", "cache"))
