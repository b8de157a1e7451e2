"""What differs between two assemblies, stack by stack, resource by resource."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.assembly import Assembly, Resource, StackId, Template
from review.differences import Difference, Kind, differences
from review.references import referenced, renamed
from review.replacement import Replacement, replacement


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """What becomes of one resource. A moved one has another logical id, `moved_to`."""

    kind: Kind
    logical_id: str
    old: Resource | None
    new: Resource | None
    differences: Sequence[Difference] = ()
    moved_to: str | None = None
    because_of: Sequence[str] = ()
    """The logical ids of resources that are replaced and that this one refers to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackChange:
    """What becomes of one stack: removed (no new template), added (no old one), or changed."""

    stack: StackId
    old: Template | None
    new: Template | None
    resources: Sequence[ResourceChange] = ()
    outputs: Sequence[Difference] = ()


def compare(old: Assembly, new: Assembly) -> list[StackChange]:
    """Every stack that differs, by name."""
    changes = [_compare_stack(stack, old.get(stack), new.get(stack)) for stack in sorted({*old, *new})]
    return [change for change in changes if change.old is None or change.new is None or _differs(change)]


def _differs(change: StackChange) -> bool:
    return bool(change.resources or change.outputs)


def _compare_stack(stack: StackId, old: Template | None, new: Template | None) -> StackChange:
    if old is None or new is None:
        return StackChange(stack=stack, old=old, new=new)
    resources = [*_unpaired(old.resources, new.resources), *_kept(old.resources, new.resources)]
    order = list(Kind)
    return StackChange(
        stack=stack,
        old=old,
        new=new,
        resources=sorted(resources, key=lambda change: (order.index(change.kind), change.logical_id)),
        outputs=list(differences(_values(old), _values(new))),
    )


def _values(template: Template) -> Mapping[str, Any]:
    return {name: output.get("Value") for name, output in template.outputs.items()}


def _unpaired(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Iterator[ResourceChange]:
    moved = _moved(old, new)
    for name in old.keys() - new.keys():
        to = moved.get(name)
        kind = Kind.MOVED if to else Kind.REMOVED
        yield ResourceChange(kind=kind, logical_id=name, old=old[name], new=new[to] if to else None, moved_to=to)
    for name in new.keys() - old.keys() - set(moved.values()):
        yield ResourceChange(kind=Kind.ADDED, logical_id=name, old=None, new=new[name])


def _moved(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Mapping[str, str]:
    """Removed resource -> the added one that is equal but for its logical id, and for those of others that moved."""
    moved: dict[str, str] = {}
    while True:
        free: dict[str, list[str]] = {}
        for name in sorted(new.keys() - old.keys() - set(moved.values())):
            free.setdefault(_identity(new[name], {}), []).append(name)
        found = {}
        for name in sorted(old.keys() - new.keys() - moved.keys()):
            if equal := free.get(_identity(old[name], moved)):
                found[name] = equal.pop(0)
        if not found:
            return moved
        moved |= found


def _identity(resource: Resource, moved: Mapping[str, str]) -> str:
    return json.dumps([resource.type, renamed(resource.properties, moved)], sort_keys=True)


def _kept(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Iterator[ResourceChange]:
    verdicts = _replacements(old, new)
    replaced = {name for name, verdict in verdicts.items() if verdict is Replacement.CERTAIN}
    kinds = (Kind.CHANGED, Kind.MAYBE_REPLACED, Kind.REPLACED)
    for name, verdict in verdicts.items():
        found = list(differences(_comparable(old[name]), _comparable(new[name])))
        if found or verdict is not Replacement.NO:
            yield ResourceChange(
                kind=kinds[verdict],
                logical_id=name,
                old=old[name],
                new=new[name],
                differences=found,
                because_of=sorted(replaced.intersection(referenced(new[name].properties))) if verdict else (),
            )


def _comparable(resource: Resource) -> Mapping[str, Any]:
    return {"the resource's Type": resource.type, **resource.attributes, **resource.properties}


def _replacements(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Mapping[str, Replacement]:
    """The verdict on each resource that is in both. A replaced one replaces in turn what is bound to it for good."""
    kept = sorted(old.keys() & new.keys())
    replaced: set[str] = set()
    while True:
        verdicts = {name: replacement(old[name], new[name], replaced) for name in kept}
        found = {name for name, verdict in verdicts.items() if verdict is Replacement.CERTAIN}
        if found == replaced:
            return verdicts
        replaced = found
