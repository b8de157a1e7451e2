"""The alarms on the API, in its region."""

from datetime import timedelta

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from ml_gateway.config import AlertsConfig, Percentage
from ml_gateway.constructs.alerts.alarms import above_the_floor, define_alarm, define_alarm_topic
from ml_gateway.constructs.alerts.api_metrics import PERIOD, ApiMetrics
from ml_gateway.serving import ModelTraffic


class ApiAlarms(Construct):
    """Mails when too many answers of the API are 5xx, or when a model is slow: what `alerts` sets, and no more.

    A model is slow when the 95th percentile of its latency, or of the time to the first byte if it streams, is above
    `alerts.latency_p95`. The percentile is over all answers of the model, refusals and errors among them. The
    latencies come from `ModelMetrics`. Defined in the region of the API. `encryption_key`: what encrypts the topic.
    """

    topic: sns.Topic

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metrics: ApiMetrics,
        alerts: AlertsConfig,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = define_alarm_topic(self, "Topic", email=alerts.email, encryption_key=encryption_key)
        if alerts.errors is not None:
            self._define_errors(metrics, alerts.errors)
        if alerts.latency_p95 is not None:
            slow = Construct(self, "SlowModels")
            for model in metrics.models:
                self._define_slowness(slow, metrics, model, alerts.latency_p95)

    def _define_errors(self, metrics: ApiMetrics, most: Percentage) -> None:
        define_alarm(
            self,
            "ServerErrors",
            value=cloudwatch.MathExpression(
                expression=above_the_floor("100 * errors / requests", requests="requests"),
                using_metrics={"errors": metrics.of_api("5XXError"), "requests": metrics.of_api("Count")},
                label="5xx answers in 100",
                period=PERIOD,
            ),
            threshold=most.percent,
            description=f"{metrics.api_name}: more than {most} of the API's answers are 5xx",
            topic=self.topic,
        )

    def _define_slowness(self, scope: Construct, metrics: ApiMetrics, model: ModelTraffic, most: timedelta) -> None:
        metric, words = ("TimeToFirstByte", "first byte") if model.streams else ("Latency", "answer")
        threshold = most / timedelta(milliseconds=1)
        define_alarm(
            scope,
            model.name,
            value=cloudwatch.MathExpression(
                expression=above_the_floor("p95", requests="samples"),
                using_metrics={
                    "p95": metrics.of_model(model, metric, statistic="p95"),
                    "samples": metrics.of_model(model, metric, statistic="SampleCount"),
                },
                label=f"p95 of {model.name}",
                period=PERIOD,
            ),
            threshold=threshold,
            description=f"{metrics.api_name}: 5 in 100 requests for {model.name} wait longer than {threshold:g} ms "
            f"for the {words}",
            topic=self.topic,
        )
