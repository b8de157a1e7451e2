"""Caches of models that hold for requests of other models, or else that say what holds without them."""

from collections.abc import Iterator
from dataclasses import dataclass

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.caches import MOST_BEHAVIORS, kept
from ml_gateway.rules.rule import reads
from ml_gateway.serving import shared_request, specificity
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


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.cache", "edge.cache")
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


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.cache", "edge.cache")
def idle_caches(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Caches that say what holds without them, and keep no other one away."""
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


def _strays(meant: GatewayDesign) -> Iterator[_Stray]:
    """For each cache, the first request that it takes of each model; none after one that it would keep.

    None at all where there are more caches than a distribution takes, which is told as such.
    """
    if len(meant.edge.model_caches) >= MOST_BEHAVIORS:
        return
    models = meant.models
    asked = {
        name: dict.fromkeys(route.path for route in model.routes if route.cacheable) for name, model in models.items()
    }
    takers = [
        (name, pattern)
        for name, model in models.items()
        if model.cache is not None
        for pattern in model.served.path_patterns
    ]
    wrong: set[str] = set()
    for taker, pattern in takers:
        keeps = kept(models[taker].cache)
        own = models[taker].served.path if models[taker].served.protocol == "raw" else None
        for name, model in models.items():
            if name == taker or taker in wrong or kept(model.cache or meant.edge.cache) == keeps:
                continue
            patterns = model.served.path_patterns
            for its_pattern, slash in ((patterns[0], False), (patterns[-1], True)):
                found = (shared_request(pattern, path, own=own, slash=slash) for path in asked[name])
                request = next((each for each in found if each is not None), None)
                if request is not None:
                    before = model.cache is not None and specificity(its_pattern) < specificity(pattern)
                    yield _Stray(taker=taker, model=name, request=request, tried_before=before)
                    if not before:
                        wrong.add(taker)
                        break
