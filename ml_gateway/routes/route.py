"""A route: one method of one path that the API answers. A plain value that knows nothing of CDK."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

DEFAULT_TIMEOUT: Final = timedelta(seconds=29)


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One HTTP method of one path, and how long its backend may take to answer.

    `path` starts with a slash and has none at its end. `timeout` is API Gateway's integration timeout,
    50 ms to 29 s.
    """

    http_method: str
    path: str
    timeout: timedelta = DEFAULT_TIMEOUT
