"""The events of *.events.json: what comes, under which settings, and what goes on or is answered."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway.functions import ViewerRequestSettings
from tests.functions.edge_runtime import HERE, settings_with, viewer_request
from tests.synthesis import Json

WORDS = {
    "<key>": "Ab3" * 16,
    "<other key>": "Zy9" * 16,
    "<short key>": ("Ab3" * 16)[1:],
    "<long>": "a" * 10_240,
}
ISSUER: Final = "https://login.acme.com/"
NOW: Final = 1_800_000_000
"""The time in the runtime of tests."""


def token(**claims: Any) -> str:
    """As the edge looks at it: nobody has signed it."""
    return _token(json.dumps({"iss": ISSUER, "exp": NOW + 600, **claims}))


def _token(payload: str) -> str:
    return f"eyJhbGciOiJSUzI1NiJ9.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.c2lnbmVk"


WORDS |= {
    "<issuer>": ISSUER,
    "<token>": token(azp="batch-prod"),
    "<past token>": token(exp=NOW - 3600),
    "<token past 29 s>": token(exp=NOW - 29),
    "<token past 31 s>": token(exp=NOW - 31),
    "<token without end>": token(exp=None),
    "<token of others>": token(iss="https://other.example.com/"),
    "<token of a shorter issuer>": token(iss=ISSUER[:-1]),
    "<token of two issuers>": _token(f'{{"iss": "https://other.example.com/", "exp": {NOW + 9}, "iss": "{ISSUER}"}}'),
    "<unsigned token>": token().rpartition(".")[0] + ".",
}
EDGE: Final = "400 of the edge"
"""Stands for the answer to a path that is refused, which is the same for all."""

REFUSED: Final = {
    "statusCode": 400,
    "statusDescription": "Bad Request",
    "headers": {"content-type": {"value": "application/json"}, "cache-control": {"value": "no-store"}},
    "body": '{"code": "invalid_path"}',
}


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeEvent:
    """`expected` is the answer, or the request as it goes on."""

    name: str
    settings: ViewerRequestSettings
    event: Json
    expected: Any


def _read(raw: Json) -> EdgeEvent:
    request: Json = {key: raw[key] for key in ("method", "uri", "querystring", "headers", "cookies") if key in raw}
    event = viewer_request(request)
    goes_on = {**event["request"]}
    if "sent" in raw:
        goes_on["uri"] = raw["sent"]
    if "forwarded" in raw:
        goes_on["headers"] = raw["forwarded"]
    answer = REFUSED if raw.get("answer") == EDGE else raw.get("answer")
    return EdgeEvent(
        name=raw["name"], settings=settings_with(raw.get("settings", {})), event=event, expected=answer or goes_on
    )


def _events() -> list[EdgeEvent]:
    found = []
    for file in sorted(HERE.glob("*.events.json")):
        text = re.sub("|".join(WORDS), lambda word: WORDS[word.group()], file.read_text())
        found += [_read(raw) for raw in json.loads(text)]
    return found


EVENTS: Final = _events()
