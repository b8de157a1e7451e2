"""Whether a URL is the base URL that a protocol's own clients take: its routes follow, and it has none of them yet."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from ml_gateway.serving.paths import is_greedy, is_variable, parts_of
from ml_gateway.serving.protocols import PROTOCOLS, ProtocolName
from ml_gateway.wording import shown


def wrong_base_url(url: str, protocol: ProtocolName) -> str | None:
    """What is wrong with `url` as the base URL of a server of that protocol, and what to write; None if nothing is.

    Nothing is of a raw model, which has a URL of its own, and of a SageMaker endpoint, which has none.
    """
    if protocol in ("raw", "sagemaker"):
        return None
    base = url.partition("?")[0].rstrip("/")
    path = urlsplit(base).path
    for other in PROTOCOLS:
        if other != protocol and (end := _end(path, _versioned_routes_of(other))):
            return (
                f"{shown(url)} ends in {end}, a route of the protocol {other}; write protocol: {other}, and the base "
                f"URL that its clients take, {_with_version(base.removesuffix(end), other)}"
            )
    if end := _end(path, _routes_of(protocol)):
        return (
            f"{shown(url)} ends in {end}, which the protocol {protocol} adds by itself; write the base URL that its "
            f"clients take, {_with_version(base.removesuffix(end), protocol)}"
        )
    if not path and _with_version(base, protocol) != base:
        return (
            f"{shown(url)} has no path, and the protocol {protocol} adds no version to it; write the base URL that its "
            f"clients take, such as {_with_version(base, protocol)}"
        )
    return None


def _with_version(base: str, protocol: ProtocolName) -> str:
    """The base URL, with the protocol's version where it has no path at all, although it needs one."""
    return base if urlsplit(base).path else base + PROTOCOLS[protocol].version


def _end(path: str, routes: tuple[re.Pattern[str], ...]) -> str | None:
    """The longest end of the path that is one of the routes."""
    found = (route.search(path) for route in routes)
    return max((match[0] for match in found if match), key=len, default=None)


@cache
def _routes_of(protocol: ProtocolName) -> tuple[re.Pattern[str], ...]:
    """What the protocol adds to a base URL: its routes, and where they bring their version along what they begin with.

    Where they do not, a beginning such as /chat or /audio may be the path of a server.
    """
    known = PROTOCOLS[protocol]
    found: dict[re.Pattern[str], None] = {}
    for path in _paths_of(protocol):
        parts = parts_of(path.removeprefix(known.version))
        shortest = len(parts) if known.version else 1
        found |= {_pattern(parts[:length]): None for length in range(shortest, len(parts) + 1)}
    return tuple(found)


@cache
def _versioned_routes_of(protocol: ProtocolName) -> tuple[re.Pattern[str], ...]:
    """The routes by which a model is asked, if they tell by their beginning which protocol it is."""
    return tuple(_pattern(parts_of(path)) for path in _paths_of(protocol, "POST") if re.match(r"/v\d/", path))


def _paths_of(protocol: ProtocolName, *methods: str) -> Iterator[str]:
    known = PROTOCOLS[protocol]
    for route in (*known.routes, *known.listing):
        method, path = route.split(" ")
        if method in methods or not methods:
            yield path


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Finds these parts at the end of a path."""
    return re.compile("".join(f"/{_pattern_of(part)}" for part in parts) + "$")


def _pattern_of(part: str) -> str:
    if is_greedy(part):
        # An id such as org/name. Behind /models/<id>/v1 a server may be.
        return r"([^/]+/)?(?!v\d\w*$)[^/]+"
    if is_variable(part):
        return r"[^/]+" + re.escape(part.partition("}")[2])
    return re.escape(part)
