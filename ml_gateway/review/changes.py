"""What differs between two assemblies, stack by stack, resource by resource."""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from ml_gateway.review.api_changes import ApiChange, compare_apis
from ml_gateway.review.assembly import Assembly, Resource, StackId, Template
from ml_gateway.review.clients import described_callers
from ml_gateway.review.differences import Difference, Kind, differences
from ml_gateway.review.documents import REST_API
from ml_gateway.review.references import referenced, renamed
from ml_gateway.review.replacement import Replacement, replacement
from ml_gateway.review.wording import Quoted, Words


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """What becomes of one resource. A moved one has another logical id, `moved_to`, as has a deployment taken anew."""

    kind: Kind
    logical_id: str
    old: Resource | None
    new: Resource | None
    differences: Sequence[Difference] = ()
    moved_to: str | None = None
    because_of: Sequence[str] = ()
    """The logical ids of resources that are replaced and that this one refers to."""
    api: ApiChange | None = None
    """What becomes of the document of a REST API; unless that is unreadable, `differences` leave it out."""

    @property
    def name(self) -> Words:
        """Logical id and type."""
        resource = self.old or self.new
        return Quoted(self.logical_id), " (", Quoted(resource.type if resource else ""), ")"


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
    taken_anew = _taken_anew(old.resources, new.resources)
    before = _with_ids(old.resources, taken_anew)
    resources = [
        *(_deployment(old_id, new_id, old.resources, new.resources) for old_id, new_id in taken_anew.items()),
        *_unpaired(before, new.resources),
        *_kept(before, new.resources, ignored=frozenset(taken_anew.values())),
    ]
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


def _taken_anew(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Mapping[str, str]:
    """Deployment -> the one that takes its place: each change of an API has another, as CDK names it by a hash."""
    left, free = (
        sorted(name for name in names if of[name].type == "AWS::ApiGateway::Deployment")
        for names, of in ((old.keys() - new.keys(), old), (new.keys() - old.keys(), new))
    )
    pairs = {}
    for name in left:
        api = old[name].properties.get("RestApiId")
        successor = next((other for other in free if new[other].properties.get("RestApiId") == api), None)
        if successor is not None:
            free.remove(successor)
            pairs[name] = successor
    return pairs


def _with_ids(resources: Mapping[str, Resource], names: Mapping[str, str]) -> Mapping[str, Resource]:
    """The resources with other logical ids: old -> new."""
    if not names:
        return resources
    return {
        names.get(name, name): resource.model_copy(update={"properties": renamed(resource.properties, names)})
        for name, resource in resources.items()
    }


def _deployment(old_id: str, new_id: str, old: Mapping[str, Resource], new: Mapping[str, Resource]) -> ResourceChange:
    found = differences(_comparable(old[old_id]), _comparable(new[new_id]))
    return ResourceChange(
        kind=Kind.CHANGED,
        logical_id=old_id,
        old=old[old_id],
        new=new[new_id],
        differences=list(found),
        moved_to=new_id,
    )


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


def _kept(old: Mapping[str, Resource], new: Mapping[str, Resource], *, ignored: Set[str]) -> Iterator[ResourceChange]:
    verdicts = _replacements(old, new)
    replaced = {name for name, verdict in verdicts.items() if verdict is Replacement.CERTAIN}
    kinds = (Kind.CHANGED, Kind.MAYBE_REPLACED, Kind.REPLACED)
    for name, verdict in verdicts.items():
        if name in ignored:
            continue
        found = list(differences(_comparable(old[name]), _comparable(new[name])))
        is_api = old[name].type == new[name].type == REST_API
        api = compare_apis(old[name], new[name]) if is_api else None
        if api and api.unreadable is None:
            found = [difference for difference in found if not _is_within(difference.path, "Body")]
        if api or found or verdict is not Replacement.NO:
            yield ResourceChange(
                kind=kinds[verdict],
                logical_id=name,
                old=old[name],
                new=new[name],
                differences=found,
                because_of=sorted(replaced.intersection(referenced(new[name].properties))) if verdict else (),
                api=api,
            )


def _is_within(path: str, name: str) -> bool:
    return path.partition(".")[0].partition("[")[0] == name


def _comparable(resource: Resource) -> Mapping[str, Any]:
    callers = described_callers(resource) if resource.type == REST_API else {}
    return {"the resource's Type": resource.type, **callers, **resource.attributes, **resource.properties}


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
