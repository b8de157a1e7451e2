"""The usage plans of a gateway's clients: which key a deploy would move to another one, and which plan goes."""

from typing import Final

from ml_gateway import naming
from ml_gateway.review.changes import ResourceChange
from ml_gateway.review.differences import Kind
from ml_gateway.review.wording import Quoted, Words

MOVED_KEY: Final = (
    "goes to another plan, and the deploy fails with 409: a key can be in one plan of a stage, and CloudFormation "
    "joins it to the new plan before it leaves the old one. Change the values of its plan in place and keep its name, "
    "or give the client a key of another name together with the other plan"
)
"""What becomes of a client's key that keeps its name while its plan is another one, and what to do before a deploy."""

_GONE: Final = frozenset({Kind.REMOVED, Kind.MOVED})


def moved_key(change: ResourceChange, secret: str) -> Words | None:
    """The line about a client's key that would change plans; `secret`: what the key is made from."""
    found = naming.client_key(secret)
    if found is None or change.old is None or change.new is None:
        return None
    before, after = (resource.properties.get("UsagePlanId") for resource in (change.old, change.new))
    if change.old.type != "AWS::ApiGateway::UsagePlanKey" or before == after:
        return None
    _, client, key = found
    return ("client ", Quoted(client), ", key ", Quoted(key), f": {MOVED_KEY}")


def removed_plan(change: ResourceChange) -> Words | None:
    """The line about a plan that goes, by its place in the file; none of words about a client's own, whose keys have
    lines. None for what is no such plan, or of an assembly that does not say its place."""
    place = change.old.metadata.get(naming.PLAN_METADATA) if change.old and change.kind in _GONE else None
    if not isinstance(place, str):
        return None
    if place.startswith("clients."):
        return ()
    return (Quoted(place), ": the plan goes, with what was used of its quotas; a key that is still in it is refused")
