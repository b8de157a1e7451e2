"""Changes that refuse everybody's requests for a while, as the API is deployed before the edge."""

from collections.abc import Iterator
from typing import Final

from ml_gateway import naming
from ml_gateway.review.assembly import Assembly
from ml_gateway.review.changes import ResourceChange, StackChange
from ml_gateway.review.credentials import secret_names
from ml_gateway.review.wording import Quoted, Words

BETWEEN_THE_TWO: Final = "from the end of the API's deploy to the end of the edge's, some minutes"

UNTIL_THE_EDGE: Final = f"{BETWEEN_THE_TWO}, the API refuses every request"
"""How long they last, and who is refused."""

BESIDE: Final = "To avoid it deploy a second gateway, under another `name`, and let callers change over to it"

_STAGE: Final = "AWS::ApiGateway::Stage"


def changed_locks(names: set[str], old: Assembly, new: Assembly) -> Iterator[Words]:
    """The gateways of the secrets `names` whose first client comes, or whose last one goes: with it the API knows the
    distribution by another header."""
    gateways = {found[0] for found in map(naming.client_key, names) if found}
    before, after = _with_clients(old), _with_clients(new)
    for gateway in sorted(gateways & (before ^ after)):
        what, then = (
            ("the last client of ", "afterwards whoever knows the address may call, without a key")
            if gateway in before
            else ("the first client of ", "afterwards whoever has no key is refused for good")
        )
        came = "goes" if gateway in before else "comes"
        yield (what, Quoted(gateway), f" {came}: {UNTIL_THE_EDGE}; {then}. {BESIDE}")


def changed_stage(resource: ResourceChange, change: StackChange) -> Words | None:
    """The line about an API's stage that gets another name."""
    if resource.old is None or resource.old.type != _STAGE or change.new is None:
        return None
    before = resource.old.properties.get("StageName")
    others = [each.properties.get("StageName") for each in change.new.resources.values() if each.type == _STAGE]
    if not others or before in others:
        return None
    return (
        "stage ", Quoted(str(before)), " → ", Quoted(str(others[0])),
        f": {UNTIL_THE_EDGE}. No caller sees the stage's name, so keep it. {BESIDE}",
    )  # fmt: skip


def _with_clients(assembly: Assembly) -> set[str]:
    return {found[0] for found in map(naming.client_key, secret_names(assembly)) if found}
