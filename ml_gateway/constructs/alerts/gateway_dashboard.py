"""The dashboard of a gateway. Loading this module takes about 1.5 s: leave it until a dashboard is asked for."""

from collections.abc import Mapping, Sequence
from typing import Final

import cdk_monitoring_constructs as monitoring
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.alerts.api_metrics import PERIOD, ApiMetrics
from ml_gateway.constructs.alerts.edge_metrics import FUNCTION_FAILURES, edge_metric, function_metric
from ml_gateway.constructs.edge_region import check_edge_region
from ml_gateway.serving import ModelTraffic

_REFUSALS: Final = ("THROTTLED", "QUOTA_EXCEEDED", "INVALID_API_KEY", "WAF_FILTERED")
_FAILURES: Final = ("INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE")

_PERCENTILES: Final = ("p50", "p95", "p99")

_WHAT_IS_COUNTED: Final = """\
**Edge**: requests of viewers, as CloudFront counts them, whoever answered: the API, the cache, the firewall, or the
edge itself (preflights, health).
**API and models**: what reached API Gateway. What the cache, the firewall or the edge itself answered is not in it.
Requests of a model are those for its paths, refused ones included.
**Refused** counts what API Gateway did refuse; its throttles and quotas are best-effort, so more may pass than was
set. WAF_FILTERED is the API's own web ACL, not the firewall of the edge.
Times of streams run to their end; the time to the first byte stands beside them.
"""


class GatewayDashboard(Construct):
    """One dashboard, named like the API, that shows the edge, its functions, the firewall, the API and each model, in
    each region that `metrics` has; the first one names it.

    All of it stands in us-east-1, next to the distribution; metrics of the API are named literally, with their region,
    so that no stack depends on another. It turns CloudFront's additional metrics on, which is where the hit rate comes
    from. Errors: a stack outside us-east-1, a web ACL without a name, which its metrics are known by.
    """

    url: str
    """The dashboard in the console, for whoever is logged in to the account."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metrics: Sequence[ApiMetrics],
        distribution: cloudfront.IDistribution,
        functions: Sequence[cloudfront.IFunction],
        web_acl: wafv2.CfnWebACL | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        check_edge_region(self, "a dashboard with CloudFront's metrics")
        # The L2 construct has this as a setting of the distribution, which need not know who looks at it.
        cloudfront.CfnMonitoringSubscription(
            self,
            "AdditionalMetrics",
            distribution_id=distribution.distribution_id,
            monitoring_subscription=cloudfront.CfnMonitoringSubscription.MonitoringSubscriptionProperty(
                realtime_metrics_subscription_config=cloudfront.CfnMonitoringSubscription.RealtimeMetricsSubscriptionConfigProperty(
                    realtime_metrics_subscription_status="Enabled"
                )
            ),
        )
        name = metrics[0].api_name
        self._facade = self._define_dashboard(name)
        console = f"https://{naming.EDGE_REGION}.console.aws.amazon.com/cloudwatch/home?region={naming.EDGE_REGION}"
        self.url = f"{console}#dashboards/dashboard/{name}"
        self._show_edge(distribution)
        self._show_functions(functions)
        if web_acl:
            self._show_firewall(web_acl)
        for each in metrics:
            region = f", {each.region}" if len(metrics) > 1 else ""
            self._show_api(each, f"API{region}")
            for model in each.models:
                self._show_model(each, model, f"Model {model.name}{region}")
                if model.versions:
                    self._show_versions(each, model.versions, f"Versions of {model.name}{region}")

    def _define_dashboard(self, name: str) -> monitoring.MonitoringFacade:
        facade = monitoring.MonitoringFacade(
            self,
            "Monitoring",
            dashboard_factory=monitoring.DefaultDashboardFactory(self, "Dashboard", dashboard_name_prefix=name),
            metric_factory_defaults=monitoring.MetricFactoryDefaults(period=PERIOD),
        )
        return facade.add_widget(cloudwatch.TextWidget(markdown=_WHAT_IS_COUNTED, width=24, height=5))

    def _show_edge(self, distribution: cloudfront.IDistribution) -> None:
        self._facade.monitor_cloud_front_distribution(distribution=distribution, human_readable_name="Edge")
        self._show(
            "Edge, in more detail",
            {
                "Requests": [edge_metric(distribution, "Requests", statistic="Sum", label="Requests")],
                "Errors in total (%)": [
                    edge_metric(distribution, "TotalErrorRate", statistic="Average", label="4xx and 5xx")
                ],
            },
        )

    def _show_functions(self, functions: Sequence[cloudfront.IFunction]) -> None:
        used = "FunctionComputeUtilization"
        self._show(
            "Edge function",
            {
                "Failures": [
                    function_metric(function, name, statistic="Sum", label=label)
                    for function in functions
                    for name, label in FUNCTION_FAILURES.items()
                ],
                "Time used of what it may take (%)": [
                    function_metric(function, used, statistic="Average", label="Average") for function in functions
                ],
            },
        )

    def _show_firewall(self, web_acl: wafv2.CfnWebACL) -> None:
        if web_acl.name is None:
            raise ValueError(f"web ACL {web_acl.node.path} has no name, by which metrics know it; give it one")
        self._facade.monitor_web_application_firewall_acl_v2(acl=web_acl, human_readable_name="Firewall")
        counted = cloudwatch.Metric(
            namespace="AWS/WAFV2",
            metric_name="CountedRequests",
            dimensions_map={"Rule": "ALL", "WebACL": web_acl.name},
            statistic="Sum",
            label="Counted",
            period=PERIOD,
        )
        self._show("Firewall, in more detail", {"Counted, not blocked": [counted]})

    def _show_api(self, metrics: ApiMetrics, title: str) -> None:
        self._show(
            title,
            {
                "Requests": [
                    metrics.of_api("Count", label="Requests"),
                    metrics.of_api("4XXError", label="4xx"),
                    metrics.of_api("5XXError", label="5xx"),
                ],
                "Refused": [metrics.of_errors(response_type) for response_type in _REFUSALS],
                "Failed": [metrics.of_errors(response_type) for response_type in _FAILURES],
            },
        )

    def _show_model(self, metrics: ApiMetrics, model: ModelTraffic, title: str) -> None:
        def percentiles(name: str) -> list[cloudwatch.Metric]:
            return [metrics.of_model(model, name, statistic=percentile) for percentile in _PERCENTILES]

        graphs = {
            "Requests": [
                metrics.of_model(model, "Latency", statistic="SampleCount", label="Requests"),
                metrics.of_model(model, "ClientErrors", statistic="Sum", label="4xx"),
                metrics.of_model(model, "ServerErrors", statistic="Sum", label="5xx"),
            ],
            "Latency (ms)": percentiles("Latency"),
        }
        if model.streams:
            graphs["Time to first byte (ms)"] = percentiles("TimeToFirstByte")
        self._show(title, graphs)

    def _show_versions(self, metrics: ApiMetrics, versions: Sequence[ModelTraffic], title: str) -> None:
        """Side by side: a line for each in every graph."""
        time, words = ("TimeToFirstByte", "first byte") if versions[0].streams else ("Latency", "answer")

        def of_each(name: str, statistic: str) -> list[cloudwatch.Metric]:
            return [metrics.of_model(each, name, statistic=statistic, label=each.name) for each in versions]

        self._show(
            title,
            {
                "Requests of each version": of_each("Latency", "SampleCount"),
                "5xx of each version": of_each("ServerErrors", "Sum"),
                f"p95 of each version, to the {words} (ms)": of_each(time, "p95"),
            },
        )

    def _show(self, title: str, graphs: Mapping[str, Sequence[cloudwatch.Metric]]) -> None:
        """One row of graphs."""
        self._facade.monitor_custom(
            human_readable_name=title,
            alarm_friendly_name=title,
            metric_groups=[
                monitoring.CustomMetricGroup(title=graph, metrics=metrics) for graph, metrics in graphs.items()
            ],
        )
