"""Sends requests to one address, over HTTPS or to loopback, and sees when each piece of an answer comes."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

SECONDS_FOR_ONE_ANSWER: Final = 60
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class NoAnswerError(Exception):
    """The connection failed, or nothing came in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, headers with names of any case, the body, and after how many seconds each piece of it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    pieces: tuple[float, ...] = ()

    @property
    def said(self) -> Any:
        """The body read as JSON; an empty dictionary if it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def received(self) -> dict[str, Any]:
        """The request as the server behind the model saw it; empty if it saw none."""
        found: dict[str, Any] = self.said.get("received", {}) if isinstance(self.said, dict) else {}
        return found

    @property
    def code(self) -> str:
        """Of a refusal in OpenAI's dialect."""
        error = self.said.get("error", {}) if isinstance(self.said, dict) else {}
        return str(error.get("code", "no code")) if isinstance(error, dict) else "no code"

    @property
    def refusal(self) -> str:
        return f"{self.status} {self.code}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Everything is asked below `base`, with `headers`. Follows no redirect, repeats nothing, and sends paths as they
    are written."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, headers: Mapping[str, str] = NOTHING, *, body: bytes | None = None) -> Answer:
        """POST has a body of two bytes unless it is given one."""
        sent = {"Content-Type": "application/json", **self.headers, **headers}
        content = body if body is not None or method != "POST" else b"{}"
        connection = self._connection()
        try:
            connection.request(method, urlsplit(self.base).path + path, body=content, headers=sent)
            begun = time.monotonic()
            response = connection.getresponse()
            came, pieces = [], []
            while piece := response.read1():
                came.append(piece)
                pieces.append(time.monotonic() - begun)
        except (OSError, HTTPException) as error:
            raise NoAnswerError(type(error).__name__) from error
        finally:
            connection.close()
        headers_seen = urllib3.HTTPHeaderDict(response.getheaders())
        return Answer(status=response.status, headers=headers_seen, body=b"".join(came), pieces=tuple(pieces))

    def _connection(self) -> HTTPConnection:
        address = urlsplit(self.base)
        if address.scheme == "http":
            return HTTPConnection(str(address.hostname), address.port, timeout=SECONDS_FOR_ONE_ANSWER)
        context = ssl.create_default_context()
        return HTTPSConnection(str(address.hostname), address.port, timeout=SECONDS_FOR_ONE_ANSWER, context=context)
