"""A request, as somebody writes it, and the route that takes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ml_gateway.design import GatewayDesign
from ml_gateway.serving import Route, answers, specificity
from ml_gateway.serving.paths import is_greedy, is_variable, parts_of
from ml_gateway.wording import shown

METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_ENDS_A_PART: Final = re.compile(r"[\x00-\x1f\x7f/\\?#%]")
_REFUSED_PATH: Final = re.compile(r"^([^/]|\Z)|[\x00-\x1f\x7f\\?#]|//|/\.\.?(;|%3b|/|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One method of one path, as it was written."""

    method: str
    path: str

    @classmethod
    def of(cls, method: str, path: str) -> "Asked":
        """A whole URL stands for its path, and a query is left out. Raises ValueError for what is no request."""
        if method.upper() not in METHODS:
            raise ValueError(f"{shown(method)} is not a method; write one of {', '.join(METHODS)}")
        try:
            below = urlsplit(path).path if path.startswith(("http://", "https://")) else re.split("[?#]", path)[0]
        except ValueError:
            raise ValueError(f"{shown(path)} is not a URL; write a path that begins with a slash") from None
        if not below.startswith("/"):
            raise ValueError(f"{shown(path)} is not a path; write one that begins with a slash, such as /predict")
        return cls(method=method.upper(), path=below)


def cleaned(path: str, *, slashes_in_ids: bool) -> str | None:
    """The one spelling of a path in which the edge sends it on; None if it refuses the path.

    What `path_hygiene.js` does, which tells why. A test compares the two.
    """
    first, *encoded = path.split("%")
    pieces = [first]
    for piece in encoded:
        if not re.match("[0-9A-Fa-f]{2}", piece):
            return None
        meant = chr(int(piece[:2], 16))
        if _UNRESERVED.fullmatch(meant):
            pieces.append(meant + piece[2:])
        elif meant == "/" and slashes_in_ids:
            pieces.append("%2F" + piece[2:])
        elif _ENDS_A_PART.fullmatch(meant):
            return None
        else:
            pieces.append("%" + piece)
    before, *behind = "".join(pieces).split("%2F")
    if behind and before.find("/v1/models/") <= 0:
        return None
    spelled = "/".join([before, *behind])
    return None if _REFUSED_PATH.search(spelled) else spelled


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The route that takes a request, the model that has it, and the value of each of its variables."""

    model: str
    route: Route
    values: Mapping[str, str]


def taken_by(asked: Asked, design: GatewayDesign) -> Taken | None:
    """What API Gateway chooses: first the most specific path, and then among the methods of that one. A slash at the
    end of the request means nothing to it."""
    found = [
        (name, route)
        for name, routes in design.routes.items()
        for route in routes
        if answers(route.path, _without_end(asked.path))
    ]
    nearest = min((specificity(route.path) for _, route in found), default=None)
    for name, route in found:
        if specificity(route.path) == nearest and route.http_method == asked.method:
            return Taken(model=name, route=route, values=_values(route.path, _without_end(asked.path)))
    return None


def methods_at(asked: Asked, design: GatewayDesign) -> list[str]:
    """The methods that the path of the request has."""
    routes = [route for routes in design.routes.values() for route in routes]
    return sorted({route.http_method for route in routes if answers(route.path, _without_end(asked.path))})


def _values(path: str, request: str) -> Mapping[str, str]:
    asked = parts_of(request)
    found = {}
    for index, part in enumerate(parts_of(path)):
        if is_greedy(part):
            found[part[1:-2]] = "/".join(asked[index:])
        elif is_variable(part):
            found[part[1:-1]] = asked[index]
    return found


def _without_end(path: str) -> str:
    return path.rstrip("/") or "/"
