import re
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ml_gateway.config import Percentage, RequestQuota, RequestRate, RequestWindow
from ml_gateway.config.types.quantities import (
    DURATION_PATTERN,
    FEWEST_IN_WINDOW,
    MOST_IN_WINDOW,
    MOST_REQUESTS,
    PERCENTAGE_PATTERN,
    QUOTA_PATTERN,
    RATE_PATTERN,
    WINDOW_PATTERN,
    Period,
    format_duration,
    parse_duration,
)


@pytest.mark.parametrize(
    ("text", "per_second"), [("2/s", 2), ("0.5/s", 0.5), ("10000/s", 10_000), ("007/s", 7), ("0.000001/s", 1e-6)]
)
def test_a_rate_is_requests_per_second(text: str, per_second: float) -> None:
    assert RequestRate.parse(text) == RequestRate(per_second)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2", "'2' has no unit; write requests per second, such as 2/s"),
        ("0.5", "'0.5' has no unit; write requests per second, such as 2/s"),
        ("2/m", "'2/m' is not a rate; write requests per second, such as 2/s"),
        ("", "'' is not a rate; write requests per second, such as 2/s"),
        ("-2/s", "'-2/s' is not a rate; write requests per second, such as 2/s"),
        ("1e3/s", "'1e3/s' is not a rate; write requests per second, such as 2/s"),
        ("2 /s", "'2 /s' is not a rate; write requests per second, such as 2/s"),
        ("2/s\n", "'2/s\\n' is not a rate; write requests per second, such as 2/s"),
        ("٢/s", "'٢/s' is not a rate; write requests per second, such as 2/s"),
        ("0/s", "a rate of 0 cannot be kept; write more than 0, such as 2/s"),
        ("0.0/s", "a rate of 0 cannot be kept; write more than 0, such as 2/s"),
        ("9" * 400 + "/s", "a rate of inf cannot be kept; write more than 0, such as 2/s"),
    ],
)
def test_what_is_not_a_rate_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RequestRate.parse(text)


@pytest.mark.parametrize("per_second", [0, -1, float("inf"), float("nan")])
def test_a_rate_built_in_python_has_the_same_bounds(per_second: float) -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        RequestRate(per_second)


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
def test_a_rate_reads_back_what_it_writes(per_second: float) -> None:
    rate = RequestRate(per_second)
    assert RequestRate.parse(str(rate)) == rate


def test_equal_quantities_count_once() -> None:
    assert len({RequestRate(2), RequestRate.parse("2/s")}) == 1
    assert len({RequestQuota(9, "day"), RequestQuota.parse("9/day")}) == 1


def test_a_rate_is_written_without_needless_zeros() -> None:
    assert [str(RequestRate(number)) for number in (2.0, 0.5, 100, 1e-7)] == ["2/s", "0.5/s", "100/s", "0.0000001/s"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1000", "'1000' has no unit; write requests for each day, week or month, such as 1000/month"),
        ("/day", "'/day' is not a quota; write requests for each day, week or month, such as 1000/month"),
        ("1.5/day", "'1.5/day' is not a quota; write requests for each day, week or month, such as 1000/month"),
        ("1000/mnth", "'1000/mnth' has the unknown period 'mnth'; did you mean 'month'?"),
        ("1000/Month", "'1000/Month' has the unknown period 'Month'; did you mean 'month'?"),
        ("1000/s", "'1000/s' has the unknown period 's'; write one of day, week, month"),
        ("0/day", "a quota of 0 cannot be counted; write 1 to 2147483647 requests"),
        ("2147483648/day", "a quota of 2147483648 cannot be counted; write 1 to 2147483647 requests"),
    ],
)
def test_what_is_not_a_quota_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RequestQuota.parse(text)


@given(st.integers(1, MOST_REQUESTS), st.sampled_from(["day", "week", "month"]))
@example(1, "day")
@example(MOST_REQUESTS, "day")
def test_a_quota_reads_back_what_it_writes(requests: int, period: Period) -> None:
    quota = RequestQuota(requests, period)
    assert RequestQuota.parse(str(quota)) == quota


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2000", "'2000' has no unit; write requests within 1m, 2m, 5m or 10m, such as 2000/5m"),
        ("2000/s", "'2000/s' is not a rate of AWS WAF; write requests within 1m, 2m, 5m or 10m, such as 2000/5m"),
        ("0.5/5m", "'0.5/5m' is not a rate of AWS WAF; write requests within 1m, 2m, 5m or 10m, such as 2000/5m"),
        ("2000/3m", "'2000/3m' has the window '3m'; write one of 1m, 2m, 5m, 10m"),
        ("2000/60s", "'2000/60s' has the window '60s'; write one of 1m, 2m, 5m, 10m"),
        ("9/5m", "a rate of 9 is not one of AWS WAF; write 10 to 2000000000 requests"),
        ("2000000001/5m", "a rate of 2000000001 is not one of AWS WAF; write 10 to 2000000000 requests"),
    ],
)
def test_what_is_not_a_rate_of_the_firewall_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RequestWindow.parse(text)


@given(st.integers(FEWEST_IN_WINDOW, MOST_IN_WINDOW), st.sampled_from([1, 2, 5, 10]))
@example(FEWEST_IN_WINDOW, 1)
@example(MOST_IN_WINDOW, 10)
def test_a_rate_of_the_firewall_reads_back_what_it_writes(requests: int, minutes: Literal[1, 2, 5, 10]) -> None:
    window = RequestWindow(requests, minutes)
    assert RequestWindow.parse(str(window)) == window
    assert re.fullmatch(WINDOW_PATTERN, str(window))


@given(st.integers(-10, 20) | st.integers(MOST_IN_WINDOW - 5, 10 * MOST_IN_WINDOW))
@example(FEWEST_IN_WINDOW)
@example(MOST_IN_WINDOW)
def test_a_rate_of_the_firewall_built_in_python_has_the_same_bounds(requests: int) -> None:
    taken = re.fullmatch(WINDOW_PATTERN, f"{requests}/5m") is not None
    if FEWEST_IN_WINDOW <= requests <= MOST_IN_WINDOW:
        assert taken
        assert RequestWindow(requests, 5).requests == requests
    else:
        assert not taken
        with pytest.raises(ValueError, match="is not one of AWS WAF"):
            RequestWindow(requests, 5)


@pytest.mark.parametrize(("text", "percent"), [("1%", 1), ("0.5%", 0.5), ("007%", 7), ("99.99%", 99.99)])
def test_a_percentage_is_a_share_of_100(text: str, percent: float) -> None:
    assert Percentage.parse(text) == Percentage(percent)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1", "'1' has no unit; write a number and %, such as 1%"),
        ("", "'' is not a percentage; write a number and %, such as 1%"),
        ("-1%", "'-1%' is not a percentage; write a number and %, such as 1%"),
        ("1 %", "'1 %' is not a percentage; write a number and %, such as 1%"),
        ("1e0%", "'1e0%' is not a percentage; write a number and %, such as 1%"),
        *(
            (f"{number}%", f"{shown}% is no share that can be passed; write more than 0 and less than 100, such as 1%")
            for number, shown in (("0", "0"), ("100", "100"), ("100.0", "100"), ("100.1", "100.1"), ("9" * 400, "inf"))
        ),
    ],
)
def test_what_is_not_a_percentage_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Percentage.parse(text)


@pytest.mark.parametrize("percent", [0, -1, 100, 100.1, float("inf"), float("nan")])
def test_a_percentage_built_in_python_has_the_same_bounds(percent: float) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Percentage(percent)


@given(st.floats(min_value=0, max_value=100, exclude_min=True, exclude_max=True))
def test_a_percentage_reads_back_what_it_writes(percent: float) -> None:
    share = Percentage(percent)
    assert Percentage.parse(str(share)) == share
    assert re.fullmatch(PERCENTAGE_PATTERN, str(share))


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("29s", timedelta(seconds=29)),
        ("15m", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("90d", timedelta(days=90)),
        ("0s", timedelta(0)),
        ("999999999d", timedelta(days=999_999_999)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration
    assert format_duration(duration) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("29", "has no unit"),
        ("", "is not a duration"),
        ("s", "is not a duration"),
        ("1.5h", "is not a duration"),
        ("1h30m", "is not a duration"),
        ("29 s", "is not a duration"),
        ("-1s", "is not a duration"),
        ("2w", "is not a duration"),
        ("1000000000d", "is not a duration"),
    ],
)
def test_what_is_not_a_duration_is_refused(text: str, reason: str) -> None:
    message = f"{text!r} {reason}; write a whole number and ms, s, m, h or d, such as 29s"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_duration(text)


@given(st.integers(0, 999_999_999).map(lambda number: timedelta(milliseconds=number)))
def test_a_duration_reads_back_what_it_writes(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("pattern", "parse"),
    [
        (RATE_PATTERN, RequestRate.parse),
        (QUOTA_PATTERN, RequestQuota.parse),
        (DURATION_PATTERN, parse_duration),
        (WINDOW_PATTERN, RequestWindow.parse),
        (PERCENTAGE_PATTERN, Percentage.parse),
    ],
)
@given(text=st.from_regex(r"[0-9]{0,3}\.?[0-9]{0,2}(/?(s|m|d|h|ms|day|week|month)?|/(1|2|3|5|10)m|%)", fullmatch=True))
def test_the_pattern_of_the_schema_matches_what_is_parsed(
    pattern: str, parse: Callable[[str], object], text: str
) -> None:
    try:
        parsed = parse(text) is not None
    except ValueError:
        parsed = False
    assert bool(re.fullmatch(pattern, text)) == parsed
