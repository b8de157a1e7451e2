"""The headers that carry credentials of the gateway, and the forms of clients' keys: named once, used everywhere."""

from collections.abc import Mapping
from typing import Final, Literal

API_KEY_HEADER: Final = "x-api-key"
"""What API Gateway reads an API key from (API key source HEADER)."""

ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
"""What proves that a request came through the distribution where `x-api-key` belongs to the clients."""

GATEWAY_CREDENTIAL_HEADERS: Final = (API_KEY_HEADER, ORIGIN_VERIFY_HEADER)
"""Headers whose values end at the gateway: overwritten on the way to a backend, never part of a cache key by choice."""

KeyForm = Literal["x-api-key", "bearer", "api-key", "x-goog-api-key"]
"""How a client sends its key: in the header of that name, or as Authorization: Bearer."""

KEY_FORMS: Final[Mapping[KeyForm, str]] = {
    "x-api-key": API_KEY_HEADER,
    "bearer": "authorization",
    "api-key": "api-key",
    "x-goog-api-key": "x-goog-api-key",
}
"""Each form in which SDKs send a key, and the header that carries it. The first is the API's own: it needs no help."""

BEARER_SCHEME: Final = "bearer"
"""What stands before a key in Authorization, in small letters. Capitals make no difference (RFC 9110, 11.1)."""

USUAL_KEY_FORMS: Final[tuple[KeyForm, ...]] = ("x-api-key", "bearer")
"""What API Gateway reads itself, and what the OpenAI SDK sends."""

UNLOGGED_HEADERS: Final = (ORIGIN_VERIFY_HEADER, *KEY_FORMS.values(), "cookie")
"""Headers whose values no log may show: the gateway's credentials, and what callers may hold for a model behind."""

CLIENT_KEY_LENGTH: Final = 48
"""Characters of a client's generated key, letters and digits only; an API key takes 20 to 128."""

ORIGIN_SECRET_LENGTH: Final = 64
"""Characters of a generated origin secret, letters and digits only."""

ACCEPTED_GENERATIONS: Final = 2
"""The API accepts the newest generation of the origin secret and the one before."""

KEPT_GENERATIONS: Final = 3
"""One more is kept, to which the API of the deploy before still refers."""
