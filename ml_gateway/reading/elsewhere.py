"""Keys of other tools, or of another section: where what they mean stands here."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ml_gateway.conflicts import Place
from ml_gateway.reading.file_schema import sections
from ml_gateway.reading.words_of_others import WAYS_OUT


def way_out_of_foreign(place: Place) -> str | None:
    """What to do in place of a key that other tools have there. `place` is pydantic's, with the type of a backend."""
    *section, key = place
    if not section and str(key).startswith(("x-", ".", "_")):
        return "write the anchor & where its value is used first, and an alias * wherever it is used again"
    for pattern, ways_out in WAYS_OUT.items():
        if len(pattern) == len(section) and all(a in ("*", b) for a, b in zip(pattern, section, strict=True)):
            return ways_out.get(_plain(str(key)))
    return None


def sections_with(key: object) -> Sequence[str]:
    """Where else a setting of that name stands: `edge`, `models.<name>`."""
    return _sections_by_key().get(_plain(str(key)), ())


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


@cache
def _sections_by_key() -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = {}
    for place, section in sections():
        known = re.sub(r" of type \w+", "", place) or "the top of the file"
        for key in section["properties"]:
            places = found.setdefault(_plain(key), {})
            # What a version says as well is a setting of the model first.
            if known.partition(".versions.")[0] not in places:
                places[known] = None
    return {key: tuple(places) for key, places in found.items()}
