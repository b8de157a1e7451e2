"""The types of durations, each with the bounds of the service that keeps it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, Final

from pydantic import AfterValidator

from ml_gateway.config.types.annotated import Quantity
from ml_gateway.config.types.quantities import DURATION_PATTERN, format_duration, parse_duration
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_EDGE_TIMEOUT, LONGEST_STREAM, check_timeout

RETENTION_PERIODS: Final[Mapping[int, str]] = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
    1096: "THREE_YEARS",
    1827: "FIVE_YEARS",
    2192: "SIX_YEARS",
    2557: "SEVEN_YEARS",
    2922: "EIGHT_YEARS",
    3288: "NINE_YEARS",
    3653: "TEN_YEARS",
}
"""Days for which CloudWatch Logs keeps lines (API reference, PutRetentionPolicy), and what CDK calls each."""

LONGEST_LIFETIME: Final = timedelta(days=36_500)
"""CloudFront API reference of 2016-09-07, DefaultCacheBehavior: MinTTL, DefaultTTL and MaxTTL take 0 to 3,153,600,000
seconds (100 years). Later ones name no bound, and none ever did for ErrorCachingMinTTL."""

SECOND: Final = timedelta(seconds=1)
MILLISECOND: Final = timedelta(milliseconds=1)

_UNITS_OF_QUOTAS: Final = {SECOND: "seconds", MILLISECOND: "milliseconds"}


def _check_response_timeout(timeout: timedelta) -> timedelta:
    # Beyond the default quota it takes a raised one, for which no maximum is documented: nothing behind the edge waits
    # longer than a stream.
    if not SECOND <= timeout <= LONGEST_STREAM or timeout % SECOND:
        raise ValueError(
            f"{format_duration(timeout)} is not a response timeout of CloudFront; write whole seconds from 1s to "
            f"{format_duration(LONGEST_STREAM)}"
        )
    return timeout


def _check_quota(quota: timedelta, *, usual: timedelta, unit: timedelta) -> timedelta:
    if quota < usual:
        raise ValueError(
            f"{format_duration(quota)} is less than the {format_duration(usual)} that every account has; write what "
            "AWS raised it to, or leave the line out"
        )
    if quota > LONGEST_STREAM or quota % unit:
        raise ValueError(
            f"{format_duration(quota)} is no timeout that can be deployed; write whole {_UNITS_OF_QUOTAS[unit]} up to "
            f"{format_duration(LONGEST_STREAM)}"
        )
    return quota


def _check_retention(retention: timedelta) -> timedelta:
    allowed = [timedelta(days=days) for days in RETENTION_PERIODS]
    if retention not in allowed:
        nearest = [
            *[shorter for shorter in allowed if shorter < retention][-1:],
            *[longer for longer in allowed if longer > retention][:1],
        ]
        raise ValueError(
            f"{format_duration(retention)} is not a retention of CloudWatch Logs; "
            f"the nearest are {' and '.join(map(format_duration, nearest))}"
        )
    return retention


def check_lifetime(lifetime: timedelta) -> timedelta:
    """A lifetime that CloudFront keeps an answer or an error for: whole seconds, up to a hundred years."""
    if lifetime > LONGEST_LIFETIME:
        raise ValueError(
            f"{format_duration(lifetime)} is longer than CloudFront keeps anything; write at most "
            f"{format_duration(LONGEST_LIFETIME)}"
        )
    if lifetime < timedelta(0) or lifetime % SECOND:
        raise ValueError(
            f"{format_duration(lifetime)} is not a lifetime of CloudFront; write whole seconds, such as 1s"
        )
    return lifetime


def _check_latency(latency: timedelta) -> timedelta:
    if not latency:
        raise ValueError(f"no answer comes in {format_duration(latency)}; write a duration such as 2s")
    return latency


def _duration(example: str) -> Quantity:
    return Quantity(timedelta, parse_duration, format_duration, DURATION_PATTERN, example)


LIFETIME: Final = _duration("60s")

_Duration = Annotated[timedelta, _duration("29s")]
Timeout = Annotated[_Duration, AfterValidator(check_timeout)]
ResponseTimeout = Annotated[_Duration, AfterValidator(_check_response_timeout)]
IntegrationTimeoutQuota = Annotated[
    _Duration, AfterValidator(partial(_check_quota, usual=LONGEST_BUFFERED, unit=MILLISECOND))
]
"""API Gateway itself answers "Timeout should be between 50 ms and 900000 ms" (terraform-provider-aws#45482). Its page
of quotas names no maximum of the quota; what support grants depends on the account's request rate."""

ResponseTimeoutQuota = Annotated[
    _Duration, AfterValidator(partial(_check_quota, usual=LONGEST_EDGE_TIMEOUT, unit=SECOND))
]
"""CloudFront's page of quotas names no maximum, and support grants more than 180 s (terraform-provider-aws#36088,
aws-cdk#38433, since which CDK has no bound of its own). Nothing behind the edge takes longer than a stream."""
Retention = Annotated[_Duration, AfterValidator(_check_retention)]
Latency = Annotated[_Duration, AfterValidator(_check_latency)]
Lifetime = Annotated[timedelta, LIFETIME, AfterValidator(check_lifetime)]
