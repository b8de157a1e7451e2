"""Which version of a model answers a request, in words; and what there is to say of each of them."""

from collections.abc import Iterator

from ml_gateway.cli.requests import Asked, Taken
from ml_gateway.design import GatewayDesign, ModelDesign, Split
from ml_gateway.naming import OVERRIDES_COMMAND
from ml_gateway.serving import Route, hides, version_name
from ml_gateway.wording import format_duration


def hidden_model(asked: Asked, design: GatewayDesign) -> str | None:
    """The model whose version a path looks like; None for any other path."""
    return next((split.model for split in design.edge.splits if hides(split.model, asked.path)), None)


def picked_version(name: str, model: ModelDesign) -> Iterator[str]:
    """How the edge picks one for a request. Nothing of a model that has none."""
    if model.split is None or len(model.versions) == 1:
        yield from (f"{version} is the only one, and answers under the model's own path" for version in model.versions)
        return
    shares = ", ".join(f"{version} {share}%" for version, share in model.split.shares.items())
    yield f"the edge function leads to {shares}; {_stickiness(model.split)}"
    if model.split.choose:
        yield f"{model.split.choose} with the name of a version chooses it; with anything else it is a 404"
    if model.rollback:
        when = model.rollback
        yield (
            f"of one that fails, {when.to} gets the callers: more than {when.errors} 5xx of at least {when.least} "
            f"answers in {format_duration(when.window)}, in one region"
        )
    yield f"shares in the store stand in for these while there are some (output {OVERRIDES_COMMAND})"
    yield f"it goes on below the path of its version, such as /{version_name(name, next(iter(model.versions)))}"


def _stickiness(split: Split) -> str:
    if split.by_client:
        return "a client gets the same one each time"
    if split.by_header:
        return f"the same {split.by_header} gets the same one each time, and a request without it any"
    return "each request for itself"


def parts_taken(taken: Taken, design: GatewayDesign) -> Iterator[tuple[str, ModelDesign, Route]]:
    """The model and its route, or else each version with its own, and what a line about it begins with."""
    model = design.models[taken.model]
    position = model.routes.index(taken.route)
    for version, its in model.versions.items():
        yield f"{version}: ", its, its.routes[position]
    if not model.versions:
        yield "", model, taken.route
