"""The grammar of paths: what API Gateway takes as the parts of one, and what a variable in braces is.

A part is literal text, a variable such as `{id}`, which stands for one part of a request, or, as the last one, a greedy
variable such as `{file+}`, which stands for one or more.
"""

import re
from typing import Final

from ml_gateway.wording import shown

LITERAL: Final = r"(?!\.+(/|$))[a-zA-Z0-9._:$-]+"
"""Literal parts (API Gateway API reference, CreateResource, pathPart). Dots alone would lead to another path."""

VARIABLE: Final = r"\{[a-zA-Z0-9_]+\}"
GREEDY: Final = r"\{[a-zA-Z0-9_]+\+\}"

PATH: Final = rf"(?=/.)(/({LITERAL}|{VARIABLE}))*(/{GREEDY})?"
"""A whole path: a slash at its start and none at its end."""

REGION_IN_URLS: Final = "{region}"
"""In a URL the region that calls it, and so no name for a variable of a path."""

_NAMED: Final = re.compile(r"\{([^}+]+)\+?\}")

Parts = tuple[str, ...]


def parts_of(path: str) -> Parts:
    """The parts between the slashes."""
    return tuple(path.removeprefix("/").split("/"))


def check_path(path: str) -> str:
    """The same path, if API Gateway takes each of its parts and can tell its variables apart; else ValueError."""
    if not re.fullmatch(PATH, path):
        raise ValueError(
            f"{shown(path)} is not a path; write letters, digits and . _ : $ - or a variable after each slash, no "
            "slash at the end, such as /fraud/{id}"
        )
    names = variables_of(path)
    for position, name in enumerate(names):
        if f"{{{name}}}" == REGION_IN_URLS:
            raise ValueError(
                f"{shown(path)} has the variable {REGION_IN_URLS}, which in a url is the region of the API; rename it"
            )
        if name in names[:position]:
            raise ValueError(f"{shown(path)} has the variable {{{name}}} twice; rename one")
    return path


def filled_by_callers(url: str) -> tuple[str, ...]:
    """The names of the variables of a URL that come from the path: all but the region."""
    return variables_of(url.replace(REGION_IN_URLS, ""))


def is_variable(part: str) -> bool:
    """Whether the part is a variable of either kind."""
    return part.startswith("{")


def is_greedy(part: str) -> bool:
    """Whether the part stands for one or more parts of a request."""
    return part.endswith("+}")


def variables_of(text: str) -> tuple[str, ...]:
    """The names of the variables of a path or a URL, in order; a greedy one without its plus sign."""
    return tuple(_NAMED.findall(text))


def variable_alone(text: str) -> str | None:
    """The name of the variable that the whole text is, such as `{id}`; None for any other text."""
    return text[1:-1] if re.fullmatch(VARIABLE, text) else None


def in_url(path: str) -> str:
    """The path as a URL names it: a greedy variable without its plus sign."""
    return _NAMED.sub(r"{\1}", path)


def with_values(path: str, value: str) -> str:
    """The path with `value` in place of each variable."""
    return _NAMED.sub(lambda _: value, path)
