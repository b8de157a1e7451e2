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

_READ_IN_TWO_WAYS: Final = re.compile(r"//|/\.{1,2}(/|$)|%(?![0-9a-fA-F]{2})|%(2f|5c|25|2e|0|1|7f)|\\", re.IGNORECASE)
"""What the edge refuses, or what this command would have to guess at: docs/edge.md, "Paths and headers that pass"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One method of one path, without the slash that may be at its end."""

    method: str
    path: str

    @classmethod
    def of(cls, method: str, path: str) -> "Asked":
        """As it was written; a whole URL stands for its path. Raises ValueError for what is no request."""
        if method.upper() not in METHODS:
            raise ValueError(f"{shown(method)} is not a method; write one of {', '.join(METHODS)}")
        found = urlsplit(path).path
        if not found.startswith("/"):
            raise ValueError(f"{shown(path)} is not a path; write one that begins with a slash, such as /predict")
        if _READ_IN_TWO_WAYS.search(found):
            raise ValueError(
                f"{shown(path)} could be read in two ways, which the edge refuses with 400; write its plain form"
            )
        return cls(method=method.upper(), path=found.rstrip("/") or "/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The route that takes a request, the model that has it, and the value of each of its variables."""

    model: str
    route: Route
    values: Mapping[str, str]


def taken_by(asked: Asked, design: GatewayDesign) -> Taken | None:
    """What API Gateway chooses: first the most specific path, and then among the methods of that one."""
    found = [
        (name, route) for name, routes in design.routes.items() for route in routes if answers(route.path, asked.path)
    ]
    nearest = min((specificity(route.path) for _, route in found), default=None)
    for name, route in found:
        if specificity(route.path) == nearest and route.http_method == asked.method:
            return Taken(model=name, route=route, values=_values(route.path, asked.path))
    return None


def methods_at(asked: Asked, design: GatewayDesign) -> list[str]:
    """The methods that the path of the request has."""
    routes = [route for routes in design.routes.values() for route in routes]
    return sorted({route.http_method for route in routes if answers(route.path, asked.path)})


def _values(path: str, request: str) -> Mapping[str, str]:
    asked = parts_of(request)
    found = {}
    for index, part in enumerate(parts_of(path)):
        if is_greedy(part):
            found[part[1:-2]] = "/".join(asked[index:])
        elif is_variable(part):
            found[part[1:-1]] = asked[index]
    return found
