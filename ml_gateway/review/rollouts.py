"""What a deploy does to the versions of a model: those that go while requests still come to them, and overrides."""

from collections.abc import Iterator, Mapping
from typing import Final

from ml_gateway import naming
from ml_gateway.review.assembly import Assembly, Resource, StackId
from ml_gateway.review.interruptions import BETWEEN_THE_TWO
from ml_gateway.review.wording import Quoted, Words
from ml_gateway.serving import version_name

ENDS: Final = (
    "shares that stand in for the old ones count no more, and are taken away at the end of the deploy; the output "
    f"{naming.OVERRIDES_COMMAND} shows whether there are any"
)

_PAGE: Final = " (docs/rollouts.md)"


def shares_of(assembly: Assembly, api: StackId) -> Mapping[str, int]:
    """By `<model>--<version>`, the percents of the requests that the edge of the API's gateway leads to each."""
    gateway = api.name.removesuffix(naming.api_stack(""))
    found: dict[str, int] = {}
    for stack, template in assembly.items():
        if stack.name == naming.edge_stack(gateway):
            for resource in template.resources.values():
                found |= _shares(resource)
    return found


def _shares(resource: Resource) -> Mapping[str, int]:
    match resource.type, resource.properties:
        # A single version is asked under the model's own path.
        case naming.SHARES_TYPE, {"Model": str(model), "Split": dict(split)} if len(split) > 1:
            return {version_name(model, str(name)): share for name, share in split.items() if isinstance(share, int)}
    return {}


def lost_version(name: str, shares: Mapping[str, int]) -> Iterator[Words]:
    """A version that goes. Nobody but the edge asks for it, so nothing is lost where that leads nobody there."""
    if share := shares.get(name, 0):
        yield (
            "version ", Quoted(name), f": the edge leads {share} of 100 requests to it, which are refused "
            f"{BETWEEN_THE_TWO}. First deploy a split with 0 for it, and take it out then{_PAGE}",
        )  # fmt: skip
