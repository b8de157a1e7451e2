"""Rules between settings: each setting is right by itself, but not beside another."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ml_gateway.wording import shown_place

Place = tuple[str | int, ...]
"""Where a value stands: the keys, and the positions in lists, that lead to it."""

Names = Callable[[str], Iterable[str]]
"""The names of the entries in a section of entries, such as `models`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong at one place, and what to do. `file` and `line` where it is written; no `line` if the file cannot
    be read at all."""

    message: str
    place: str = ""
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = ":".join(str(each) for each in (self.file, self.line) if each is not None)
        return ": ".join(each for each in (where, self.place, self.message) if each)


class ConfigError(Exception):
    """The gateway cannot be what was written. A line for each of the `problems`: `file:line: path: what is wrong; what
    to do`, without file and line where no file was read."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong at the place `at`, in view of what its rule reads.

    Places are counted from the section whose rule it is. `of`: the names that it is about, by the section that has
    them; where it does not say, those in `at`, or else all of the section.
    """

    message: str
    at: Place
    of: Mapping[str, Collection[str]] = field(default_factory=dict)


def places_read(reads: Iterable[str], conflict: Conflict, names: Names) -> Iterator[Place]:
    """Where what a rule declares to read stands, for one of its conflicts.

    It declares paths such as `edge.cache`; in `models.*.path` the star is each model that the conflict is about, and
    `.rate` lies below the conflict's own place.
    """
    for path in reads:
        section, *below = path.split(".")
        if not section:
            yield (*conflict.at, *below)
        elif below[:1] == ["*"]:
            own = conflict.at[1:2] if conflict.at[0] == section else names(section)
            yield from ((section, name, *below[1:]) for name in conflict.of.get(section, own))
        else:
            yield (section, *below)


def stands_on(places: Collection[Place], refused: Collection[Place], *, within: bool = False) -> bool:
    """Whether one of the places has, or lies in, a value that was refused; `within`: or has such a value in it.

    A whole section, such as `models`, is not refused by what is refused in it.
    """
    around = {place[:length] for place in places for length in range(1, len(place) + 1)}
    if not around.isdisjoint(refused):
        return True
    inside = {place[:length] for place in refused for length in range(2, len(place))}
    return within and not inside.isdisjoint(places)


def refused_names(names: Iterable[str], check: Callable[[str], object]) -> Iterator[tuple[str, str]]:
    """The names that `check` refuses with a ValueError, and what it says."""
    for name in names:
        try:
            check(name)
        except ValueError as error:
            yield name, str(error)


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the settings of a gateway were read from: the spot of each value."""

    spots: Mapping[Place, Spot]

    def at(self, place: Place) -> Spot:
        """The spot of the value at `place`, or of the innermost section around it that is there."""
        while place not in self.spots:
            place = place[:-1]
        return self.spots[place]


def problem_at(spot: Spot, place: Place, message: str) -> Problem:
    """The line of a report about the value at `place`, which is written at `spot`."""
    return Problem(message=message, place=shown_place(place), file=spot.file, line=spot.line)


def problem_of(conflict: Conflict, written: Written | None) -> Problem:
    """The line of a report about it; `written` says where."""
    if written is None:
        return Problem(message=conflict.message, place=shown_place(conflict.at))
    return problem_at(written.at(conflict.at), conflict.at, conflict.message)
