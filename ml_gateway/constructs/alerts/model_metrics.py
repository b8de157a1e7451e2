"""Metrics of each model, counted from the API's access log."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.alerts.api_metrics import ApiMetrics
from ml_gateway.serving import MOST_METRIC_FILTERS, ModelTraffic, count_metric_filters
from ml_gateway.serving.traffic import LONGEST_FILTER_PATTERN


class ModelMetrics(Construct):
    """Metric filters on the access log of `ProxyApi`: what `ApiMetrics` names, in the region of the log.

    For each model `Latency` (ms, from the request to the end of the answer; as many samples as requests),
    `ClientErrors` (4xx) and `ServerErrors` (5xx); for one that streams `TimeToFirstByte` (ms, from the connection to
    the model to the first byte of its answer). Each version of a model has the same for itself. For all together
    `GatewayErrors` by API Gateway's type of the error.

    Errors: more filters than a log group takes; a model whose resources are so long, or so many beside those of
    others, that they fit into no pattern.
    """

    def __init__(self, scope: Construct, construct_id: str, *, metrics: ApiMetrics, access_log: logs.ILogGroup) -> None:
        super().__init__(scope, construct_id)
        if (needed := count_metric_filters(metrics.models)) > MOST_METRIC_FILTERS:
            raise ValueError(
                f"{len(metrics.models)} models need {needed} metric filters, but CloudWatch Logs has "
                f"{MOST_METRIC_FILTERS} for a log group; leave the alerts out, or make two gateways"
            )
        self._access_log = access_log
        models = Construct(self, "Models")
        for model in (each for of in metrics.models for each in (of, *of.versions)):
            self._define_metrics_of(
                Construct(models, model.name), model, naming.metric_namespace(metrics.api_name, model.name)
            )
        logs.MetricFilter(
            self,
            "GatewayErrors",
            log_group=access_log,
            metric_namespace=naming.metric_namespace(metrics.api_name),
            metric_name="GatewayErrors",
            filter_pattern=logs.FilterPattern.string_value("$.errorResponseType", "!=", "-"),
            dimensions={"ResponseType": "$.errorResponseType"},
        )

    def _define_metrics_of(self, scope: Construct, model: ModelTraffic, namespace: str) -> None:
        requests = logs.JsonPattern(model.condition)
        self._define_time(scope, "Latency", namespace, value="$.responseLatency", requests=[requests])
        for name, status in (("ClientErrors", "4*"), ("ServerErrors", "5*")):
            logs.MetricFilter(
                scope,
                name,
                log_group=self._access_log,
                metric_namespace=namespace,
                metric_name=name,
                filter_pattern=_all(requests, logs.FilterPattern.string_value("$.status", "=", status)),
                # What lets a line be drawn at 0 while there is metrics.
                default_value=0,
            )
        if model.streams:
            streamed = logs.FilterPattern.string_value("$.responseTransferMode", "=", "STREAMED")
            self._define_time(
                scope, "TimeToFirstByte", namespace, value="$.timeToFirstContent", requests=[requests, streamed]
            )

    def _define_time(
        self, scope: Construct, name: str, namespace: str, *, value: str, requests: Sequence[logs.JsonPattern]
    ) -> None:
        logs.MetricFilter(
            scope,
            name,
            log_group=self._access_log,
            metric_namespace=namespace,
            metric_name=name,
            # A metric's value has to stand in the pattern, too (aws_logs.MetricFilterProps.metric_value).
            filter_pattern=_all(*requests, logs.FilterPattern.exists(value)),
            metric_value=value,
            unit=cloudwatch.Unit.MILLISECONDS,
        )


def _all(*patterns: logs.JsonPattern) -> logs.JsonPattern:
    together = logs.FilterPattern.all(*patterns)
    if (length := len(together.log_pattern_string)) > LONGEST_FILTER_PATTERN:
        raise ValueError(
            f"a filter pattern has {length} characters, but CloudWatch Logs takes {LONGEST_FILTER_PATTERN}; "
            f"write shorter paths, or give each model one of its own: {together.log_pattern_string:.80}..."
        )
    return together
