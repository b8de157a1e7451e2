"""A model as callers see it, and the routes that it is served under."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from ml_gateway.serving.patterns import pattern_of
from ml_gateway.serving.protocols import PROTOCOLS, ProtocolName, answer_of
from ml_gateway.serving.route import Route
from ml_gateway.serving.timeouts import LONGEST_BUFFERED


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """How one model is served: below which path, by which protocol, and how its answers travel.

    `methods` are those of a raw model, and `backend_method` what its backend gets instead of the caller's; every other
    protocol brings its own. Of a model that `streams` all POST routes do, and all routes of a raw one.
    """

    name: str
    path: str
    protocol: ProtocolName = "raw"
    methods: tuple[str, ...] = ("POST",)
    backend_method: str | None = None
    timeout: timedelta = LONGEST_BUFFERED
    streams: bool = False

    @property
    def base_path(self) -> str:
        """The path of the URL to hand out: what clients of this protocol call the base URL."""
        return self.path if self.protocol == "raw" else self.path + PROTOCOLS[self.protocol].base

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
        answered = (protocol.answered or {}).items()
        return (
            *(self._proxied(route) for route in protocol.routes),
            *(self._answered(route, answer) for route, answer in answered),
        )

    def _proxied(self, route: str) -> Route:
        method, path = self._split(route)
        streams = self.streams and method == "POST"
        return Route(
            http_method=method,
            path=self.path + path,
            backend_path=path,
            # Of a model that streams, what is buffered all the same cannot wait as long as a stream.
            timeout=self.timeout if streams or not self.streams else min(self.timeout, LONGEST_BUFFERED),
            streams=streams,
        )

    def _answered(self, route: str, answer: object) -> Route:
        method, path = self._split(route)
        return Route(http_method=method, path=self.path + path, answer=answer_of(answer, self.name))

    def _split(self, route: str) -> tuple[str, str]:
        method, path = route.split(" ")
        return method, path.replace("{m}", self.name)
