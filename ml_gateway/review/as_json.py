"""The review for a script: what is lost, and each difference, as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ml_gateway.review.assembly import Json
from ml_gateway.review.changes import ResourceChange, StackChange
from ml_gateway.review.differences import ABSENT, Difference
from ml_gateway.review.guards import Finding
from ml_gateway.review.wording import Quoted, Words


def as_json(changes: Sequence[StackChange], found: Sequence[Finding]) -> str:
    """`lost` has what callers or operators would lose, `changes` every resource and output that differs."""
    lost = [{"stack": each.stack.name, "region": each.stack.region, "what": _text(each.what)} for each in found]
    return json.dumps({"lost": lost, "changes": [row for change in changes for row in _rows(change)]}, indent=2)


def _rows(change: StackChange) -> Iterator[Json]:
    stack = {"stack": change.stack.name, "region": change.stack.region}
    if change.old is None or change.new is None:
        yield {**stack, "kind": "removed" if change.new is None else "added"}
        return
    for resource in change.resources:
        yield {**stack, **_resource(resource)}
    for output in change.outputs:
        yield {**stack, "output": output.path, **_values(output)}


def _resource(change: ResourceChange) -> Json:
    resource = change.old or change.new
    said: Json = {"kind": str(change.kind), "resource": change.logical_id, "type": resource.type if resource else ""}
    if change.differences:
        said["properties"] = {each.path: _values(each) for each in change.differences}
    if change.api and change.api.rows:
        said["api"] = [
            {
                "kind": str(row.kind),
                "what": _text(row.subject),
                "operations": list(row.names),
                "differences": {each.path: _values(each) for each in row.differences},
            }
            for row in change.api.rows
        ]
    return said


def _values(difference: Difference) -> dict[str, Any]:
    sides = {"old": difference.old, "new": difference.new}
    return {side: value for side, value in sides.items() if value is not ABSENT}


def _text(words: Words) -> str:
    return "".join(word.text if isinstance(word, Quoted) else word for word in words)
