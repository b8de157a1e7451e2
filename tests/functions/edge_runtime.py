"""A process of Node that runs the edge function, and how tests write its settings and events."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from rjsmin import jsmin

from ml_gateway.functions import ViewerRequestSettings, assembled_viewer_request
from ml_gateway.functions.assembly import PARTS, PARTS_WITH_TOKENS, SOURCES, KeyFormSettings, PreflightSettings
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a function gave, and how many characters and items it looked at for that."""

    value: Any
    work: int


class EdgeRuntime:
    """Node, for many events one after another."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            [NODE, HERE / "runtime.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, code: str, event: Json) -> Outcome:
        """Raises RuntimeError where the function throws."""
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(f"{json.dumps({'code': code, 'event': event})}\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        if "thrown" in said:
            raise RuntimeError(f"{said['thrown']} for {event}")
        return Outcome(**said)

    def close(self) -> None:
        self._node.communicate()


def settings_with(changes: Json) -> ViewerRequestSettings:
    """Those of `KEYED` with what an event says of its own, in the names of JavaScript."""
    known = _named_for_python(changes)
    if known.get("cors"):
        known["cors"] = PreflightSettings(**_named_for_python(known["cors"]))
    if known.get("key_forms") is not None:
        known["key_forms"] = tuple(FORMS[form] for form in known["key_forms"])
    for listed in ("keyed", "issuers"):
        if known.get(listed) is not None:
            known[listed] = tuple(known[listed])
    return replace(KEYED, **known)


def _named_for_python(settings: Json) -> Json:
    return {re.sub("([A-Z])", lambda letter: f"_{letter[0].lower()}", name): value for name, value in settings.items()}


def broken_code(settings: ViewerRequestSettings, part: str, right: str, wrong: str) -> str:
    """The function with `wrong` in place of `right`, which stands once in one of its parts, if it has that part."""
    parts = PARTS_WITH_TOKENS if settings.issuers else PARTS
    sources = {name: (SOURCES / f"{name}.js").read_text() for name in parts}
    if part in sources:
        assert sources[part].count(right) == 1, right
        sources[part] = sources[part].replace(right, wrong)
    line = assembled_viewer_request(settings).partition("\n")[0]
    return "\n".join([line, *(jsmin(source) for source in sources.values())])


def viewer_request(request: Json) -> Json:
    """An event as CloudFront hands it over ("CloudFront Functions event structure")."""
    usual = {"method": "POST", "uri": "/predict", "querystring": {}, "headers": {}, "cookies": {}}
    return {
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "192.0.2.1"},
        "request": {**usual, **request},
    }
