"""Whether an update replaces a resource, by the schema of its type in CloudFormation, as cfn-lint brings it along."""

from collections.abc import Iterable, Iterator, Sequence, Set
from enum import IntEnum
from functools import cache
from typing import Any, Final, NamedTuple

from ml_gateway.review.assembly import Resource
from ml_gateway.review.references import is_intrinsic, referenced

# The region of the schemas: the one that has every type.
SCHEMA_REGION: Final = "us-east-1"

Pointer = tuple[str, ...]


class Replacement(IntEnum):
    """What an update does to the resource that is there."""

    NO = 0
    POSSIBLE = 1
    CERTAIN = 2


class Immutable(NamedTuple):
    """The properties of a type that an update cannot change, or not always."""

    certain: tuple[Pointer, ...]
    possible: tuple[Pointer, ...]


@cache
def immutable_properties(resource_type: str) -> Immutable:
    """What the type's schema says; of a type without a schema any property may replace.

    A name within the type's identifier cannot change either, yet some schemas list it as nothing else: `Name` of a
    record set, for example.
    """
    # Not above: it takes a second to load, and a review of what only comes or goes has no use for it.
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(SCHEMA_REGION, resource_type).schema
    except ResourceNotFoundError:
        return Immutable(certain=(), possible=(("*",),))
    certain = schema.get("createOnlyProperties", [])
    possible = schema.get("conditionalCreateOnlyProperties", []) + schema.get("primaryIdentifier", [])
    known = {*certain, *schema.get("readOnlyProperties", [])}
    return Immutable(
        certain=_pointers(certain), possible=_pointers(pointer for pointer in possible if pointer not in known)
    )


def replacement(old: Resource, new: Resource, replaced: Set[str] = frozenset()) -> Replacement:
    """What becomes of `old` when the template says `new`; `replaced`: what is replaced anyway, by logical id."""
    if old.type != new.type:
        return Replacement.CERTAIN
    if old.properties == new.properties and replaced.isdisjoint(referenced(new.properties)):
        return Replacement.NO
    certain, possible = immutable_properties(new.type)
    if _changes(old, new, certain, replaced):
        return Replacement.CERTAIN
    return Replacement.POSSIBLE if _changes(old, new, possible, replaced) else Replacement.NO


def _pointers(texts: Iterable[str]) -> tuple[Pointer, ...]:
    return tuple(tuple(text.removeprefix("/properties/").split("/")) for text in texts)


def _changes(old: Resource, new: Resource, pointers: Sequence[Pointer], replaced: Set[str]) -> bool:
    for pointer in pointers:
        values = list(_values(new.properties, pointer))
        if values != list(_values(old.properties, pointer)) or not replaced.isdisjoint(referenced(values)):
            return True
    return False


def _values(value: Any, pointer: Pointer) -> Iterator[Any]:
    """What stands where the pointer leads, in each element of a list on the way."""
    if not pointer or is_intrinsic(value):
        yield value
    elif isinstance(value, list):
        for element in value:
            yield from _values(element, pointer[1:] if pointer[0] == "*" else pointer)
    elif isinstance(value, dict):
        for name in value if pointer[0] == "*" else value.keys() & {pointer[0]}:
            yield from _values(value[name], pointer[1:])
