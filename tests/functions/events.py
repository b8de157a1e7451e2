"""The events of *.events.json: what comes, under which settings, and what goes on or is answered."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ml_gateway.functions import ViewerRequestSettings
from tests.functions.edge_runtime import HERE, KEYED, UNKNOWN, Store, settings_with, viewer_request
from tests.synthesis import Json

WORDS = {
    "<key>": "Ab3" * 16,
    "<other key>": "Zy9" * 16,
    "<short key>": ("Ab3" * 16)[1:],
    "<long>": "a" * 10_240,
}
ISSUER: Final = "https://login.acme.com/"
OTHER_ISSUER: Final = "https://id.acme.com"
NOW: Final = 1_800_000_000
"""The time in the runtime of tests."""


def token(**claims: Any) -> str:
    """As the edge looks at it: nobody has signed it."""
    return _token(json.dumps({"iss": ISSUER, "exp": NOW + 600, **claims}))


def _token(payload: str) -> str:
    return f"eyJhbGciOiJSUzI1NiJ9.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.c2lnbmVk"


def override(split: Mapping[str, int], *, instead_of: Mapping[str, int]) -> str:
    """The text of a model's key in the KeyValueStore."""
    return json.dumps({"split": split, "instead_of": instead_of})


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
    "<other issuer>": OTHER_ISSUER,
    "<token of test>": token(azp="batch-test"),
    "<renewed token of test>": token(azp="batch-test", exp=NOW + 1200, iat=NOW + 600, jti="2"),
    "<token of the other issuer>": token(iss=OTHER_ISSUER, sub="team-6", azp="web"),
    "<token of test of the other issuer>": token(iss=OTHER_ISSUER, azp="batch-test"),
}


def _refusal(status: int, description: str, body: str) -> Json:
    return {
        "statusCode": status,
        "statusDescription": description,
        "headers": {"content-type": {"value": "application/json"}, "cache-control": {"value": "no-store"}},
        "body": body,
    }


OF_THE_EDGE: Final = {
    "400 of the edge": _refusal(400, "Bad Request", KEYED.refusal),
    "404 of the edge": _refusal(404, "Not Found", UNKNOWN),
}
"""Answers that stand in many events: to a path that is refused, and to one or a version that nobody may ask for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeEvent:
    """`expected` is the answer, or the request as it goes on. `store`: what the KeyValueStore holds."""

    name: str
    settings: ViewerRequestSettings
    event: Json
    expected: Any
    store: Store


def _read(raw: Json) -> EdgeEvent:
    request: Json = {key: raw[key] for key in ("method", "uri", "querystring", "headers", "cookies") if key in raw}
    event = viewer_request(request)
    goes_on = {**event["request"]}
    if "sent" in raw:
        goes_on["uri"] = raw["sent"]
    if "forwarded" in raw:
        goes_on["headers"] = raw["forwarded"]
    answer = raw.get("answer")
    return EdgeEvent(
        name=raw["name"],
        settings=settings_with(raw.get("settings", {})),
        event=event,
        expected=OF_THE_EDGE[answer] if isinstance(answer, str) else answer or goes_on,
        store=_stored(raw.get("store", {})),
    )


def _stored(said: Json | Literal["fails"]) -> Store:
    """A text is the text of a key; all else is written as JSON."""
    if said == "fails":
        return "fails"
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in said.items()}


def _events() -> list[EdgeEvent]:
    found = []
    for file in sorted(HERE.glob("*.events.json")):
        text = re.sub("|".join(WORDS), lambda word: WORDS[word.group()], file.read_text())
        found += [_read(raw) for raw in json.loads(text)]
    return found


def _by_settings(events: list[EdgeEvent]) -> list[tuple[ViewerRequestSettings, list[EdgeEvent]]]:
    found: dict[str, list[EdgeEvent]] = {}
    for each in events:
        found.setdefault(repr(each.settings), []).append(each)
    return [(same[0].settings, same) for same in sorted(found.values(), key=len, reverse=True)]


EVENTS: Final = _events()
BY_SETTINGS: Final = _by_settings(EVENTS)
"""Those under the same settings, which one function handles, together; the most first."""
