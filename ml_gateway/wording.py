"""How messages show what they received, and what may have been meant by it."""

import difflib
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from ml_gateway.credentials import query_key_with_a_credential

_LONGEST = 80

UNITS_OF_TIME: Final = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
"""How durations are written, the longest first."""


def shown(value: object) -> str:
    """The value on one line of at most 80 characters, without the credentials of a URL; of a section only its kind."""
    match value:
        case bool():
            return str(value).lower()
        case Mapping():
            return "a map"
        case list() | tuple():
            return "a list"
    text = re.sub(r"//[^/?#]*@", "//***@", repr(value))
    text = re.sub(r"([?&;#][^=?&;#]+=)([^&;#'\"]*)", _without_credential, text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]}...{text[-1]}"


def _without_credential(query: re.Match[str]) -> str:
    return f"{query[1]}***" if query_key_with_a_credential(query[0][1:]) else query[0]


def format_duration(duration: timedelta) -> str:
    """In the largest unit that leaves a whole number; what is finer than a millisecond as a fraction of one."""
    for unit, length in UNITS_OF_TIME.items():
        if duration and not duration % length:
            return f"{duration // length}{unit}"
    return f"{duration / UNITS_OF_TIME['ms']:g}ms" if duration else "0s"


def suggestion(word: object, options: Collection[str]) -> str:
    """The way out after an unknown `word`: the option that resembles it, in any capitals, or all of them."""
    by_lower_case = {option.lower(): option for option in options}
    close = difflib.get_close_matches(str(word).lower(), by_lower_case, n=1)
    return f"did you mean {by_lower_case[close[0]]!r}?" if close else f"write one of {', '.join(options)}"


def shown_place(place: tuple[str | int, ...]) -> str:
    """The keys and list positions that lead to a value, such as models.predict.methods[0]."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_shown_key(step)}" for step in place)
    return "".join(steps).removeprefix(".")


def _shown_key(key: str) -> str:
    plain = key.isprintable() and key == key.strip() and 0 < len(key) <= _LONGEST
    return key if plain else shown(key)
