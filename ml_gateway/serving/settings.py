"""Forms of single settings that the file and Python share: one check for both, whose ValueError has the way out."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeVar, get_args

from ml_gateway.wording import shown, suggestion

Value = TypeVar("Value")

HttpMethod = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
METHODS: Final[tuple[HttpMethod, ...]] = get_args(HttpMethod)

NAME: Final = r"(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*"
NAME_FORM: Final = "up to 63 lower-case letters and digits, a letter first, with single hyphens in between"
"""What a model, and every other entry of the file, is called."""

_PART: Final = r"(?!\.+(/|$))[a-zA-Z0-9._:-]+"
"""A part of a path (`LITERAL` of ml_gateway/serving/paths.py) without `$`, which begins a variable in the templates of
API Gateway's own answers."""

SERVED_AS: Final = rf"{_PART}(/{_PART})*"
SERVED_AS_FORM: Final = (
    "letters, digits and . _ : -, such as densenet_onnx, for openai also org/name; or rename it at its server"
)
"""What its server calls a model."""


def check_name(name: str) -> str:
    """The same name, if it is one of an entry."""
    if not re.fullmatch(NAME, name):
        raise ValueError(f"{shown(name)} is not a name; write {NAME_FORM}")
    return name


def check_method(method: str) -> str:
    """The same method of HTTP, if a route can have it."""
    if method not in METHODS:
        raise ValueError(f"{shown(method)} is not known here; {suggestion(method, METHODS)}")
    return method


def check_no_repeats(items: Sequence[str]) -> Sequence[str]:
    """The same items, if none is listed twice, in whatever capitals."""
    names: set[str] = set()
    for item in items:
        if item.lower() in names:
            raise ValueError(f"{shown(item)} is listed twice; keep one")
        names.add(item.lower())
    return items


def refuse(place: str, check: Callable[[Value], object], value: Value) -> None:
    """Have a value of Python checked; the ValueError says whose setting it is, as in `Route.path`."""
    try:
        check(value)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
