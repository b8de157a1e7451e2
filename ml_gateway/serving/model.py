"""A model as callers see it, and the routes that it is served under."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from ml_gateway.serving.paths import in_url
from ml_gateway.serving.patterns import pattern_of
from ml_gateway.serving.protocols import PROTOCOLS, ProtocolName, answer_of
from ml_gateway.serving.route import Route
from ml_gateway.serving.timeouts import LONGEST_BUFFERED


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """How one model is served: below which path, by which protocol, and how its answers travel.

    `methods` are those of a raw model, and `backend_method` what its backend gets instead of the caller's; every other
    protocol brings its own. Of a model that `streams` all POST routes do, and all routes of a raw one.

    `served_as` is what its server calls it, where that is not `name`: the paths of some protocols have it. With
    `lists_itself` the gateway says which models there are, and asks no backend: where the backend would list what the
    gateway's own token may use, or is none that lists anything.
    """

    name: str
    path: str
    protocol: ProtocolName = "raw"
    methods: tuple[str, ...] = ("POST",)
    backend_method: str | None = None
    timeout: timedelta = LONGEST_BUFFERED
    streams: bool = False
    served_as: str | None = None
    lists_itself: bool = False

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
                )
                for method in self.methods
            )
        protocol = PROTOCOLS[self.protocol]
        asked = tuple(map(self._proxied, protocol.routes))
        if self.lists_itself:
            return (*asked, *(self._answered(route, answer) for route, answer in protocol.own_list.items()))
        return (*asked, *(replace(self._proxied(route), never_kept=True) for route in protocol.listing))

    def _proxied(self, route: str) -> Route:
        method, path = self._split(route)
        version = PROTOCOLS[self.protocol].version
        streams = self.streams and method == "POST"
        return Route(
            http_method=method,
            path=self.path + path,
            backend_path=in_url(path.removeprefix(version)),
            backend_base=version,
            # Of a model that streams, what is buffered all the same cannot wait as long as a stream.
            timeout=self.timeout if streams or not self.streams else min(self.timeout, LONGEST_BUFFERED),
            streams=streams,
        )

    def _answered(self, route: str, answer: object) -> Route:
        method, path = self._split(route)
        return Route(http_method=method, path=self.path + path, answer=answer_of(answer, self._name_at_server))

    def _split(self, route: str) -> tuple[str, str]:
        method, path = route.split(" ")
        return method, path.replace("{m}", self._name_at_server)

    @property
    def _name_at_server(self) -> str:
        return self.served_as or self.name
