"""The gateway's function at viewer request: its parts, in JavaScript, become one file below a line of settings."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from rjsmin import jsmin

_FIRST: Final = ("path_hygiene", "preflight", "health", "headers")
_LAST: Final = "answers"

SOURCES: Final = Path(__file__).parent / "viewer_request"

_BEFORE: Final = "const SETTINGS="
_AFTER: Final = ";"
_IMPORTS: Final = "import cf from 'cloudfront';\nimport crypto from 'crypto';\n"
"""What versions take of the runtime: the store (CloudFront Developer Guide, "Helper methods for key value stores") and
digests."""


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
class SplitSettings:
    """A model with several versions: a regular expression of what it `takes`, and the share of each of its versions.

    `by_header` and `choose` name headers in lower case.
    """

    model: str
    takes: str
    versions: tuple[str, ...]
    shares: tuple[int, ...]
    by_client: bool
    by_header: str | None
    choose: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewerRequestSettings:
    """What the function does for one gateway; each part's file says what it makes of its settings.

    `refusal` is the body of the answer to a path that is not sent on. `key_forms`: those that are turned into
    `x-api-key`; None where nobody has a key. `keyed`: the headers in the cache key of the behaviors that have this
    function, in lower case; None where nothing is kept. `issuers`: whose tokens are turned into `x-api-key`, too, where
    `key_forms` are. `splits`: the models that have several versions; `unknown` is the body of the answer to a path or
    a name of a version that no caller may ask for. `claims`: by issuer, the claim that tells clients apart for them.
    """

    refusal: str
    slashes_in_ids: bool
    cors: PreflightSettings | None
    health: str | None
    key_forms: tuple[KeyFormSettings, ...] | None
    keyed: tuple[str, ...] | None
    issuers: tuple[str, ...] = ()
    splits: tuple[SplitSettings, ...] = ()
    unknown: str | None = None
    claims: Mapping[str, str] | None = None


def parts_of(*, tokens: bool, versions: bool) -> tuple[str, ...]:
    """The files of `viewer_request` for one gateway. All but the last two are in the order in which they look at a
    request."""
    who = "identities" if tokens else "credentials"
    if versions:
        return (*_FIRST, who, "versions", "cache_key", "handler_with_versions", _LAST)
    return (*_FIRST, who, "cache_key", "handler", _LAST)


def assembled_viewer_request(settings: ViewerRequestSettings) -> str:
    """The code of the function: a line of settings, and the parts without their comments."""
    said = asdict(settings, dict_factory=_named_for_javascript)
    # There may be many of these, and JavaScript takes what is not there as it takes false.
    said["splits"] = [{key: value for key, value in split.items() if value} for split in said["splits"]]
    for optional in ("issuers", "splits", "unknown", "claims"):
        if not said[optional]:
            del said[optional]
    line = f"{_BEFORE}{json.dumps(said, separators=(',', ':'))}{_AFTER}\n"
    imports = _IMPORTS if settings.splits else ""
    return imports + line + _assembled(parts_of(tokens=bool(settings.issuers), versions=bool(settings.splits)))


def settings_line_of(code: str) -> dict[str, Any] | None:
    """The settings of a function that begins as the gateway's own does, of this version or another; else None."""
    line = code.removeprefix(_IMPORTS).partition("\n")[0]
    if not (line.startswith(_BEFORE) and line.endswith(_AFTER)):
        return None
    try:
        settings = json.loads(line.removeprefix(_BEFORE).removesuffix(_AFTER))
    except (ValueError, RecursionError):
        return None
    return settings if isinstance(settings, dict) else None


def settings_of_viewer_request(code: str) -> dict[str, Any] | None:
    """The settings of a function that is the gateway's own, to the last character; None of any other."""
    settings, versions = settings_line_of(code), code.startswith(_IMPORTS)
    if settings is None or versions != ("splits" in settings):
        return None
    parts = code.removeprefix(_IMPORTS).partition("\n")[2]
    return settings if parts == _assembled(parts_of(tokens="issuers" in settings, versions=versions)) else None


def _named_for_javascript(settings: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`slashes_in_ids` is `slashesInIds` there."""
    return {re.sub("_(.)", lambda letter: letter[1].upper(), name): value for name, value in settings}


@cache
def _assembled(parts: tuple[str, ...]) -> str:
    return "\n".join(str(jsmin((SOURCES / f"{part}.js").read_text(encoding="utf-8"))) for part in parts)
