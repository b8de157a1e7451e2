"""The gateway's function at viewer request: its parts, in JavaScript, become one file below a line of settings."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from rjsmin import jsmin

_FIRST: Final = ("path_hygiene", "preflight", "health", "headers")
_LAST: Final = ("cache_key", "handler")
PARTS: Final = (*_FIRST, "credentials", *_LAST)
PARTS_WITH_TOKENS: Final = (*_FIRST, "identities", *_LAST)
"""The files of `viewer_request`, without and with issuers. All but the last are in the order in which they look at a
request."""

SOURCES: Final = Path(__file__).parent / "viewer_request"

_BEFORE: Final = "const SETTINGS="
_AFTER: Final = ";"


@dataclass(frozen=True, kw_only=True, slots=True)
class PreflightSettings:
    """What browsers are told: `origins` that may call ('*': all), `methods` and `headers` as one text each, and for how
    many seconds they may remember it."""

    origins: tuple[str, ...]
    methods: str
    headers: str
    max_age: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFormSettings:
    """A form of a key: the header that carries it, and what stands before it there, in small letters."""

    header: str
    scheme: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewerRequestSettings:
    """What the function does for one gateway; each part's file says what it makes of its settings.

    `refusal` is the body of the answer to a path that is not sent on. `key_forms`: those that are turned into
    `x-api-key`; None where nobody has a key. `keyed`: the headers in the cache key of the behaviors that have this
    function, in lower case; None where nothing is kept. `issuers`: whose tokens are turned into `x-api-key`, too, where
    `key_forms` are.
    """

    refusal: str
    slashes_in_ids: bool
    cors: PreflightSettings | None
    health: str | None
    key_forms: tuple[KeyFormSettings, ...] | None
    keyed: tuple[str, ...] | None
    issuers: tuple[str, ...] = ()


def assembled_viewer_request(settings: ViewerRequestSettings) -> str:
    """The code of the function: a line of settings, and the parts without their comments."""
    said = asdict(settings, dict_factory=_named_for_javascript)
    if not settings.issuers:
        del said["issuers"]
    line = json.dumps(said, separators=(",", ":"))
    parts = PARTS_WITH_TOKENS if settings.issuers else PARTS
    return f"{_BEFORE}{line}{_AFTER}\n{_assembled(parts)}"


def settings_of_viewer_request(code: str) -> dict[str, Any] | None:
    """The settings of a function that is the gateway's own, to the last character; None of any other."""
    line, _, parts = code.partition("\n")
    known = (_assembled(PARTS), _assembled(PARTS_WITH_TOKENS))
    if parts not in known or not (line.startswith(_BEFORE) and line.endswith(_AFTER)):
        return None
    try:
        settings = json.loads(line.removeprefix(_BEFORE).removesuffix(_AFTER))
    except ValueError:
        return None
    if not isinstance(settings, dict) or (parts != known[0]) != ("issuers" in settings):
        return None
    return settings


def _named_for_javascript(settings: list[tuple[str, Any]]) -> dict[str, Any]:
    """`slashes_in_ids` is `slashesInIds` there."""
    return {re.sub("_(.)", lambda letter: letter[1].upper(), name): value for name, value in settings}


@cache
def _assembled(parts: tuple[str, ...]) -> str:
    return "\n".join(str(jsmin((SOURCES / f"{part}.js").read_text(encoding="utf-8"))) for part in parts)
