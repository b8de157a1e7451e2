"""What pages from elsewhere may send, and what they may read: said by the preflight and by the answer alike."""

from datetime import timedelta
from typing import Final, get_args

from ml_gateway.config import CorsConfig, HttpMethod
from ml_gateway.credentials import KEY_FORMS
from ml_gateway.errors import REQUEST_ID_HEADERS
from ml_gateway.serving import PROTOCOLS

CORS_METHODS: Final[tuple[str, ...]] = get_args(HttpMethod)

CORS_MAX_AGE: Final = timedelta(hours=2)
"""How long a browser may remember a preflight: the most that Chromium honours (`Access-Control-Max-Age` on MDN)."""

REGION_HEADER: Final = "x-gateway-region"
"""Says which region answered."""

EXPOSED_HEADERS: Final = (
    REGION_HEADER,
    "x-amz-cf-id",  # what joins the logs of CloudFront, WAF and the API
    "x-amzn-requestid",
    "x-amzn-errortype",
    *REQUEST_ID_HEADERS,
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    *(header.lower() for protocol in PROTOCOLS.values() for header in protocol.response_headers),
)
"""Response headers that callers need beyond those that browsers show them anyway."""

_SENT_BY_ANY_CLIENT: Final = ("accept", "content-type", "user-agent", "idempotency-key", "x-request-id")


def request_headers(cors: CorsConfig) -> tuple[str, ...]:
    """The request headers that pages may send, in lower case, each once: keys, those of usual SDKs, `cors.headers`.

    They are listed because a wildcard does not cover Authorization (Fetch standard, CORS protocol).
    """
    of_sdks = (header for protocol in PROTOCOLS.values() for header in protocol.request_headers)
    headers = (*sorted(KEY_FORMS.values()), *_SENT_BY_ANY_CLIENT, *of_sdks, *cors.headers)
    return tuple(dict.fromkeys(header.lower() for header in headers))
