"""Requests, and how much of one AWS WAF gets to see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.waf.settings import NotModelledError

# https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
SEEN_HEADERS: Final = 200
SEEN_BYTES_OF_HEADERS: Final = 8 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """As the host in front of the web ACL takes it: CloudFront, or the API's stage.

    `country`: what WAF knows about the address; None where it knows nothing.
    """

    path: str
    method: str = "POST"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    address: str
    country: str | None


class Inspected:
    """The part of a request that its host hands to WAF: a body's beginning, and the first headers.

    The pages name the limits, not how bytes of headers are counted: here names and values are. Spaces and tabs around
    a value are none of it (RFC 9110, 5.5). Capitals in names make no difference
    (https://docs.aws.amazon.com/waf/latest/APIReference/API_SingleHeader.html).
    """

    def __init__(self, request: Request, *, body_limit: int) -> None:
        self.request = request
        self.body = request.body[:body_limit]
        self.headers, self._cut = _first_headers(request.headers)

    def values(self, name: str) -> list[bytes]:
        """Of each header of that name. Errors: one of which WAF gets a part, which no page calls its value."""
        if self._cut == name.lower():
            raise NotModelledError(f"the header {name}, which the limit of {SEEN_BYTES_OF_HEADERS} bytes cuts in two")
        return [value for other, value in self.headers if other == name.lower()]


def _first_headers(headers: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, bytes]], str | None]:
    """Names in small letters with their values, and the name of the header that is handed over in part."""
    found: list[tuple[str, bytes]] = []
    taken = 0
    for name, value in list(headers)[:SEEN_HEADERS]:
        taken += len(name) + len(value)
        whole = value.strip(" \t").encode("latin-1")
        if taken > SEEN_BYTES_OF_HEADERS:
            return [*found, (name.lower(), whole[: SEEN_BYTES_OF_HEADERS - taken])], name.lower()
        found.append((name.lower(), whole))
    return found, None
