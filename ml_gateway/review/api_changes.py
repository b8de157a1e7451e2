"""What differs between two documents of one API, row by row: operations by method and path, errors, and the rest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway.review.assembly import Resource
from ml_gateway.review.differences import ABSENT, Difference, Kind, differences
from ml_gateway.review.documents import Document, DocumentError, Operation, read_document, shape_of
from ml_gateway.review.wording import Quoted, Words, described, described_error, with_variables, without_equal_end
from ml_gateway.serving.paths import is_variable, parts_of

ERRORS: Final[Words] = ("errors",)
DOCUMENT: Final[Words] = ("the document",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What becomes of some operations of a model, of some errors, or of the document as a whole.

    `names` are those of what changes alike, out of `total` that the model or the document has.
    """

    kind: Kind
    subject: Words
    names: Sequence[str] = ()
    total: int = 0
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiChange:
    """Two documents of one API, and what differs. `unreadable` says why there are no such documents."""

    old: Document | None = None
    new: Document | None = None
    rows: Sequence[Row] = ()
    unreadable: str | None = None


def compare_apis(old: Resource, new: Resource) -> ApiChange | None:
    """What becomes of the document in an API; None if it stays as it is."""
    if old.properties.get("Body") == new.properties.get("Body"):
        return None
    try:
        before, after = read_document(old), read_document(new)
    except DocumentError as error:
        return ApiChange(unreadable=str(error))
    order = list(Kind)
    rows = sorted(_operations(before, after), key=lambda row: (order.index(row.kind), str(row.subject), row.names))
    if rest := list(differences(before.rest, after.rest)):
        rows.append(Row(kind=Kind.CHANGED, subject=DOCUMENT, differences=rest))
    return ApiChange(old=before, new=after, rows=[*rows, *_errors(before, after)])


def subject_of(operation: Operation) -> Words:
    return ("model ", Quoted(operation.model)) if operation.model is not None else ()


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _operations(old: Document, new: Document) -> Iterator[Row]:
    found: list[_Change] = []
    answered: set[tuple[str, str]] = set()
    for operation in old.operations:
        after = new.answering(operation.method, operation.path)
        if after is None:
            found.append(_Change(Kind.REMOVED, operation))
        else:
            answered.add((after.method, after.path))
            if changed := _changed(operation, after):
                told = _pause(after.model, old, new) or changed
                found.append(_Change(Kind.CHANGED, operation, tuple(told)))
    for operation in new.operations:
        known = operation.method in old.paths.get(shape_of(operation.path), ())
        if not known and (operation.method, operation.path) not in answered:
            found.append(_Change(Kind.ADDED, operation))
    yield from _grouped(found, old, new)


@dataclass(frozen=True, slots=True)
class _Change:
    kind: Kind
    operation: Operation
    differences: tuple[Difference, ...] = ()


def _changed(old: Operation, new: Operation) -> list[Difference]:
    """What is not as it was. Variables of other names are told once, as another path."""
    names = {
        before.strip("{+}"): after.strip("{+}")
        for before, after in zip(parts_of(old.path), parts_of(new.path), strict=False)
        if before != after and is_variable(before) and is_variable(after)
    }
    content = with_variables(old.content, names) if names else old.content
    found = [without_equal_end(difference) for difference in differences(described(content), described(new.content))]
    places = [("path", old.path, new.path), ("method", old.method, new.method)]
    moved = [Difference(path=what, old=before, new=after) for what, before, after in places if before != after]
    return [*moved, *found]


def _pause(model: str | None, old: Document, new: Document) -> list[Difference]:
    """That a model is paused, or goes on: all else of its operations follows from that."""
    before, now = model in old.paused, model in new.paused
    return [Difference(path="paused", old=before, new=now)] if before != now else []


def _grouped(changes: Sequence[_Change], old: Document, new: Document) -> Iterator[Row]:
    """Operations of one model that change alike are one row."""
    groups: dict[tuple[Kind, Words, str], list[_Change]] = {}
    for change in changes:
        key = (change.kind, subject_of(change.operation), _identity(change.differences))
        groups.setdefault(key, []).append(change)
    totals = {kind: _totals(new if kind is Kind.ADDED else old) for kind in Kind}
    for (kind, subject, _), group in groups.items():
        yield Row(
            kind=kind,
            subject=subject,
            names=sorted(name_of(change.operation) for change in group),
            total=totals[kind].get(subject, 0) if subject else 0,
            differences=group[0].differences,
        )


def _totals(document: Document) -> dict[Words, int]:
    totals: dict[Words, int] = {}
    for operation in document.operations:
        subject = subject_of(operation)
        totals[subject] = totals.get(subject, 0) + 1
    return totals


def _errors(old: Document, new: Document) -> Iterator[Row]:
    removed, added = sorted(old.errors.keys() - new.errors.keys()), sorted(new.errors.keys() - old.errors.keys())
    both = old.errors.keys() & new.errors.keys()
    before, after = ({name: described_error(each.errors[name]) for name in both} for each in (old, new))
    if removed:
        yield Row(kind=Kind.REMOVED, subject=ERRORS, names=removed, total=len(old.errors))
    if found := list(differences(before, after)):
        yield Row(kind=Kind.CHANGED, subject=ERRORS, differences=found)
    if added:
        yield Row(kind=Kind.ADDED, subject=ERRORS, names=added, total=len(new.errors))


def _identity(found: Sequence[Difference]) -> str:
    return json.dumps([[each.path, _json(each.old), _json(each.new)] for each in found], sort_keys=True)


def _json(value: Any) -> list[Any]:
    return [] if value is ABSENT else [value]
