"""What differs between two values of a template, and what a deploy does about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ml_gateway.review.references import is_intrinsic

ABSENT: Final = object()
"""The value of a property that is not there."""


class Kind(StrEnum):
    """What a deploy does, the gravest first."""

    REMOVED = "removed"
    MOVED = "moved: will be replaced"
    REPLACED = "replaced"
    MAYBE_REPLACED = "may be replaced"
    CHANGED = "changed"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One value that is not what it was; `path` as in `Origins[0].DomainName`."""

    path: str
    old: Any
    new: Any


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """The smallest parts that differ. What CloudFormation computes, and lists of another length, differ as a whole."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and not is_intrinsic(old) and not is_intrinsic(new):
        for name in sorted({*old, *new}):
            yield from differences(old.get(name, ABSENT), new.get(name, ABSENT), f"{path}.{name}" if path else name)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{path}[{index}]")
    else:
        yield Difference(path=path, old=old, new=new)
