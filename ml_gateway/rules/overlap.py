"""Caches of models that hold for requests of other models, or else that say what holds without them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign, ModelDesign
from ml_gateway.rules.caches import MOST_BEHAVIORS, count_behaviors, kept
from ml_gateway.rules.rule import reads
from ml_gateway.serving import specificity, stray_request
from ml_gateway.wording import shown


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stray:
    """A request for `model` that a path pattern of `taker` takes, although its answers are kept in another way.

    `tried_before`: whether the model has a pattern of its own for such requests, which CloudFront tries before.
    """

    taker: str
    model: str
    request: str
    tried_before: bool


@reads(
    "models.*.path",
    "models.*.protocol",
    "models.*.methods",
    "models.*.served_as",
    "models.*.cache",
    "edge.cache",
)
def requests_of_another_model(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """For each cache the first request that it would keep, although another model answers it."""
    for stray in _strays(meant):
        if stray.tried_before:
            continue
        reason, way_out = (
            ("another cache", "the same in both")
            if meant.models[stray.model].cache is not None
            else ("no cache of its own", "one there (0s keeps nothing)")
        )
        message = (
            f"takes {shown(stray.request)} of model {shown(stray.model)} along, which has {reason}; write {way_out}, "
            "or give one of them another path"
        )
        yield Conflict(message, ("models", stray.taker, "cache"), {"models": (stray.taker, stray.model)})


@reads(
    "models.*.path",
    "models.*.protocol",
    "models.*.methods",
    "models.*.served_as",
    "models.*.cache",
    "edge.cache",
)
def idle_caches(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Caches that say what holds without them, and keep no other one away."""
    if _too_many(meant):
        return
    needed = {stray.model for stray in _strays(meant)}
    usual = kept(meant.edge.cache)
    reason = (
        "is what edge.cache says for all models"
        if usual
        else "0s has no effect without edge.cache, as nothing is kept then"
    )
    for name, model in meant.models.items():
        if model.cache is not None and name not in needed and kept(model.cache) == usual:
            message = f"{reason}; leave the line out"
            yield Conflict(message, ("models", name, "cache"), {"models": tuple(meant.models)})


def _too_many(meant: GatewayDesign) -> bool:
    """Whether there are more caches than a distribution takes, so that they are not compared."""
    return count_behaviors(meant) > MOST_BEHAVIORS


def _strays(meant: GatewayDesign) -> Iterator[_Stray]:
    """For each cache, the first request that it takes of each model; none after one that it would keep.

    None at all where there are too many, which is told as such.
    """
    if _too_many(meant):
        return
    asked = {
        name: tuple(dict.fromkeys(route.path for route in model.routes if route.cacheable))
        for name, model in meant.models.items()
    }
    for name, model in meant.models.items():
        if model.cache is not None:
            keeps = kept(model.cache)
            others = [other for other, its in meant.models.items() if kept(its.cache or meant.edge.cache) != keeps]
            yield from _strays_of(name, meant.models, {other: asked[other] for other in others})


def _strays_of(taker: str, models: Mapping[str, ModelDesign], asked: Mapping[str, Collection[str]]) -> Iterator[_Stray]:
    """What the patterns of `taker` take of the paths `asked` of other models."""
    own = {route.path for route in models[taker].routes}
    for pattern in models[taker].served.path_patterns:
        for name, paths in asked.items():
            for slash in (False, True):
                found = (stray_request(pattern, path, own, slash=slash) for path in paths)
                request = next((each for each in found if each is not None), None)
                if request is not None:
                    its_pattern = models[name].served.path_patterns[-1 if slash else 0]
                    before = models[name].cache is not None and specificity(its_pattern) < specificity(pattern)
                    yield _Stray(taker=taker, model=name, request=request, tried_before=before)
                    if not before:
                        return
