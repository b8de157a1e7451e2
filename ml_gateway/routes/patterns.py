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
_Reached = frozenset[int]


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
    parts = _split(path)
    reached: _Reached = frozenset({0})
    for part in _split(request):
        reached = _step(parts, reached, part)
    return len(parts) in reached


def stray_request(pattern: str, path: str, own: Iterable[str], *, slash: bool) -> str | None:
    """The shortest request for the route at `path` that `pattern` takes, too; None if there is none.

    Requests for which API Gateway chooses one of the paths `own` do not count. With `slash`, requests that end in one.
    An invented part is shown as dots.
    """
    if not may_meet(pattern, pattern_of(path) + "/" * slash):
        return None
    chosen_before = [each for each in own if specificity(each) < specificity(path)]
    texts = [_split(each) for each in (pattern, path, *chosen_before)]
    letters = sorted({part for parts in texts for part in parts if not _looseness(part)} | {_ANY_PART})
    start = (frozenset({0}),) * len(texts)
    seen, queue = {start}, deque([("", start)])
    while queue:
        request, state = queue.popleft()
        taken, asked, *others = (len(parts) in reached for parts, reached in zip(texts, state, strict=True))
        if slash:
            taken = len(texts[0]) in _step(texts[0], state[0], "")
        if taken and asked and not any(others):
            return request + "/" * slash
        for letter in letters:
            after = tuple(_step(parts, reached, letter) for parts, reached in zip(texts, state, strict=True))
            if after[0] and after[1] and after not in seen:
                seen.add(after)
                queue.append((f"{request}/{letter}", after))
    return None


def _split(path: str) -> _Parts:
    return tuple(path.removeprefix("/").split("/"))


def _looseness(part: str) -> int:
    """0 of a literal, 1 of a variable, 2 of what takes several parts: a greedy variable, or a wildcard."""
    return 2 if part == _WILDCARD or part.endswith("+}") else int(part.startswith("{"))


def _step(parts: _Parts, reached: _Reached, letter: str) -> _Reached:
    """The positions that follow those reached, once `letter` is read: the next part of a request."""
    after: set[int] = set()
    for position in reached:
        if position < len(parts) and _takes(parts[position], letter):
            after.add(position + 1)
            if _looseness(parts[position]) == 2:
                after.add(position)
    return frozenset(after)


def _takes(part: str, letter: str) -> bool:
    """Whether `letter` fits: the empty one, behind a slash at the end, is part of no variable."""
    return part in (letter, _WILDCARD) or bool(letter and _looseness(part))
