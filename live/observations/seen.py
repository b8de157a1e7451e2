"""What an observation says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from live.gateway import Asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Whether it was as expected, and in a few words what was seen: statuses, counts, seconds, never a value."""

    held: bool
    saw: str


Observe = Callable[[Asked], Seen]


def compared(expected: str, saw: str) -> Seen:
    return Seen(held=saw == expected, saw=saw)


def distinct(values: Iterable[object]) -> str:
    """Each of them once, in the order of their texts; it is an error to have seen none."""
    found = sorted({str(value) for value in values})
    if not found:
        raise ValueError("nothing was looked at")
    return ", ".join(found)
