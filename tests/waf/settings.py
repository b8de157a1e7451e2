"""How a web ACL is read: what this reading of AWS WAF does not know it refuses, with the place."""

from typing import Any

from tests.synthesis import Json


class NotModelledError(Exception):
    """Something whose effect nobody here may guess. The message says where it stands."""


def settings_of(value: Any, place: str, *known: str) -> Json:
    """What is set at a place. Errors: no map, or a setting that is none of the `known`."""
    if not isinstance(value, dict):
        raise NotModelledError(f"{place} is {value!r}")
    for name in value:
        if name not in known:
            raise NotModelledError(f"{place}.{name}")
    return value


def choice_of(value: Any, place: str) -> tuple[str, Any]:
    """The one of several settings that is chosen at a place, and what it is set to. Errors: none, or two."""
    if not isinstance(value, dict) or len(value) != 1:
        raise NotModelledError(f"{place} is {value!r}")
    ((name, chosen),) = value.items()
    return name, chosen


def nothing_in(value: Any, place: str) -> None:
    """Errors: anything beside `{}`."""
    if value != {}:
        raise NotModelledError(f"{place} is {value!r}")
