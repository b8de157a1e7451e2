"""Requests to the local cloud, and what came back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import urllib3

from ml_gateway.local.processes import LocalCloudError

SECONDS_FOR_ONE_ANSWER: Final = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to send. `headers` come on top of those that lead to the gateway."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, headers with names of any case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    def json(self) -> Any:
        """The body read as JSON; None if it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class HttpClient:
    """Sends requests to a port on loopback with `headers` on all of them. Follows no redirect, repeats nothing."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.port = port
        self.headers = dict(headers)
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", port, maxsize=16, block=True, retries=False, timeout=SECONDS_FOR_ONE_ANSWER
        )

    def send(self, request: Request) -> Answer:
        try:
            response = self._pool.request(
                request.method,
                request.path,
                body=request.body,
                headers={**self.headers, **request.headers},
                redirect=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise LocalCloudError(
                f"{request.method} {request.path}: no answer from the local cloud: {error}"
            ) from error
        return Answer(status=response.status, headers=response.headers, body=response.data)

    def close(self) -> None:
        self._pool.close()
