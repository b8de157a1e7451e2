"""A route: one method of one path that the API answers. A plain value that knows nothing of CDK."""

from dataclasses import dataclass
from datetime import timedelta

from ml_gateway.serving.paths import check_path, in_url, variables_of
from ml_gateway.serving.settings import check_method, refuse
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, check_timeout


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One HTTP method of one path, and how its answer travels.

    `path` starts with a slash and has none at its end; a part in braces, such as `{v}`, is a variable.
    `callers_path` is where callers ask for it, if the edge leads them on to `path`. `backend_path` is what follows the
    backend's base URL, with the same variables; None means that the backend has one URL, which is used as it is, or
    one address, which is asked where callers ask. `backend_base` is the path of that base URL where the backend is an
    address without one, such as a load balancer's. `backend_method` is what the backend gets instead of the caller's
    method.
    `timeout` is the integration timeout: 50 ms to 29 s for an answer that is buffered, up to 15 min for one that
    `streams`. `answer` is the JSON that the gateway gives by itself, without asking any backend. What is `never_kept`
    the edge asks for each time, whatever it keeps of other routes. Errors: what the file refuses of a path, a method
    or a timeout.
    """

    http_method: str
    path: str
    backend_path: str | None = None
    backend_base: str = ""
    backend_method: str | None = None
    timeout: timedelta = LONGEST_BUFFERED
    streams: bool = False
    answer: str | None = None
    never_kept: bool = False
    callers_path: str | None = None

    def __post_init__(self) -> None:
        refuse("Route.http_method", check_method, self.http_method)
        refuse("Route.path", check_path, self.path)
        refuse("Route.backend_method", check_method, self.backend_method or self.http_method)
        refuse("Route.timeout", check_timeout, self.timeout)

    @property
    def path_at_address(self) -> str:
        """Where a backend that is an address, and has no URL, is asked."""
        if self.backend_path is None:
            return in_url(self.callers_path or self.path)
        return self.backend_base + self.backend_path

    @property
    def cacheable(self) -> bool:
        """Whether CloudFront may keep what a backend answers: to GET and HEAD, never to any other method."""
        return self.http_method in ("GET", "HEAD") and self.answer is None and not self.never_kept

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables in the path, in order; a greedy one without its plus sign."""
        return variables_of(self.path)
