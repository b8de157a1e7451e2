"""What a filter pattern of CloudWatch Logs fits, as far as patterns are used here."""

import re
from collections.abc import Mapping

_CONDITION = re.compile(r'\$\.(\w+) (=|!=) "([^"]*)"')
_ALL_OR_ANY = re.compile(r"\([01](?:( &&| \|\|) [01](?:\1 [01])*)?\)")


def matches(pattern: str, line: Mapping[str, str]) -> bool:
    """Whether a filter pattern fits a line: texts compared, each in parentheses if joined by && or by ||.

    A `*` at the end of a text stands for anything (CloudWatch Logs User Guide, filter pattern syntax).
    """

    def compared(condition: re.Match[str]) -> str:
        field, operator, text = condition.groups()
        return str(int(_fits(text, line[field]) == (operator == "=")))

    def joined(part: re.Match[str]) -> str:
        return str(int("1" in part[0] if "||" in part[0] else "0" not in part[0]))

    assert pattern[:2] + pattern[-2:] == "{  }", "no pattern for JSON"
    reduced = f"({_CONDITION.sub(compared, pattern[2:-2])})"
    while (further := _ALL_OR_ANY.sub(joined, reduced)) != reduced:
        reduced = further
    assert reduced in ("0", "1"), f"a pattern that this does not understand: {reduced}"
    return reduced == "1"


def _fits(text: str, value: str) -> bool:
    return value.startswith(text[:-1]) if text.endswith("*") else value == text
