"""The headers that carry credentials, the gateway's and those of others, and the forms of clients' keys: named once."""

import re
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import parse_qsl

API_KEY_HEADER: Final = "x-api-key"
"""What API Gateway reads an API key from (API key source HEADER)."""

ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
"""What proves that a request came through the distribution where `x-api-key` belongs to the clients."""

CLIENT_HEADER: Final = "x-client-id"
"""In which the gateway tells a backend the name of the client, where an authorizer knows it."""

REMOVED_AT_EDGE: Final = (
    "x-http-method-override", "x-http-method", "x-method-override", "x-forwarded-host", "x-original-url",
    "x-rewrite-url", "forwarded", CLIENT_HEADER,
)  # fmt: skip
"""Headers that the edge function takes from every request, which tells why; a test compares the two."""

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
"""What API Gateway reads itself, and what the SDKs of OpenAI and Anthropic send."""

UNLOGGED_HEADERS: Final = (ORIGIN_VERIFY_HEADER, *KEY_FORMS.values(), "cookie", "proxy-authorization", "referer")
"""Headers whose values no log may show: the gateway's credentials, what callers may hold for a model behind, and the
address of the page they come from, whose query may hold one."""

CLIENT_KEY_LENGTH: Final = 48
"""Characters of a client's generated key, letters and digits only; an API key takes 20 to 128."""

CLIENT_TOKEN_LENGTH: Final = 10_240
"""Characters of the longest header that may hold a token: API Gateway takes no more of all headers together, so none
passes that nobody looked at."""

ORIGIN_SECRET_LENGTH: Final = 64
"""Characters of a generated origin secret, letters and digits only."""

ACCEPTED_GENERATIONS: Final = 2
"""The API accepts the newest generation of the origin secret and the one before."""

KEPT_GENERATIONS: Final = 3
"""One more is kept, to which the API of the deploy before still refers."""

# Credentials of other services, by the names of the headers and query keys that carry them

_WORDS: Final = frozenset(
    (
        "apikey", "auth", "authorization", "cookie", "credential", "credentials", "jwt", "key", "pass", "passphrase",
        "passwd", "password", "pwd", "secret", "sig", "signature", "token",
    )
)  # fmt: skip
"""The last word of such a name: X-RapidAPI-Key, cf-aig-authorization, Modal-Secret, sig."""

_ENDS: Final = (
    "accesskey", "apikey", "authkey", "authorization", "credential", "credentials", "password", "secret", "secretkey",
    "signature", "subscriptionkey", "token",
)  # fmt: skip
"""How such a name ends where its words are not told apart: accesstoken, SUBSCRIPTIONKEY."""

_WHOLE_QUERY_KEYS: Final = frozenset({"code"})
"""Azure Functions' own, which is no credential as the last word of another name: country_code."""

_KEYS_OF_ANOTHER_KIND: Final = frozenset(
    ("cache", "idempotency", "partition", "public", "routing", "shard", "sort", "surrogate")
)
"""What stands before `key` where it opens nothing."""


def carries_a_credential(header: str) -> bool:
    """Whether a header of that name carries a credential, as far as names tell; in any capitals."""
    together = re.sub(r"[^a-z]", "", header.lower())
    # Words are told apart by signs, or by capitals as in accessKey; what comes after them may be a number, as in -256.
    spellings = (header, re.sub(r"(?<=[a-z])(?=[A-Z])", "-", header))
    return any(map(_ends_in_a_word, spellings)) or together.endswith(_ENDS)


def query_key_with_a_credential(query: str) -> str | None:
    """The first key of a query string whose value is a credential, as far as names tell; None where there is none."""
    for key, value in parse_qsl(query.replace(";", "&")):
        if value and (carries_a_credential(key) or key.lower() in _WHOLE_QUERY_KEYS):
            return key
    return None


def _ends_in_a_word(name: str) -> bool:
    *before, last = ["", *(word for word in re.split(r"[^a-z]+", name.lower()) if word and word != "v")]
    return last in _WORDS and not (last == "key" and before[-1] in _KEYS_OF_ANOTHER_KIND)
