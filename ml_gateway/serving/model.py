"""A model as callers see it, and the routes that it is served under."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from ml_gateway.serving.paths import check_path, in_url, variables_of
from ml_gateway.serving.patterns import pattern_of, takes
from ml_gateway.serving.protocols import ASKED_BY_NAME, NAMES_MODELS, PROTOCOLS, ProtocolName, answer_of
from ml_gateway.serving.route import Route
from ml_gateway.serving.settings import (
    METHODS,
    SERVED_AS,
    SERVED_AS_FORM,
    check_method,
    check_name,
    check_no_repeats,
    refuse,
)
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, check_timeout
from ml_gateway.wording import shown, suggestion

ONLY_RAW: Final = "has no effect on the protocol {protocol}, which brings its own; leave the line out"
"""Said of a method where the protocol has them."""

_USUAL_METHODS: Final = ("POST",)


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """How one model is served: below which path, by which protocol, and how its answers travel.

    `methods` are those of a raw model, and `backend_method` what its backend gets instead of the caller's; every other
    protocol brings its own. Of a model that `streams` all POST routes do, and all routes of a raw one.

    `served_as` is what its server calls it, where that is not `name`: the paths of some protocols have it. Where
    callers go on to use that name, and the server has another one, `served_as_by_server` is the server's.
    `callers_path`: the path of the model, where the edge leads its callers on to `path`. With
    `lists_itself` the gateway says which models there are, and asks no backend: where the backend would list what the
    gateway's own token may use, or is none that lists anything. A `paused` model
    keeps its routes, and the gateway answers all of them with a 503. Errors: what the file refuses of a model.
    """

    name: str
    path: str
    protocol: ProtocolName = "raw"
    methods: tuple[str, ...] = _USUAL_METHODS
    backend_method: str | None = None
    timeout: timedelta = LONGEST_BUFFERED
    streams: bool = False
    served_as: str | None = None
    lists_itself: bool = False
    paused: bool = False
    served_as_by_server: str | None = None
    callers_path: str | None = None

    def __post_init__(self) -> None:
        refuse("ServedModel.name", check_name, self.name)
        refuse("ServedModel.path", check_path, self.path)
        refuse("ServedModel.protocol", _check_protocol, self.protocol)
        refuse("ServedModel.methods", _check_methods, self.methods)
        refuse("ServedModel.backend_method", check_method, self.backend_method or self.methods[0])
        refuse("ServedModel.timeout", check_timeout, self.timeout)
        if self.served_as not in (None, self.name):
            refuse("ServedModel.served_as", _check_name_at_server, self)
        if self.served_as_by_server is not None:
            refuse("ServedModel.served_as_by_server", _check_name_by_server, self)
        if self.protocol != "raw":
            refuse("ServedModel", _check_what_is_of_a_raw_model, self)

    @property
    def asks_for_lists(self) -> bool:
        """Whether its callers see which models its backend has."""
        return self.protocol != "raw" and bool(PROTOCOLS[self.protocol].listing) and not self.lists_itself

    @property
    def base_path(self) -> str:
        """The path of the URL to hand out: what clients of this protocol call the base URL."""
        return self.path if self.protocol == "raw" else self.path + PROTOCOLS[self.protocol].base

    @property
    def common_path(self) -> str:
        """What the path to hand out and those of all its routes begin with."""
        return self.path if self.protocol == "raw" else self.path + PROTOCOLS[self.protocol].version

    @property
    def path_pattern(self) -> str:
        """The path pattern by which CloudFront knows requests for this model."""
        return pattern_of(self.path) if self.protocol == "raw" else f"{self.path}/*"

    @property
    def path_patterns(self) -> tuple[str, ...]:
        """All path patterns it takes to know them: a literal end needs another one for requests that end in a slash."""
        pattern = self.path_pattern
        return (pattern,) if pattern.endswith("*") else (pattern, f"{pattern}/")

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All routes, in the order of the specification."""
        if self.protocol == "raw":
            return tuple(
                Route(
                    http_method=method,
                    path=self.path,
                    backend_method=self.backend_method,
                    timeout=self.timeout,
                    streams=self.streams,
                    callers_path=self.callers_path,
                )
                for method in self.methods
            )
        protocol = PROTOCOLS[self.protocol]
        asked = tuple(map(self._proxied, protocol.routes))
        if self.lists_itself:
            return (*asked, *(self._answered(route, answer) for route, answer in protocol.own_list.items()))
        return (*asked, *map(self._proxied, protocol.listing))

    def _proxied(self, route: str) -> Route:
        method, path = self._split(route)
        version = PROTOCOLS[self.protocol].version
        streams = self.streams and method == "POST"
        return Route(
            http_method=method,
            path=self.path + path,
            backend_path=in_url(self._path_by_server(route).removeprefix(version)),
            backend_base=version,
            # Of a model that streams, what is buffered all the same cannot wait as long as a stream.
            timeout=self.timeout if streams or not self.streams else min(self.timeout, LONGEST_BUFFERED),
            streams=streams,
            never_kept=any(takes(pattern, self.path + path) for pattern in PROTOCOLS[self.protocol].never_kept),
        )

    def _answered(self, route: str, answer: object) -> Route:
        method, path = self._split(route)
        return Route(http_method=method, path=self.path + path, answer=answer_of(answer, self._name_at_server))

    def _split(self, route: str) -> tuple[str, str]:
        method, path = route.split(" ")
        return method, path.replace("{m}", self._name_at_server)

    def _path_by_server(self, route: str) -> str:
        return route.split(" ")[1].replace("{m}", self.served_as_by_server or self._name_at_server)

    @property
    def _name_at_server(self) -> str:
        return self.served_as or self.name


def _check_protocol(protocol: str) -> None:
    if protocol != "raw" and protocol not in PROTOCOLS:
        raise ValueError(f"{shown(protocol)} is not known here; {suggestion(protocol, ('raw', *PROTOCOLS))}")


def wrong_name_at_server(served_as: str, protocol: ProtocolName) -> str | None:
    """What is wrong with that name where the paths of that protocol would have it, and the way out."""
    if protocol not in NAMES_MODELS:
        way_out = f"write path: /{served_as} for its URL, or leave" if protocol == "raw" else "leave"
        return f"{shown(served_as)} is in no path of the protocol {protocol}; {way_out} the line out"
    if protocol != "openai" and "/" in served_as:
        return f"{shown(served_as)} is several parts of a path, where {protocol} has one; write one"
    return None


def wrong_name_by_server(served_as: str, protocol: ProtocolName) -> str | None:
    """What is wrong with that name where the server alone is to be asked by it, and the way out."""
    if protocol not in ASKED_BY_NAME:
        return f"{shown(served_as)} is in no path at which the protocol {protocol} asks a server; leave the line out"
    return wrong_name_at_server(served_as, protocol)


def _check_name_at_server(model: ServedModel) -> None:
    _check_served_as(model.served_as or "", model.protocol)


def _check_name_by_server(model: ServedModel) -> None:
    if message := wrong_name_by_server(model.served_as_by_server or "", model.protocol):
        raise ValueError(message)
    _check_served_as(model.served_as_by_server or "", model.protocol)


def _check_served_as(served_as: str, protocol: ProtocolName) -> None:
    if not re.fullmatch(SERVED_AS, served_as):
        raise ValueError(f"{shown(served_as)} is not a name that paths can have; write {SERVED_AS_FORM}")
    if message := wrong_name_at_server(served_as, protocol):
        raise ValueError(message)


def _check_methods(methods: tuple[str, ...]) -> None:
    if not methods:
        raise ValueError(f"empty; write some of {', '.join(METHODS)}")
    for method in check_no_repeats(methods):
        check_method(method)


def _check_what_is_of_a_raw_model(model: ServedModel) -> None:
    if model.methods != _USUAL_METHODS or model.backend_method is not None:
        raise ValueError(f"methods, or backend_method, {ONLY_RAW.format(protocol=model.protocol)}")
    if variables_of(model.path):
        raise ValueError(f"{shown(model.path)} has a variable, which only a raw model can have; write the path out")
