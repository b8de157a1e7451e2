"""Log groups that keep their lines for as long as the file says."""

from datetime import timedelta

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway.config.types.durations import RETENTION_PERIODS


def define_log_group(
    scope: Construct,
    construct_id: str,
    *,
    retention: timedelta,
    log_group_name: str | None = None,
    encryption_key: kms.IKey | None = None,
) -> logs.LogGroup:
    """A log group that keeps lines for `retention` and is deleted together with its stack.

    `retention` is one of the periods that CloudWatch Logs offers, in whole days. `encryption_key`: one in the region of
    the stack, whose policy lets CloudWatch Logs use it; None leaves encryption to CloudWatch Logs.
    """
    if retention.days not in RETENTION_PERIODS or retention != timedelta(days=retention.days):
        allowed = ", ".join(map(str, RETENTION_PERIODS))
        raise ValueError(f"log retention must be one of {allowed} days, got {retention}; CloudWatch Logs has no other")
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=log_group_name,
        encryption_key=encryption_key,
        retention=logs.RetentionDays[RETENTION_PERIODS[retention.days]],
        removal_policy=RemovalPolicy.DESTROY,
    )
