"""The alarms on single versions of models, by which their callers get another one.

Loaded by gateways that roll back alone.
"""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.alerts.api_metrics import ApiMetrics
from ml_gateway.constructs.rollback_events import alarm_events
from ml_gateway.design import Rollback
from ml_gateway.serving import ModelTraffic, version_name


class RollbackAlarms(Construct):
    """An alarm for each of the `rollbacks`, by its name, in the region of the API.

    Each looks at the 5xx answers of its version within one window, from the metrics of `ModelMetrics`, and tells
    `topic`. Outside us-east-1 a rule hands what they say on to the default bus there, where `VersionOverrides` acts.
    Errors: a version that `metrics` does not have.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metrics: ApiMetrics,
        rollbacks: Mapping[str, Rollback],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        traffic = {version.name: version for model in metrics.models for version in model.versions}
        for alarm_name, rollback in rollbacks.items():
            named = version_name(rollback.model, rollback.version)
            if named not in traffic:
                raise ValueError(f"{named} is no version that metrics has; name it in both")
            alarm = self._define_alarm(metrics, alarm_name, rollback, traffic[named])
            alarm.add_alarm_action(actions.SnsAction(topic))
        if metrics.region != naming.EDGE_REGION:
            bus = Stack.of(self).format_arn(
                service="events", region=naming.EDGE_REGION, resource="event-bus", resource_name="default"
            )
            events.Rule(
                self,
                "Forward",
                description=f"Tells {naming.EDGE_REGION} that a version fails here",
                event_pattern=alarm_events(rollbacks),
                targets=[targets.EventBus(events.EventBus.from_event_bus_arn(self, "Bus", bus))],
            )

    def _define_alarm(
        self, metrics: ApiMetrics, alarm_name: str, rollback: Rollback, traffic: ModelTraffic
    ) -> cloudwatch.Alarm:
        said = rollback.when
        share = cloudwatch.MathExpression(
            # 0 and not nothing, as `above_the_floor` has it.
            expression=f"IF(requests >= {said.least}, 100 * errors / requests, 0)",
            using_metrics={
                "errors": metrics.of_model(traffic, "ServerErrors", statistic="Sum"),
                "requests": metrics.of_model(traffic, "Latency", statistic="SampleCount"),
            },
            label="5xx answers in 100",
            period=Duration.seconds(said.window.total_seconds()),
        )
        return share.create_alarm(
            self,
            traffic.name,
            alarm_name=alarm_name,
            alarm_description=f"{metrics.api_name}: more than {said.errors} of the answers of {rollback.model}, "
            f"version {rollback.version}, are 5xx. Its callers get {said.to}, in every region, until somebody "
            "releases that: docs/rollouts.md",
            threshold=said.errors.percent,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
