"""Quantities with their units: "2/s", "1000/month", "29s".

Each has a pattern (for the JSON Schema), a parser that raises ValueError, and a text that parses to the same value.
"""

import math
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from ml_gateway.wording import UNITS_OF_TIME, shown, suggestion
from ml_gateway.wording import format_duration as format_duration

_NUMBER: Final = r"[0-9]+(\.[0-9]+)?"

_COUNT: Final = r"[0-9]{1,18}"

MOST_REQUESTS: Final = 2**31 - 1
"""API Gateway keeps bursts and quotas in integers of 32 bits."""

FEWEST_IN_WINDOW: Final = 10
MOST_IN_WINDOW: Final = 2_000_000_000
"""AWS WAF API reference, RateBasedStatement, Limit."""

Period = Literal["day", "week", "month"]

_PERIODS: Final[dict[str, Period]] = {"day": "day", "week": "week", "month": "month"}

_WINDOWS: Final[dict[str, Literal[1, 2, 5, 10]]] = {"1m": 1, "2m": 2, "5m": 5, "10m": 10}

# Beyond their grammar these say for an editor which values there are not; the parsers say it with a way out.
RATE_PATTERN: Final = rf"(?![0.]+/){_NUMBER}/s"
QUOTA_PATTERN: Final = rf"(?!0+/){_COUNT}/({'|'.join(_PERIODS)})"
DURATION_PATTERN: Final = rf"[0-9]{{1,9}}({'|'.join(reversed(UNITS_OF_TIME))})"
# FEWEST_IN_WINDOW to MOST_IN_WINDOW
WINDOW_PATTERN: Final = rf"(?=[0-9]{{1,10}}/)0*([1-9][0-9]{{1,8}}|1[0-9]{{9}}|20{{9}})/({'|'.join(_WINDOWS)})"
PERCENTAGE_PATTERN: Final = r"(?![0.]+%)0*[0-9]{1,2}(\.[0-9]+)?%"


@dataclass(frozen=True, slots=True)
class RequestRate:
    """A steady rate, above 0, written "2/s" or "0.5/s": the service counts requests by the second."""

    per_second: float

    def __post_init__(self) -> None:
        if not 0 < self.per_second < math.inf:
            raise ValueError(f"a rate of {self.per_second:g} cannot be kept; write more than 0, such as 2/s")

    @classmethod
    def parse(cls, text: str) -> "RequestRate":
        """From "2/s"; ValueError for any other form or unit, and for a rate that cannot be kept."""
        if not re.fullmatch(rf"{_NUMBER}/s", text):
            raise _refusal(text, "a rate", "requests per second, such as 2/s")
        return cls(float(text.removesuffix("/s")))

    def __str__(self) -> str:
        return f"{Decimal(repr(self.per_second)).normalize():f}/s"


@dataclass(frozen=True, slots=True)
class RequestQuota:
    """Requests for each period, at least 1, written "1000/month", "1000/week" or "1000/day"."""

    requests: int
    period: Period

    def __post_init__(self) -> None:
        if not 1 <= self.requests <= MOST_REQUESTS:
            raise ValueError(f"a quota of {self.requests} cannot be counted; write 1 to {MOST_REQUESTS} requests")

    @classmethod
    def parse(cls, text: str) -> "RequestQuota":
        """From "1000/month"; ValueError for any other form or period, and for a number that cannot be counted."""
        match = re.fullmatch(rf"({_COUNT})/(\w+)", text)
        if not match:
            raise _refusal(text, "a quota", "requests for each day, week or month, such as 1000/month")
        requests, period = match.groups()
        if period not in _PERIODS:
            raise ValueError(f"{shown(text)} has the unknown period {period!r}; {suggestion(period, _PERIODS)}")
        return cls(int(requests), _PERIODS[period])

    def __str__(self) -> str:
        return f"{self.requests}/{self.period}"


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """10 to 2,000,000,000 requests within the last 1, 2, 5 or 10 minutes, written "2000/5m": a rate rule of AWS WAF."""

    requests: int
    minutes: Literal[1, 2, 5, 10]

    def __post_init__(self) -> None:
        if not FEWEST_IN_WINDOW <= self.requests <= MOST_IN_WINDOW:
            bounds = f"{FEWEST_IN_WINDOW} to {MOST_IN_WINDOW}"
            raise ValueError(f"a rate of {self.requests} is not one of AWS WAF; write {bounds} requests")

    @classmethod
    def parse(cls, text: str) -> "RequestWindow":
        """From "2000/5m"; ValueError for any other form or window, and for a number that AWS WAF does not take."""
        match = re.fullmatch(r"([0-9]{1,10})/([0-9]{1,9}[a-z]+)", text)
        if not match:
            raise _refusal(text, "a rate of AWS WAF", "requests within 1m, 2m, 5m or 10m, such as 2000/5m")
        requests, window = match.groups()
        if window not in _WINDOWS:
            raise ValueError(f"{shown(text)} has the window {window!r}; write one of {', '.join(_WINDOWS)}")
        return cls(int(requests), _WINDOWS[window])

    def __str__(self) -> str:
        return f"{self.requests}/{self.minutes}m"


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share that can be passed, above 0 and below 100, written "1%" or "0.5%"."""

    percent: float

    def __post_init__(self) -> None:
        if not 0 < self.percent < 100:
            raise ValueError(
                f"{self.percent:g}% is no share that can be passed; write more than 0 and less than 100, such as 1%"
            )

    @classmethod
    def parse(cls, text: str) -> "Percentage":
        """From "0.5%"; ValueError for any other form, and for a share that cannot be passed."""
        if not re.fullmatch(rf"{_NUMBER}%", text):
            raise _refusal(text, "a percentage", "a number and %, such as 1%")
        return cls(float(text.removesuffix("%")))

    def __str__(self) -> str:
        return f"{Decimal(repr(self.percent)).normalize():f}%"


def parse_duration(text: str) -> timedelta:
    """One whole number of at most nine digits, which every timedelta can hold, and one unit: "500ms", "15m", "90d"."""
    match = re.fullmatch(DURATION_PATTERN, text)
    if not match:
        raise _refusal(text, "a duration", "a whole number and ms, s, m, h or d, such as 29s")
    unit = match[1]
    return int(text.removesuffix(unit)) * UNITS_OF_TIME[unit]


def _refusal(text: str, kind: str, form: str) -> ValueError:
    reason = "has no unit" if re.fullmatch(_NUMBER, text) else f"is not {kind}"
    return ValueError(f"{shown(text)} {reason}; write {form}")
