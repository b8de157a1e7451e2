"""The alarms on the edge, in us-east-1."""

from collections.abc import Sequence

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import AlertsConfig, Percentage
from ml_gateway.constructs.alerts.alarms import above_the_floor, define_alarm, define_alarm_topic
from ml_gateway.constructs.alerts.api_metrics import PERIOD
from ml_gateway.constructs.alerts.edge_metrics import FUNCTION_FAILURES, edge_metric, function_metric
from ml_gateway.constructs.edge_region import check_edge_region


class EdgeAlarms(Construct):
    """Mails when an edge function fails or is throttled, and when too many answers to viewers are 5xx.

    One alarm for each of the `functions`: an alarm reads 10 metrics at most. That on answers only with `alerts.errors`,
    whether the API gave these answers or CloudFront itself. `overrides`: the function that rolls versions back, whose
    own failures are told, too. `encryption_key`: what encrypts the topic. Errors: a stack outside us-east-1.
    """

    topic: sns.Topic

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        distribution: cloudfront.IDistribution,
        functions: Sequence[cloudfront.IFunction],
        alerts: AlertsConfig,
        encryption_key: kms.IKey | None = None,
        overrides: lambda_.IFunction | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        check_edge_region(self, "alarms on CloudFront's metrics")
        self.topic = define_alarm_topic(self, "Topic", email=alerts.email, encryption_key=encryption_key)
        requests = edge_metric(distribution, "Requests", statistic="Sum")
        for number, function in enumerate(functions):
            # The first is that of the default behavior, which there always is.
            scope_of_alarm = Construct(self, function.node.id) if number else self
            self._define_function_alarm(scope_of_alarm, gateway_name, function, requests)
        if alerts.errors:
            self._define_error_alarm(gateway_name, distribution, requests, alerts.errors)
        if overrides:
            self._define_override_alarm(gateway_name, overrides)

    def _define_override_alarm(self, gateway_name: str, function: lambda_.IFunction) -> None:
        """A rollback that was not written: Lambda tries twice more, and nobody does after that."""
        alarm = function.metric_errors(period=PERIOD).create_alarm(
            self,
            "OverrideFailures",
            threshold=0,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{gateway_name}: an override of versions could not be written or taken away; look at "
            f"the output {naming.OVERRIDES_COMMAND}, and write it yourself: docs/rollouts.md",
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _define_function_alarm(
        self, scope: Construct, gateway_name: str, function: cloudfront.IFunction, requests: cloudwatch.Metric
    ) -> None:
        """No failure is normal: the function throws nothing, and what it does is bounded. Each refuses a request."""
        failures = {
            f"failure{number}": function_metric(function, name, statistic="Sum", label=label)
            for number, (name, label) in enumerate(FUNCTION_FAILURES.items())
        }
        # CloudFront tells of a failure when there is one, and of none otherwise.
        total = " + ".join(f"FILL({failure}, 0)" for failure in failures)
        define_alarm(
            scope,
            "FunctionFailures",
            value=cloudwatch.MathExpression(
                expression=above_the_floor(total, requests="requests"),
                using_metrics={**failures, "requests": requests},
                label="failures of the edge function",
                period=PERIOD,
            ),
            threshold=0,
            description=f"{gateway_name}: the edge function fails or is throttled, and refuses requests by that",
            topic=self.topic,
        )

    def _define_error_alarm(
        self,
        gateway_name: str,
        distribution: cloudfront.IDistribution,
        requests: cloudwatch.Metric,
        errors: Percentage,
    ) -> None:
        define_alarm(
            self,
            "ServerErrors",
            value=cloudwatch.MathExpression(
                expression=above_the_floor("errors", requests="requests"),
                using_metrics={
                    "errors": edge_metric(distribution, "5xxErrorRate", statistic="Average"),
                    "requests": requests,
                },
                label="5xx answers in 100",
                period=PERIOD,
            ),
            threshold=errors.percent,
            description=f"{gateway_name}: more than {errors} of what viewers get from the edge is 5xx",
            topic=self.topic,
        )
