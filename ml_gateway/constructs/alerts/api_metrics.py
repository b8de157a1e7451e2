"""What CloudWatch counts of one API, by literal names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from ml_gateway import naming
from ml_gateway.serving import ModelTraffic

PERIOD: Final = Duration.minutes(5)
"""Over which lines are drawn and alarms look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiMetrics:
    """The metrics of one API, as any stack in any region can name them without referring to another stack.

    `api_name` and `stage_name` are what the API's own metrics are known by; another API of the same name in the
    `region` would be counted with it. The metrics of models exist where `ModelMetrics` are defined.
    """

    api_name: str
    stage_name: str
    region: str
    models: Sequence[ModelTraffic]

    def of_api(self, name: str, *, label: str | None = None) -> cloudwatch.Metric:
        """A metric of API Gateway's own, summed up: Count, 4XXError or 5XXError."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            dimensions_map={"ApiName": self.api_name, "Stage": self.stage_name},
            statistic="Sum",
            label=label,
            period=PERIOD,
            region=self.region,
        )

    def of_model(
        self, model: ModelTraffic, name: str, *, statistic: str, label: str | None = None
    ) -> cloudwatch.Metric:
        """A metric of one model: Latency, ClientErrors, ServerErrors, or TimeToFirstByte of one that streams."""
        return cloudwatch.Metric(
            namespace=naming.metric_namespace(self.api_name, model.name),
            metric_name=name,
            statistic=statistic,
            label=label or statistic,
            period=PERIOD,
            region=self.region,
        )

    def of_errors(self, response_type: str) -> cloudwatch.Metric:
        """How many requests API Gateway itself answered with an error of that type."""
        return cloudwatch.Metric(
            namespace=naming.metric_namespace(self.api_name),
            metric_name="GatewayErrors",
            dimensions_map={"ResponseType": response_type},
            statistic="Sum",
            label=response_type,
            period=PERIOD,
            region=self.region,
        )
