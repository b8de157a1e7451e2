"""Path patterns of CloudFront beside the routes of API Gateway: which requests each of the two takes.

A pattern is glob text: `*` stands for any characters, slashes among them, or none (CloudFront developer guide, "Path
pattern"). Here it always fills a whole part of a path, so both are compared part by part. A request with a slash at its
end is answered by the route without it: a REST API ignores that slash (seen by users of aws-powertools/
powertools-lambda-python#1552), but a pattern does not.
"""

import re
from collections import deque
from collections.abc import Iterable
from typing import Final

LONGEST_PATTERN: Final = 255
"""CloudFront developer guide, "Path pattern": its characters at most."""

_VARIABLE: Final = re.compile(r"\{[^}]+\}")
_WILDCARD: Final = "*"

_ANY_PART: Final = "..."
"""Stands for a part that no route spells out: dots alone are no part of a path of API Gateway."""

_Parts = tuple[str, ...]


def pattern_of(path: str) -> str:
    """The pattern that takes what the path with its variables does: each variable becomes `*`."""
    return _VARIABLE.sub(_WILDCARD, path)


def may_meet(pattern: str, other: str) -> bool:
    """Whether two patterns may take the same request, by their literal starts and ends alone: to be asked first."""
    start, other_start = (each.partition(_WILDCARD)[0] for each in (pattern, other))
    end, other_end = (each.rpartition(_WILDCARD)[2] for each in (pattern, other))
    return (start.startswith(other_start) or other_start.startswith(start)) and (
        end.endswith(other_end) or other_end.endswith(end)
    )


def specificity(path: str) -> tuple[int, ...]:
    """Sorts patterns, or paths, as API Gateway chooses routes: part by part, literals first, what goes deeper first."""
    return (*map(_looseness, _split(path)), 3)


def answers(path: str, request: str) -> bool:
    """Whether the route at `path` answers the path `request`, which has no slash at its end."""
    parts = _split(request)
    reader = _Reader([_split(path)], letters=parts)
    reached = reader.start
    for part in parts:
        reached = reader.step(reached, part)
    return bool(reached & reader.ends[0])


def stray_request(pattern: str, path: str, own: Iterable[str], *, slash: bool) -> str | None:
    """The shortest request for the route at `path` that `pattern` takes, too; None if there is none.

    Requests for which API Gateway chooses one of the paths `own` do not count. With `slash`, requests that end in one.
    What no path spells out is shown as the variable of `path` that takes it; as dots where a greedy one takes more.
    """
    if not may_meet(pattern, pattern_of(path) + "/" * slash):
        return None
    chosen_before = [each for each in own if specificity(each) < specificity(path)]
    texts = [_split(each) for each in (pattern, path, *chosen_before)]
    # What only `own` spell out is of no use to a request that shall avoid them.
    letters = sorted({part for parts in texts[:2] for part in parts if part and not _looseness(part)} | {_ANY_PART})
    reader = _Reader(texts, letters=[*letters, ""])
    by_pattern, by_path, *by_own = reader.ends
    own_ends = sum(by_own)
    seen = {reader.start}
    queue: deque[tuple[_Parts, int]] = deque([((), reader.start)])
    while queue:
        request, state = queue.popleft()
        last = reader.step(state, "") if slash else state
        if last & by_pattern and state & by_path and not state & own_ends:
            return "/" + "/".join(_named(request, texts[1])) + "/" * slash
        for letter in letters:
            after = reader.step(state, letter)
            if after & reader.bits[0] and after & reader.bits[1] and after not in seen:
                seen.add(after)
                queue.append(((*request, letter), after))
    return None


class _Reader:
    """Reads a request part by part, by several texts at once. The positions reached in all of them are the bits of one
    number: a bit for each part that may be next, and one for the end."""

    def __init__(self, texts: Iterable[_Parts], *, letters: Iterable[str]) -> None:
        self.start, self.ends, self.bits = 0, list[int](), list[int]()
        self._loops = 0
        self._takes = dict.fromkeys(letters, 0)
        first = 1
        for parts in texts:
            self.start |= first
            self.ends.append(first << len(parts))
            self.bits.append((first << len(parts) + 1) - first)
            for position, part in enumerate(parts):
                bit = first << position
                self._loops |= bit * (_looseness(part) == 2)
                for letter in self._takes:
                    self._takes[letter] |= bit * _takes(part, letter)
            first = self.ends[-1] << 1

    def step(self, reached: int, letter: str) -> int:
        """The positions that follow those reached, once `letter` is read: the next part of a request."""
        taken = reached & self._takes[letter]
        return taken << 1 | taken & self._loops


def _named(request: _Parts, path: _Parts) -> _Parts:
    if len(request) != len(path):
        return request
    return tuple(own if part == _ANY_PART else part for part, own in zip(request, path, strict=True))


def _split(path: str) -> _Parts:
    return tuple(path.removeprefix("/").split("/"))


def _looseness(part: str) -> int:
    """0 of a literal, 1 of a variable, 2 of what takes several parts: a greedy variable, or a wildcard."""
    return 2 if part == _WILDCARD or part.endswith("+}") else int(part.startswith("{"))


def _takes(part: str, letter: str) -> bool:
    """Whether `letter` fits: the empty one, behind a slash at the end, is part of no variable."""
    return part in (letter, _WILDCARD) or bool(letter and _looseness(part))
