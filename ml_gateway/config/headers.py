"""Which request headers may be added to the cache key."""

import re
from typing import Final

from ml_gateway.config.wording import shown
from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS

ALWAYS_IN_CACHE_KEY: Final = ("Authorization", "Accept")
"""Headers that every cached answer depends on: who asks, and for which format."""

MOST_CACHE_HEADERS: Final = 10 - len(ALWAYS_IN_CACHE_KEY)
"""CloudFront's default quota is ten headers in a cache policy."""

HEADER_PATTERN: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
"""A token of RFC 9110."""

# CloudFront developer guide, "Request and response behavior for custom origins", table "HTTP request headers and
# CloudFront behavior": those for which caching based on header values is not supported.
_NOT_SUPPORTED: Final = (
    "Cache-Control", "Connection", "Content-Length", "Cookie", "Max-Forwards", "Pragma", "Proxy-Authenticate",
    "Proxy-Authorization", "Proxy-Connection", "Request-Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    "X-Amz-Cf-Id", "X-Edge-*", "X-Forwarded-Proto", "X-Real-IP",
)  # fmt: skip

_REFUSED: Final = {
    "host": "is never in the cache key, because API Gateway refuses the host of the distribution",
    "accept-encoding": "is CloudFront's own to add, with compression",
    **{header.lower(): "is always in the cache key" for header in ALWAYS_IN_CACHE_KEY},
    **{header.lower(): "carries a credential of the gateway itself" for header in GATEWAY_CREDENTIAL_HEADERS},
    **{header.lower(): "is not one that CloudFront caches by" for header in _NOT_SUPPORTED},
}


def check_header(header: str) -> str:
    """The name of a request header that a cache policy of this gateway may list, in any capitals."""
    if not re.fullmatch(HEADER_PATTERN, header):
        raise ValueError(f"{shown(header)} is not a header name; write one such as X-Model-Version")
    reason = _REFUSED.get(re.sub(r"^x-edge-.*", "x-edge-*", header.lower()))
    if reason:
        raise ValueError(f"{shown(header)} {reason}; leave it out")
    return header
