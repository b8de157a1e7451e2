"""A caller whom every web ACL lets pass: what the tables of requests are made from."""

from typing import Final

from tests.waf.requests import Request

SECRET: Final = "OriginSecretOfTheTests" + "0" * 42
KEY: Final = "Ab3" * 16
ADDRESS: Final = "203.0.113.5"
"""On the lists of allowed addresses, and on none of denied ones."""
COUNTRY: Final = "DE"

HEADERS: Final = (
    ("Host", "ml.example.com"),
    ("User-Agent", "OpenAI/Python 2.8.0"),
    ("Content-Type", "application/json"),
    ("Authorization", f"Bearer {KEY}"),
    ("X-Origin-Verify", SECRET),
)
"""As they come to the API. To the edge nobody sends the last one, where no rule looks at it."""


def call(
    path: str = "/llama/v1/chat/completions",
    *,
    method: str = "POST",
    query: str = "",
    body: bytes = b'{"model": "llama", "messages": []}',
    address: str = ADDRESS,
    country: str | None = COUNTRY,
    **headers: str | None,
) -> Request:
    """A call with `headers` (user_agent="...") instead of the usual ones, and behind them; None leaves one out."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(name, value) for name, value in HEADERS if name.lower() not in changed]
    added = [(name, value) for name, value in changed.items() if value is not None]
    return Request(
        path=path, method=method, query=query, headers=(*kept, *added), body=body, address=address, country=country
    )
