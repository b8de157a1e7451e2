"""Questions about what CloudFront keeps."""

from live.gateway import Asked
from live.observations.seen import Seen, compared

PATH = "/kept"


def cache_apart(asked: Asked) -> Seen:
    """The second answer to a client is the first one; that of another client is not."""
    reader, holder = asked.clients.client("reader"), asked.clients.client("holder")
    first, again, other = (caller.ask("GET", f"{PATH}?apart").received for caller in (reader, reader, holder))
    kept = first.get("answered") == again.get("answered")
    mixed = first.get("answered") == other.get("answered")
    return compared("kept for itself, not for the other", _words(kept=kept, mixed=mixed))


def _words(*, kept: bool, mixed: bool) -> str:
    return f"{'kept' if kept else 'not kept'} for itself, {'kept' if mixed else 'not'} for the other"


def cache_headers(asked: Asked) -> Seen:
    """Three headers that are in no cache key, one of them of a kind that functions do not see."""
    names = ("x-anything", "accept-language", "x-forwarded-user")
    answer = asked.clients.client("reader").ask("GET", f"{PATH}?headers", dict.fromkeys(names, "the caller's"))
    seen = answer.received.get("headers", {})
    passed = [name for name in names if seen.get(name) == "the caller's"]
    return compared("200, none", f"{answer.status}, {', '.join(passed) or 'none'}")


def errors_apart(asked: Asked) -> Seen:
    """Nobody, then a client, then nobody again."""
    nobody, reader = asked.clients.edge, asked.clients.client("reader")
    statuses = [caller.ask("GET", f"{PATH}?errors").status for caller in (nobody, reader, nobody)]
    return compared("401, 200, 401", ", ".join(map(str, statuses)))
