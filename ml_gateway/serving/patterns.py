"""Path patterns of CloudFront beside the routes of API Gateway: which requests each of the two takes.

A pattern is glob text: `*` stands for any characters, slashes among them, or none (CloudFront developer guide, "Path
pattern"). Here it always fills a whole part of a path, so both are compared part by part. A request with a slash at its
end is answered by the route without it: a REST API ignores that slash (seen by users of aws-powertools/
powertools-lambda-python#1552), but a pattern does not.
"""

from typing import Final

from ml_gateway.serving.paths import Parts, is_greedy, is_variable, parts_of, with_values

LONGEST_PATTERN: Final = 255
"""CloudFront developer guide, "Path pattern": its characters at most."""

_WILDCARD: Final = "*"


def pattern_of(path: str) -> str:
    """The pattern that takes what the path with its variables does: each variable becomes `*`."""
    return with_values(path, _WILDCARD)


def specificity(path: str) -> tuple[int, ...]:
    """Sorts patterns, or paths, as API Gateway chooses routes: part by part, literals first, what goes deeper first."""
    return (*map(_looseness, parts_of(path)), 3)


def answers(path: str, request: str) -> bool:
    """Whether the route at `path` answers the path `request`, which has no slash at its end."""
    return _shared(parts_of(request), parts_of(path)) is not None


def shared_request(pattern: str, path: str, *, own: str | None = None, slash: bool = False) -> str | None:
    """A request for the route at `path` that `pattern` takes, too; None if there is none. With `slash` it ends in one.

    `own`: the one path that the pattern is made of, if it is. Where API Gateway chooses that before `path`, and it
    answers all requests that both take, there is none. What neither spells out is shown as the variable that stands
    for it.
    """
    asked = parts_of(path)
    if own is not None and specificity(own) < specificity(path) and _answers_all(parts_of(own), asked, slash=slash):
        return None
    shared = _shared(parts_of(pattern), (*asked, *([""] if slash else [])))
    return None if shared is None else "/" + "/".join(shared)


def _answers_all(own: Parts, path: Parts, *, slash: bool) -> bool:
    """Whether a route answers all requests that its pattern and another path take.

    A wildcard takes several parts where a variable takes one, and the last one none before a slash. So it answers those
    of as many parts as it has, or all where nothing of it but a greedy end is a wildcard.
    """
    wildcards = [part for part in own if is_variable(part)]
    if slash and is_variable(own[-1]) and (len(path) < len(own) or len(wildcards) > 1):
        return False
    if not wildcards or (len(wildcards) == 1 and is_greedy(own[-1])):
        return True
    return len(own) == len(path) and not is_greedy(own[-1]) and not is_greedy(path[-1])


def _shared(pattern: Parts, path: Parts) -> Parts | None:
    """The parts of a request that fits both, found from the end: of each two ends of them what they share."""
    shared: dict[tuple[int, int], Parts] = {(len(pattern), len(path)): ()}
    if not _fits(pattern[0], path[0]):
        return None
    for at, taken in reversed(list(enumerate(pattern))):
        for below, asked in reversed(list(enumerate(path))):
            if not _fits(taken, asked):
                continue
            # A wildcard may go on to the next part of the path, and a greedy variable to the next of the pattern.
            ends = [(at + 1, below + 1)]
            ends += [(at, below + 1)] if taken == _WILDCARD else []
            ends += [(at + 1, below)] if is_greedy(asked) else []
            rest = next((shared[end] for end in ends if end in shared), None)
            if rest is not None:
                shared[at, below] = (asked if taken == _WILDCARD else taken, *rest)
    return shared.get((0, 0))


def _fits(taken: str, asked: str) -> bool:
    """Whether a part of a request may be both. The empty one, behind a slash at the end, is part of no variable."""
    return taken in (_WILDCARD, asked) or (bool(taken) and is_variable(asked))


def _looseness(part: str) -> int:
    """0 of a literal, 1 of a variable, 2 of what takes several parts: a greedy variable, or a wildcard."""
    return 2 if part == _WILDCARD or is_greedy(part) else int(is_variable(part))
