"""The types of what is said about versions of a model: shares, headers that tell callers apart, and when one fails."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictInt, StrictStr

from ml_gateway.config.types.annotated import Quantity
from ml_gateway.config.types.headers import HEADER_NAME, check_telling_header
from ml_gateway.config.types.quantities import DURATION_PATTERN, format_duration, parse_duration
from ml_gateway.wording import shown

BY_CLIENT: Final = "client"
"""Sticky by who calls: a key, or the issuer and the claim of a token."""

_BY_HEADER: Final = "header:"

_MINUTE: Final = timedelta(minutes=1)
_LONGEST_WINDOW: Final = timedelta(hours=1)
_WHOLE_MINUTES: Final = "write whole minutes from 1m to 1h, such as 5m"


def _parse_window(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is not a time over which answers are counted; {_WHOLE_MINUTES}") from None


def _check_window(window: timedelta) -> timedelta:
    """A period of CloudWatch that is long enough for metrics of a log."""
    if not _MINUTE <= window <= _LONGEST_WINDOW or window % _MINUTE:
        raise ValueError(f"{format_duration(window)} is not a time over which answers are counted; {_WHOLE_MINUTES}")
    return window


def _check_sticky(sticky: str) -> str:
    if sticky != BY_CLIENT and not sticky.startswith(_BY_HEADER):
        meant = f"header:{sticky.lower()}" if HEADER_NAME.fits(sticky) and "-" in sticky else "header:x-user-id"
        raise ValueError(f"{shown(sticky)} is nothing that callers are told apart by; write client, or {meant}")
    if sticky != BY_CLIENT:
        check_telling_header(sticky.removeprefix(_BY_HEADER))
    return sticky


def sticky_header(sticky: str) -> str | None:
    """The header that tells callers apart, in lower case; None where the client does."""
    return None if sticky == BY_CLIENT else sticky.removeprefix(_BY_HEADER).lower()


Share = Annotated[StrictInt, Field(ge=0, le=100, examples=[90])]
"""Whole percents."""

Sticky = Annotated[
    StrictStr,
    AfterValidator(_check_sticky),
    Field(json_schema_extra={"pattern": f"^({BY_CLIENT}|{_BY_HEADER}{HEADER_NAME.pattern})$"}),
]
TellingHeader = Annotated[
    StrictStr, AfterValidator(check_telling_header), Field(json_schema_extra={"pattern": f"^{HEADER_NAME.pattern}$"})
]
RollbackWindow = Annotated[
    timedelta,
    Quantity(timedelta, _parse_window, format_duration, DURATION_PATTERN, "5m"),
    AfterValidator(_check_window),
]
FewestRequests = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
