"""A process of Node that runs the edge function, and how tests write its settings and events."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from rjsmin import jsmin

from ml_gateway.functions import ViewerRequestSettings, assembled_viewer_request
from ml_gateway.functions.assembly import SOURCES, KeyFormSettings, PreflightSettings, SplitSettings, parts_of
from tests.synthesis import Json

HERE: Final = Path(__file__).parent
NODE: Final = Path(sys.executable).with_name("node")

FORMS: Final = {
    "bearer": KeyFormSettings(header="authorization", scheme="bearer "),
    "api-key": KeyFormSettings(header="api-key"),
    "x-goog-api-key": KeyFormSettings(header="x-goog-api-key"),
}
KEYED: Final = ViewerRequestSettings(
    refusal='{"code": "invalid_path"}',
    slashes_in_ids=False,
    cors=None,
    health=None,
    key_forms=tuple(FORMS.values()),
    keyed=None,
)
"""Every form of a key, and nothing else."""

UNKNOWN: Final = '{"code": "unknown_url"}'
"""What the edge of tests says of versions that nobody may ask for."""

Store = dict[str, str] | Literal["fails"]
"""The texts of a KeyValueStore by their keys."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a function gave, how many characters and items it looked at for that, and whether it gave a promise."""

    value: Any
    work: int
    waited: bool


class EdgeRuntime:
    """Node, for many events one after another."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            [NODE, HERE / "runtime.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, code: str, event: Json, store: Store | None = None) -> Outcome:
        """Raises RuntimeError where the function throws."""
        (outcome,) = self.run_all(code, [(event, store or {})])
        if isinstance(outcome, RuntimeError):
            raise outcome
        return outcome

    def run_all(self, code: str, asked: Sequence[tuple[Json, Store]]) -> list[Outcome | RuntimeError]:
        """What comes of each event, with its store. Raises RuntimeError where the code is none."""
        given = {"code": code, "asked": asked}
        return [
            RuntimeError(f"{said['thrown']} for {event}") if "thrown" in said else Outcome(**said)
            for said, (event, _) in zip(self._said_to(given), asked, strict=True)
        ]

    def run_each(
        self, code: str, event: Json, header: str, values: Sequence[str], store: Store | None = None
    ) -> list[str | int]:
        """The path at which the event goes on with each of the values in that header, or the status of the answer."""
        given = {"code": code, "event": event, "store": store or {}, "header": header, "values": values}
        found: list[str | int] = self._said_to(given)["value"]
        return found

    def _said_to(self, given: Json) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(f"{json.dumps(given)}\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        if "thrown" in said:
            raise RuntimeError(said["thrown"])
        return said

    def close(self) -> None:
        self._node.communicate()


def settings_with(changes: Json) -> ViewerRequestSettings:
    """Those of `KEYED` with what an event says of its own, in the names of JavaScript."""
    known = _named_for_python(changes)
    if known.get("cors"):
        known["cors"] = PreflightSettings(**_named_for_python(known["cors"]))
    if known.get("key_forms") is not None:
        known["key_forms"] = tuple(FORMS[form] for form in known["key_forms"])
    if known.get("splits"):
        known["splits"] = tuple(_split(said) for said in known["splits"])
        known.setdefault("unknown", UNKNOWN)
    for listed in ("keyed", "issuers"):
        if known.get(listed) is not None:
            known[listed] = tuple(known[listed])
    return replace(KEYED, **known)


def _split(said: Json) -> SplitSettings:
    usual = {"by_client": False, "by_header": None, "choose": None}
    lists = {"versions": tuple(said["versions"]), "shares": tuple(said["shares"])}
    return SplitSettings(**{**usual, **_named_for_python(said), **lists})


def _named_for_python(settings: Json) -> Json:
    return {re.sub("([A-Z])", lambda letter: f"_{letter[0].lower()}", name): value for name, value in settings.items()}


def broken_code(settings: ViewerRequestSettings, part: str, right: str, wrong: str) -> str:
    """The function with `wrong` in place of `right`, which stands once in one of its parts, if it has that part."""
    sources = {name: _source(name) for name in parts_with(settings)}
    if part in sources:
        assert sources[part].count(right) == 1, right
        sources[part] = sources[part].replace(right, wrong)
    before = assembled_viewer_request(settings).split("\n")[: 3 if settings.splits else 1]
    return "\n".join([*before, *map(_minified, sources.values())])


@cache
def _source(part: str) -> str:
    return (SOURCES / f"{part}.js").read_text()


@cache
def _minified(source: str) -> str:
    return str(jsmin(source))


def parts_with(settings: ViewerRequestSettings) -> tuple[str, ...]:
    return parts_of(tokens=bool(settings.issuers), versions=bool(settings.splits))


def viewer_request(request: Json) -> Json:
    """An event as CloudFront hands it over ("CloudFront Functions event structure")."""
    usual = {"method": "POST", "uri": "/predict", "querystring": {}, "headers": {}, "cookies": {}}
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.1"},
        "request": {**usual, **request},
    }
