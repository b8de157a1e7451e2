"""Path patterns of CloudFront beside the routes of API Gateway: which requests each of the two takes.

A pattern is glob text: `*` stands for any characters, slashes among them, or none (CloudFront developer guide, "Path
pattern"). Here it always fills whole parts of a path, so both are compared part by part. A request with a slash at its
end is answered by the route without it: a REST API ignores that slash (seen by users of aws-powertools/
powertools-lambda-python#1552), but a pattern does not.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ml_gateway.serving.paths import Parts, is_greedy, is_variable, parts_of, with_values

LONGEST_PATTERN: Final = 255
"""CloudFront developer guide, "Path pattern": its characters at most."""

_WILDCARD: Final = "*"

_ANY_PART: Final = "..."
"""Stands for each of several parts that a greedy variable takes: dots alone are no part of a path of API Gateway."""


def pattern_of(path: str) -> str:
    """The pattern that takes what the path with its variables does: each variable becomes `*`."""
    return with_values(path, _WILDCARD)


def specificity(path: str) -> tuple[int, ...]:
    """Sorts patterns, or paths, as API Gateway chooses routes: part by part, literals first, what goes deeper first."""
    return (*map(_looseness, parts_of(path)), 3)


def answers(path: str, request: str) -> bool:
    """Whether the route at `path` answers the path `request`, which has no slash at its end."""
    return _answers(parts_of(path), parts_of(request))


def takes(pattern: str, path: str) -> bool:
    """Whether the pattern takes every request for the route at `path`, whatever its variables are."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split(_WILDCARD))), path) is not None


def stray_request(pattern: str, path: str, own: Iterable[str], *, slash: bool) -> str | None:
    """A request for the route at `path` that `pattern` takes, too; None if there is none.

    Requests for which API Gateway chooses one of the paths `own` do not count. With `slash`, requests that end in one.
    What the pattern leaves open is shown as the variable of `path` that takes it.
    """
    if not _may_meet(pattern, path, slash=slash):
        return None
    wanted, asked = parts_of(pattern), parts_of(path)
    for request in _requests(asked, extra=len(wanted)):
        taken = _taken(wanted, (*request, "") if slash else request)
        if taken and not _answered_by(own, taken[: len(request)], before=path):
            return "/" + "/".join(taken)
    return None


def _may_meet(pattern: str, path: str, *, slash: bool) -> bool:
    """Whether their literal starts and ends agree. Of many models few pairs do, so this is asked first."""
    start, own_start = pattern.partition(_WILDCARD)[0], path.partition("{")[0]
    end, own_end = pattern.rpartition(_WILDCARD)[2], path.rpartition("}")[2] + "/" * slash
    return (start.startswith(own_start) or own_start.startswith(start)) and (
        end.endswith(own_end) or own_end.endswith(end)
    )


def _requests(path: Parts, *, extra: int) -> Iterator[Parts]:
    """What the route at `path` answers: the path itself and, if it ends greedily, up to so many parts more."""
    yield path
    if is_greedy(path[-1]):
        for more in range(extra):
            yield (*path[:-1], *[_ANY_PART] * (more + 2))


def _taken(pattern: Parts, request: Parts) -> Parts | None:
    """The request as `pattern` takes it, with the pattern's literals where it has variables; None if it does not.

    A wildcard takes one part or more. What fits in several places is laid as far back as it goes: the paths from which
    patterns come have it in the foremost, so a request that they do not answer is found if there is one.
    """
    laid: dict[int, Parts] = {0: ()}
    for part in pattern:
        before, laid = laid, {}
        for position, asked in enumerate(request):
            if part == _WILDCARD:
                start, spelled = before.get(position, laid.get(position)), asked
            else:
                start, spelled = before.get(position) if _fits(part, asked) else None, part
            if start is not None:
                laid[position + 1] = (*start, spelled)
    return laid.get(len(request))


def _fits(literal: str, asked: str) -> bool:
    """Whether a literal of a pattern takes that part: the empty one, behind a slash at the end, takes no variable."""
    return literal == asked or bool(literal and (asked == _ANY_PART or is_variable(asked)))


def _answered_by(own: Iterable[str], request: Parts, *, before: str) -> bool:
    """Whether API Gateway chooses one of the paths `own` before that one."""
    return any(specificity(path) < specificity(before) and _answers(parts_of(path), request) for path in own)


def _answers(path: Parts, request: Parts) -> bool:
    if is_greedy(path[-1]):
        path = (*path, *[path[-1]] * (len(request) - len(path)))
    return len(path) == len(request) and all(
        is_variable(part) or part == asked for part, asked in zip(path, request, strict=True)
    )


def _looseness(part: str) -> int:
    """0 of a literal, 1 of a variable, 2 of what takes several parts: a greedy variable, or a wildcard."""
    return 2 if part == _WILDCARD or is_greedy(part) else int(is_variable(part))
