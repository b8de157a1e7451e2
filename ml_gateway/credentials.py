"""The header names that carry the gateway's own credentials: named once, used on both sides of the API."""

from typing import Final

API_KEY_HEADER: Final = "x-api-key"
"""What API Gateway reads an API key from (API key source HEADER)."""

ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
"""What proves that a request came through the distribution where `x-api-key` belongs to the clients."""

GATEWAY_CREDENTIAL_HEADERS: Final = (API_KEY_HEADER, ORIGIN_VERIFY_HEADER)
"""Headers whose values end at the gateway: overwritten on the way to a backend, never part of a cache key by choice."""

KEY_FORMS: Final = {
    API_KEY_HEADER: API_KEY_HEADER,
    "bearer": "authorization",
    "api-key": "api-key",
    "x-goog-api-key": "x-goog-api-key",
}
"""Each form in which SDKs send a key, and the header that carries it. The first is the API's own: it needs no help."""

UNLOGGED_HEADERS: Final = (ORIGIN_VERIFY_HEADER, *KEY_FORMS.values(), "cookie")
"""Headers whose values no log may show: the gateway's credentials, and what callers may hold for a model behind."""

CLIENT_KEY_LENGTH: Final = 48
"""Characters of a client's generated key, letters and digits only; an API key takes 20 to 128."""
