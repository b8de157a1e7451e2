"""What tells that a version fails, on its way from the alarm in its region to us-east-1."""

from collections.abc import Iterable

from aws_cdk import aws_events as events


def alarm_events(alarms: Iterable[str]) -> events.EventPattern:
    """Alarms of these names that go off. Nobody puts events with that source but CloudWatch (EventBridge API reference,
    PutEventsRequestEntry: AWS's own begin with `aws.`)."""
    return events.EventPattern(
        source=["aws.cloudwatch"],
        detail_type=["CloudWatch Alarm State Change"],
        detail={"alarmName": sorted(alarms), "state": {"value": ["ALARM"]}},
    )
