"""Rules about the versions of a model: how requests are split among them, and what rolls one back."""

import re
from collections.abc import Iterator
from typing import Final

from ml_gateway.config import ALWAYS_IN_CACHE_KEY, GatewayConfig, VersionConfig
from ml_gateway.config.types.names import ENTRY_NAME
from ml_gateway.config.types.rollouts import BY_CLIENT, sticky_header
from ml_gateway.conflicts import Conflict, refused_names
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import GatewayDesign, Open
from ml_gateway.design.models import TARGETS
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.rules.rule import entries, parts_of, reads
from ml_gateway.serving import ServedModel, expression_of, hides, stray_request, wrong_name_by_server
from ml_gateway.wording import shown, suggestion

MOST_BYTES_OF_A_FUNCTION: Final = 10 * 1024
"""CloudFront Developer Guide, "Quotas on CloudFront Functions"; not raised."""

_OF_VERSIONS: Final = ("split", "sticky", "choose", "rollback")
_OF_EACH: Final = ("url", "backend", "insecure")


@reads()
def misnamed_versions(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        for version, message in refused_names(model.versions, ENTRY_NAME.check):
            yield Conflict(message, ("models", name, "versions", version))


@reads("models.*.versions")
def settings_without_versions(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """What is about versions where there are none, or one alone."""
    for name, model in said.models.items():
        for setting in _OF_VERSIONS:
            alone = len(model.versions) == 1 and setting != "split"
            if getattr(model, setting) and (alone or not model.versions):
                message = (
                    "has no effect on a single version; leave the line out, or add another version"
                    if alone
                    else "has no effect without versions; leave the line out, or write versions: {v1: ..., v2: ...} "
                    "with the url or backend of each"
                )
                yield Conflict(message, ("models", name, setting))


@reads()
def settings_that_each_version_says(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        for setting in _OF_EACH:
            if model.versions and getattr(model, setting):
                first, *_ = model.versions
                message = f"stands beside versions, each of which says its own; move it into one, such as {first}"
                yield Conflict(message, ("models", name, setting))


@reads()
def splits_of_other_versions(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        unknown = [version for version in model.split if model.versions and version not in model.versions]
        for version in unknown:
            message = f"{shown(version)} is not a version of the model; {suggestion(version, model.versions)}"
            yield Conflict(message, ("models", name, "split", version))
        lacking = [version for version in model.versions if version not in model.split]
        # One that is misspelled is told once.
        if model.split and lacking and not unknown:
            message = f"lacks {lacking[0]}; write its share, too: 0 for one that nobody gets by chance"
            yield Conflict(message, ("models", name, "split"))


@reads("models.*.split")
def shares_that_are_not_all(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Shares that are not 100 together, or none at all for several versions."""
    for name, model in said.models.items():
        if model.versions.keys() == model.split.keys() and (total := sum(model.split.values())) != 100:
            if model.versions:
                message = f"its shares are {total} together, of 100 percent; write shares that are 100 together"
                yield Conflict(message, ("models", name, "split"))
        elif len(model.versions) > 1 and not model.split:
            first, *others = model.versions
            shares = ", ".join([f"{first}: 100", *(f"{version}: 0" for version in others)])
            message = f"missing; write split: {{{shares}}}, and raise the shares of the others step by step"
            yield Conflict(message, ("models", name, "split"))


@reads()
def headers_that_choose_already(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        if model.choose and model.sticky and sticky_header(model.sticky) == model.choose.lower():
            message = f"{shown(model.sticky)} is the header of choose, so whoever sends it chooses; leave the line out"
            yield Conflict(message, ("models", name, "sticky"))


@reads("clients")
def clients_that_nobody_tells_apart(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        if model.sticky == BY_CLIENT and len(model.versions) > 1 and isinstance(meant.callers, Open):
            message = (
                "client needs clients, by whose keys or tokens they are told apart; write clients, or "
                "header:x-user-id for a header that callers send"
            )
            yield Conflict(message, ("models", name, "sticky"))


@reads("alerts")
def rollbacks_that_cannot_be(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """To a version that is not there; beside requests that callers aim at a version; without anybody who is told."""
    for name, model in said.models.items():
        if model.rollback is None or len(model.versions) < 2:
            continue
        if model.rollback.to not in model.versions:
            message = f"{shown(model.rollback.to)} is not a version; {suggestion(model.rollback.to, model.versions)}"
            yield Conflict(message, ("models", name, "rollback", "to"))
        if model.choose is not None:
            message = (
                f"stands beside choose, by which any caller could make a version fail on purpose: who sends "
                f"{model.choose} chooses what is counted; keep one of the two"
            )
            yield Conflict(message, ("models", name, "rollback"))
        if meant.alerts is None:
            message = "has nobody to tell; write alerts: {email: ops@acme.com, errors: 1%} at the top, too"
            yield Conflict(message, ("models", name, "rollback"))


@reads("models.*.protocol", "models.*.versions", "backends.*.type")
def settings_of_another_backend(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Targets of a SageMaker endpoint, and names in paths, of versions whose backend knows none."""
    for part in parts_of(said, meant):
        if not isinstance(part.said, VersionConfig):
            continue
        for setting in TARGETS:
            value = getattr(part.said, setting)
            if value is not None and part.meant.backend.type != "sagemaker":
                kind = part.meant.backend.type
                message = f"{shown(value)} has no effect on a backend of type {kind}; leave the line out"
                yield Conflict(message, (*part.at, setting), entries(said, part.name))
        served_as, protocol = part.said.served_as, said.models[part.name].protocol
        if served_as and (wrong := wrong_name_by_server(served_as, protocol)):
            yield Conflict(wrong, (*part.at, "served_as"), entries(said, part.name))


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def requests_of_a_model_beside_versions(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Requests for another model that the edge would lead to a version: it knows paths alone, and no methods."""
    for name, model in meant.models.items():
        if len(model.versions) < 2:
            continue  # the edge leads nobody
        own = {route.path for route in model.routes}
        for other, its in meant.models.items():
            if other != name and (stray := _stray(model.served, [r.path for r in its.routes], own)):
                message = (
                    f"takes {shown(stray)} of model {shown(other)} along, which the edge would lead to a version of "
                    "this model; give one of them another path"
                )
                yield Conflict(message, ("models", name, "path"), {"models": (name, other)})
                break


def _stray(model: ServedModel, paths: list[str], own: set[str]) -> str | None:
    """A path pattern of CloudFront takes more slashes than the edge function does."""
    led = re.compile(expression_of(model))
    found = (
        stray_request(pattern, path, own, slash=slash)
        for pattern in model.path_patterns
        for path in dict.fromkeys(paths)
        for slash in (False, True)
    )
    return next((each for each in found if each and led.search(each)), None)


@reads("models.*.path")
def paths_like_those_of_versions(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Paths that the edge answers with 404, as it takes them for those of versions."""
    versioned = [name for name, model in said.models.items() if model.versions]
    for name in versioned:
        for other, its in said.models.items():
            if hides(name, f"{meant.models[other].served.path}/"):
                message = (
                    f"{shown(its.path)} looks like the path of a version of model {shown(name)}, to which no caller "
                    "comes by itself; write another"
                )
                yield Conflict(message, ("models", other, "path"), {"models": (name, other)})
    health = meant.edge.health
    for name in versioned:
        if health and hides(name, health):
            message = f"{shown(health)} looks like the path of a version of model {shown(name)}; write another"
            yield Conflict(message, ("edge", "health"), {"models": (name,)})


@reads("edge.cors", "edge.health", "edge.cache", "issuers", "clients")
def functions_without_room_for_versions(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """More of versions, origins, headers and issuers together than a function of CloudFront takes."""
    if not meant.edge.splits:
        return
    caches = (meant.edge.cache, *(model.cache for model in meant.models.values()))
    keyed = [(*ALWAYS_IN_CACHE_KEY, API_KEY_HEADER, *cache.headers) for cache in caches if cache and cache.keeps]
    size = max(len(render_edge_function(meant.callers, meant.edge, each).encode()) for each in (None, *keyed))
    if size > MOST_BYTES_OF_A_FUNCTION:
        message = (
            f"their versions make a function of {size} bytes at the edge, beside what edge.cors and issuers list, and "
            f"CloudFront takes {MOST_BYTES_OF_A_FUNCTION}; list less there, or split fewer models"
        )
        yield Conflict(message, ("models",))
