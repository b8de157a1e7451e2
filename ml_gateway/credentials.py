"""The header names that carry the gateway's own credentials: named once, used on both sides of the API."""

from typing import Final

API_KEY_HEADER: Final = "x-api-key"
"""What API Gateway reads an API key from (API key source HEADER)."""

ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
"""What proves that a request came through the distribution where `x-api-key` belongs to the clients."""

GATEWAY_CREDENTIAL_HEADERS: Final = (API_KEY_HEADER, ORIGIN_VERIFY_HEADER)
"""Headers whose values end at the gateway: overwritten on the way to a backend, never part of a cache key."""
