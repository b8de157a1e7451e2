"""Which request headers may be in the cache key, which a backend may get with a fixed value, and which pages send."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.lists import Distinct
from ml_gateway.credentials import (
    GATEWAY_CREDENTIAL_HEADERS,
    KEY_FORMS,
    ORIGIN_VERIFY_HEADER,
    REMOVED_AT_EDGE,
    carries_a_credential,
)
from ml_gateway.wording import shown

ALWAYS_IN_CACHE_KEY: Final = ("Authorization", "Accept")
"""Headers that every cached answer depends on: who asks, and for which format."""

MOST_CACHE_HEADERS: Final = 10 - len(ALWAYS_IN_CACHE_KEY)
"""CloudFront's default quota is ten headers in a cache policy."""

MOST_CACHE_HEADERS_WITH_CLIENTS: Final = MOST_CACHE_HEADERS - 1
"""Clients add x-api-key to the cache key."""

HEADER_NAME: Final = Matching(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", "a header name", "one such as X-Model-Version")
"""A token of RFC 9110."""

PRINTABLE: Final = r"(?=.{1,1024}$)[!-&(-~]([ -&(-~]*[!-&(-~])?"
"""Text that a mapping of API Gateway takes: it puts static values in single quotes."""

# CloudFront developer guide, "Request and response behavior for custom origins", table "HTTP request headers and
# CloudFront behavior": those for which caching based on header values is not supported.
_NOT_SUPPORTED: Final = (
    "Cache-Control", "Connection", "Content-Length", "Cookie", "Max-Forwards", "Pragma", "Proxy-Authenticate",
    "Proxy-Authorization", "Proxy-Connection", "Request-Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    "X-Amz-Cf-Id", "X-Edge-*", "X-Forwarded-Proto", "X-Real-IP",
)  # fmt: skip

_NOT_CACHED_BY: Final = {
    "host": "is never in the cache key, because API Gateway refuses the host of the distribution",
    "accept-encoding": "is CloudFront's own to add, with compression",
    **{header.lower(): "is always in the cache key" for header in ALWAYS_IN_CACHE_KEY},
    **{header.lower(): "carries a credential of the gateway itself" for header in GATEWAY_CREDENTIAL_HEADERS},
    **{header.lower(): "is not one that CloudFront caches by" for header in _NOT_SUPPORTED},
}

# API Gateway developer guide, "Amazon API Gateway important notes": headers that an integration request cannot set.
_NOT_SENT: Final = dict.fromkeys(
    ("connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade", "via", "x-amzn-*"),
    "is not one that API Gateway lets an integration set",
)

# Fetch standard, "forbidden request-header".
_FORBIDDEN_TO_PAGES: Final = (
    "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method",
    "Access-Control-Request-Private-Network", "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT",
    "Expect", "Host", "Keep-Alive", "Origin", "Proxy-*", "Referer", "Sec-*", "Set-Cookie", "TE", "Trailer",
    "Transfer-Encoding", "Upgrade", "Via",
)  # fmt: skip

_NOT_SENT_BY_PAGES: Final = {
    **{header.lower(): "is not one that browsers let a page set" for header in _FORBIDDEN_TO_PAGES},
    ORIGIN_VERIFY_HEADER: "carries a credential of the gateway itself",
}

# Credentials are for other eyes, and the function gets cookies in a place of their own. What it removes first
# (`viewer_request/headers.js`) says nothing, and CloudFront shows or sends some headers in a form of its own.
_TELLS_NOTHING: Final = {
    **dict.fromkeys(
        (
            *GATEWAY_CREDENTIAL_HEADERS, *KEY_FORMS.values(), "proxy-authorization", "cookie",
        ),
        "carries a credential, or what is none of the gateway's",
    ),
    **dict.fromkeys(REMOVED_AT_EDGE, "is removed at the edge, whatever callers send"),
    **dict.fromkeys(
        ("connection", "content-length", "expect", "host", "keep-alive", "proxy-*", "te", "trailer",
         "transfer-encoding", "upgrade", "via", "x-accel-*", "x-amz-*", "x-cache", "x-edge-*", "x-forwarded-proto",
         "x-real-ip"),
        "is not the callers' own to choose",
    ),
}  # fmt: skip


def _check_cache_header(header: str) -> str:
    """The name of a request header that a cache policy of this gateway may list, in any capitals."""
    return _check(header, _NOT_CACHED_BY)


def check_sent_header(header: str) -> str:
    """The name of a request header that a backend may get with a fixed value, in any capitals."""
    return _check(header, _NOT_SENT)


def check_clear_header(header: str) -> str:
    """The name of one whose value may stand in the template for whoever reads that."""
    check_sent_header(header)
    if carries_a_credential(header):
        raise ValueError(
            f"{shown(header)} carries a credential, which the template would show; take it out here, and write "
            f"secret_headers: {{{header}: {{secret: <its name>, version: <its version id>}}}}"
        )
    return header


def check_telling_header(header: str) -> str:
    """The name of a request header by which the edge function chooses a version, in any capitals."""
    _check(header, _TELLS_NOTHING)
    if header.lower().replace("_", "-") in REMOVED_AT_EDGE:
        raise ValueError(f"{shown(header)} is removed at the edge, whatever callers send; leave it out")
    return header


def _check_page_header(header: str) -> str:
    """The name of a request header that pages from elsewhere may send, in any capitals."""
    if header == "*":
        raise ValueError("'*' does not cover Authorization; list headers by their names")
    return _check(header, _NOT_SENT_BY_PAGES)


def _check(header: str, refused: Mapping[str, str]) -> str:
    HEADER_NAME.check(header)
    name = header.lower()
    reason = refused.get(name) or refused.get(re.sub(r"^(x-accel-|x-edge-|x-amzn-|x-amz-|proxy-|sec-).*", r"\1*", name))
    if reason:
        raise ValueError(f"{shown(header)} {reason}; leave it out")
    return header


HeaderValue = Annotated[
    StrictStr,
    Matching(PRINTABLE, "a header value", "printable ASCII without ', no space at either end", repeated=False),
]
HeaderName = Annotated[
    StrictStr, AfterValidator(_check_cache_header), Field(json_schema_extra={"pattern": f"^{HEADER_NAME.pattern}$"})
]
CacheHeaders = Annotated[
    tuple[HeaderName, ...],
    Field(max_length=MOST_CACHE_HEADERS),
    Distinct(),
    # Neither capitals nor the order mean anything: what says the same has to be the same cache policy.
    AfterValidator(lambda headers: tuple(sorted(header.lower() for header in headers))),
]
CorsHeaders = Annotated[tuple[Annotated[StrictStr, HEADER_NAME, AfterValidator(_check_page_header)], ...], Distinct()]
