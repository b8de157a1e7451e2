"""What a mutant is: a security property, the change of the source that takes it away, and what has to notice."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """`old`, which stands exactly once in `file`, becomes `new`; then one of `tests` has to fail."""

    lost: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
