"""Alarms that stay quiet while there is too little traffic to say anything, and the topic that tells."""

from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from ml_gateway.constructs.alerts.api_metrics import PERIOD

FEWEST_REQUESTS: Final = 20
"""In one period, for an alarm to look at it: of fewer, 95% are all but none, and one error is more than 5%."""

_PERIODS: Final = 5
_BREACHING_PERIODS: Final = 3
"""Three bad periods of five: a quarter of an hour, in which single failures are forgiven."""


def above_the_floor(value: str, *, requests: str) -> str:
    """A metric math expression: `value`, or 0 while there are fewer than `FEWEST_REQUESTS`.

    0 and not nothing: where data is missing an alarm looks further back, and would stay in an old state.
    """
    return f"IF({requests} >= {FEWEST_REQUESTS}, {value}, 0)"


def define_alarm(
    scope: Construct,
    construct_id: str,
    *,
    value: cloudwatch.MathExpression,
    threshold: float,
    description: str,
    topic: sns.ITopic,
) -> cloudwatch.Alarm:
    """An alarm that tells `topic` when `value` is above `threshold`, and when it is not any more."""
    alarm = value.create_alarm(
        scope,
        construct_id,
        threshold=threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=_PERIODS,
        datapoints_to_alarm=_BREACHING_PERIODS,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=f"{description}, in {_BREACHING_PERIODS} of {_PERIODS} periods of "
        f"{PERIOD.to_minutes():g} minutes with at least {FEWEST_REQUESTS} requests",
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
    return alarm


def define_alarm_topic(
    scope: Construct, construct_id: str, *, email: str, encryption_key: kms.IKey | None = None
) -> sns.Topic:
    """A topic to which the alarms of this account may publish, over TLS only, and which mails to `email`.

    The address has to confirm the subscription. There is one topic in each region: an alarm reaches no other. The
    policy of the `encryption_key` has to let CloudWatch use it. Without one the topic is not under the key aws/sns
    either, whose policy does not let CloudWatch publish; what it carries are names and numbers.
    """
    stack = Stack.of(scope)
    topic = sns.Topic(scope, construct_id, enforce_ssl=True, master_key=encryption_key)
    # A policy of its own, which TLS needs, takes the place of the default one, by which alarms could publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": stack.format_arn(service="cloudwatch", resource="alarm:*")},
            },
        )
    )
    sns.Subscription(topic, "Email", topic=topic, protocol=sns.SubscriptionProtocol.EMAIL, endpoint=email)
    return topic
