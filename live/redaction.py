"""What a report must not have in it: whatever tells an account, an address or a credential."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "an ARN": re.compile(r"\barn:[\w-]+:[^\s\"',]*"),
    "an address": re.compile(r"\b[\w.-]+\.(?:cloudfront\.net|amazonaws\.com|on\.aws)\b[^\s\"',]*"),
    "an account": re.compile(r"(?<!\d)\d{12}(?!\d)"),
    "an address of IP": re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
    "a token": re.compile(r"\beyJ[\w-]+\.[\w.-]+"),
    "a key": re.compile(r"\b(?=[A-Za-z]*\d)[A-Za-z0-9]{24,}\b"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"),
    "a distribution": re.compile(r"\bE[A-Z0-9]{12,14}\b"),
    "an id": re.compile(r"\b[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}\b"),
    "an id of a network": re.compile(r"\b(?:vpc|subnet|sg|eni|rtb)-[a-f0-9]{8,17}\b"),
    "a mail address": re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"),
    "a path of this machine": re.compile(r"(?<![\w/])/(?:home|Users|root|tmp|private|var)/[^\s\"',]*"),
}
"""By what each is called. What holds another comes first."""


def redacted(text: str, known: Iterable[str]) -> str:
    """`text` with the name of what was there in the place of each."""
    for value in sorted(known, key=len, reverse=True):
        text = text.replace(value, "<known>") if value else text
    for name, shape in SHAPES.items():
        text = shape.sub(f"<{name}>", text)
    return text


def leaks(text: str, known: Iterable[str]) -> list[str]:
    """What is in `text` that must not be, by its name and never by its value."""
    found = [name for name, shape in SHAPES.items() if shape.search(text)]
    return found + (["something of the run"] if any(value and value in text for value in known) else [])
