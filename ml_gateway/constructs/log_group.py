"""Log groups that keep their lines for as long as the file says."""

from datetime import timedelta
from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

_RETENTION: Final = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    2192: logs.RetentionDays.SIX_YEARS,
    2557: logs.RetentionDays.SEVEN_YEARS,
    2922: logs.RetentionDays.EIGHT_YEARS,
    3288: logs.RetentionDays.NINE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}


def define_log_group(
    scope: Construct, construct_id: str, *, retention: timedelta, log_group_name: str | None = None
) -> logs.LogGroup:
    """A log group that keeps lines for `retention` and is deleted together with its stack.

    `retention` is one of the periods that CloudWatch Logs offers, in whole days.
    """
    if retention.days not in _RETENTION or retention != timedelta(days=retention.days):
        allowed = ", ".join(map(str, _RETENTION))
        raise ValueError(f"log retention must be one of {allowed} days, got {retention}; CloudWatch Logs has no other")
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=log_group_name,
        retention=_RETENTION[retention.days],
        removal_policy=RemovalPolicy.DESTROY,
    )
