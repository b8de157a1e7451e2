"""Which version of a model answers a request, in words; and what there is to say of each of them."""

from collections.abc import Iterator

from ml_gateway.cli.requests import Asked, Taken
from ml_gateway.config import RollbackConfig
from ml_gateway.design import GatewayDesign, ModelDesign, Split
from ml_gateway.naming import OVERRIDES_COMMAND
from ml_gateway.serving import Route, hides, version_name
from ml_gateway.wording import format_duration


def hidden_model(asked: Asked, design: GatewayDesign) -> str | None:
    """The model whose version a path looks like; None for any other path."""
    return next((split.model for split in design.edge.splits if hides(split.model, asked.path)), None)


def picked_version(split: Split, when: RollbackConfig | None) -> Iterator[str]:
    """How the edge picks one for a request, and `when` it leads nobody to it any more."""
    first, *others = split.shares
    if not others:
        yield f"{first} is the only one, and answers under the model's own path"
        return
    shares = ", ".join(f"{version} {share}%" for version, share in split.shares.items())
    yield f"the edge function leads to {shares}; {_stickiness(split)}"
    if split.choose:
        yield f"{split.choose} with the name of a version chooses it; with anything else it is a 404"
    if when:
        yield (
            f"of one that fails, {when.to} gets the callers: more than {when.errors} 5xx of at least {when.least} "
            f"answers in {format_duration(when.window)}, in one region"
        )
    yield f"shares in the store stand in for these while there are some (output {OVERRIDES_COMMAND})"
    yield f"it goes on below the path of its version, such as /{version_name(split.model, first)}"


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
