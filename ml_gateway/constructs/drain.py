"""How requests are kept away from one region at once, from another region and without a deploy.

Loaded by gateways in several regions alone.
"""

import hashlib
import json
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ml_gateway import naming

_METRIC: Final = "Drain"
_STATISTIC: Final = "Maximum"
_PERIOD: Final = Duration.minutes(1)
_DRAINED: Final = 1


class DrainAlarm(Construct):
    """The alarm on the metric that drains `region`, in a stack of another region: from 1 on it is drained, 0 brings it
    back.

    A health check follows the metric, and takes the alarm's settings over once, when it is created (Route 53 Developer
    Guide, "Monitoring a CloudWatch alarm"). So the alarm's name has a hash of them, by which a check notices others.
    """

    drain_command: str
    bring_back_command: str

    def __init__(self, scope: Construct, construct_id: str, *, gateway_name: str, region: str) -> None:
        super().__init__(scope, construct_id)
        namespace, dimensions = naming.metric_namespace(gateway_name), {"Region": region}
        cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=alarm_name(gateway_name, region),
            alarm_description=f"Drains {region}: while it is {_DRAINED}, Route 53 sends nobody there.",
            # A check of Route 53 takes one metric with a standard statistic, and no M out of N.
            metric=cloudwatch.Metric(
                namespace=namespace,
                metric_name=_METRIC,
                dimensions_map=dimensions,
                statistic=_STATISTIC,
                period=_PERIOD,
            ),
            threshold=_DRAINED,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
        )
        put = (
            f"aws cloudwatch put-metric-data --region {Stack.of(self).region} --namespace {namespace} "
            f"--metric-name {_METRIC} --dimensions Region={region} --value"
        )
        self.drain_command = f"{put} {_DRAINED}"
        self.bring_back_command = f"{put} 0"


def define_drain_check(
    scope: Construct, construct_id: str, *, gateway_name: str, region: str, alarm_region: str
) -> route53.HealthCheck:
    """The health check of `region` that follows its `DrainAlarm`, which is in `alarm_region` and has to be there first.

    Without data it stays as it is, and is healthy at first (API reference, HealthCheckConfig,
    InsufficientDataHealthStatus): one line drains, until another one brings back.
    """
    return route53.HealthCheck(
        scope,
        construct_id,
        type=route53.HealthCheckType.CLOUDWATCH_METRIC,
        alarm_identifier=route53.AlarmIdentifier(name=alarm_name(gateway_name, region), region=alarm_region),
        insufficient_data_health_status=route53.InsufficientDataHealthStatusEnum.LAST_KNOWN_STATUS,
    )


def alarm_name(gateway_name: str, region: str) -> str:
    """The name of the alarm that drains `region`. It changes with the alarm's settings."""
    settings = [naming.metric_namespace(gateway_name), _METRIC, region, _STATISTIC, _PERIOD.to_seconds(), _DRAINED]
    return naming.drain_alarm(gateway_name, region, hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:8])
