"""The dashboard: which lines it draws, from which region, and what it says about them."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.constructs.alerts import ApiMetrics
from ml_gateway.constructs.alerts.gateway_dashboard import GatewayDashboard
from ml_gateway.serving import ServedModel, count_widgets, traffic_of, version_of
from tests.constructs.monitored import METRICS, bare_stack, imported_distribution, imported_function
from tests.synthesis import TOP, Json, only, resources, template_of

Line = tuple[str, str, str]
"""(namespace, metric, what tells it from others: its dimensions and statistic, as far as they are said)"""


def dashboard_template(
    *,
    firewall: bool = True,
    name: str | None = "acme-ml-edge",
    region: str = "us-east-1",
    metrics: ApiMetrics = METRICS,
) -> Json:
    stack = bare_stack(region)
    web_acl = wafv2.CfnWebACL(
        stack,
        "WebAcl",
        name=name,
        scope="CLOUDFRONT",
        default_action={"allow": {}},
        visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(
            metric_name="acme-ml-edge", cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
        ),
    )
    GatewayDashboard(
        stack,
        "Dashboard",
        metrics=[metrics],
        distribution=imported_distribution(stack),
        functions=[imported_function(stack)],
        web_acl=web_acl if firewall else None,
    )
    return template_of(stack)


def widgets(template: Json) -> list[Json]:
    body = only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]
    text = (
        body
        if isinstance(body, str)
        else "".join(part if isinstance(part, str) else "?" for part in body["Fn::Join"][1])
    )
    found: list[Json] = json.loads(text)["widgets"]
    return found


def lines(template: Json) -> list[tuple[list[str], Json]]:
    """Names and options of every metric that is drawn, or used in an expression."""
    return [
        ([part for part in metric if isinstance(part, str)], metric[-1] if isinstance(metric[-1], dict) else {})
        for widget in widgets(template)
        for metric in widget["properties"].get("metrics", [])
        if isinstance(metric[0], str)
    ]


def drawn(template: Json, *names: str) -> set[str]:
    """The statistics (Average if none is said) of the metric with these names."""
    return {options.get("stat", "Average") for found, options in lines(template) if tuple(found) == names}


@pytest.fixture(scope="module")
def template() -> Json:
    return dashboard_template()


def test_it_is_named_like_the_gateway(template: Json) -> None:
    assert only(template, "AWS::CloudWatch::Dashboard")["DashboardName"] == "acme-ml"


def test_the_first_thing_it_says_is_what_is_counted(template: Json) -> None:
    first = widgets(template)[0]
    assert first["type"] == "text"
    for words in ("requests of viewers", "the cache, the firewall", "preflights, health", "best-effort"):
        assert words in first["properties"]["markdown"].replace("\n", " "), words


@pytest.mark.parametrize("model", ["llama", "fraud"])
def test_each_model_has_requests_errors_and_percentiles(template: Json, model: str) -> None:
    namespace = f"MlGateway/acme-ml/{model}"
    assert drawn(template, namespace, "Latency") == {"SampleCount", "p50", "p95", "p99"}
    assert drawn(template, namespace, "ClientErrors") == {"Sum"}
    assert drawn(template, namespace, "ServerErrors") == {"Sum"}


def test_only_streams_have_a_time_to_the_first_byte(template: Json) -> None:
    assert drawn(template, "MlGateway/acme-ml/llama", "TimeToFirstByte") == {"p50", "p95", "p99"}
    assert drawn(template, "MlGateway/acme-ml/fraud", "TimeToFirstByte") == set()


@pytest.mark.parametrize(
    "response_type",
    ["THROTTLED", "QUOTA_EXCEEDED", "INVALID_API_KEY", "WAF_FILTERED", "INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE"],
)
def test_each_reason_of_an_error_is_a_line_of_its_own(template: Json, response_type: str) -> None:
    assert drawn(template, "MlGateway/acme-ml", "GatewayErrors", "ResponseType", response_type) == {"Sum"}


def test_the_api_has_its_own_numbers(template: Json) -> None:
    for metric in ("Count", "4XXError", "5XXError"):
        assert drawn(template, "AWS/ApiGateway", metric, "ApiName", "acme-ml", "Stage", "v1") == {"Sum"}


@pytest.mark.parametrize("metric", ["TotalErrorRate", "4xxErrorRate", "5xxErrorRate", "CacheHitRate"])
def test_the_edge_has_rates(template: Json, metric: str) -> None:
    assert drawn(template, "AWS/CloudFront", metric, "DistributionId", "E123", "Region", "Global") == {"Average"}


def test_the_edge_has_requests(template: Json) -> None:
    assert drawn(template, "AWS/CloudFront", "Requests", "DistributionId", "E123", "Region", "Global") == {"Sum"}


@pytest.mark.parametrize("metric", ["FunctionExecutionErrors", "FunctionValidationErrors", "FunctionThrottles"])
def test_each_failure_of_the_edge_function_is_a_line_of_its_own(template: Json, metric: str) -> None:
    assert drawn(template, "AWS/CloudFront", metric, "FunctionName", "the-function", "Region", "Global") == {"Sum"}


def test_the_hit_rate_is_switched_on(template: Json) -> None:
    subscription = only(template, "AWS::CloudFront::MonitoringSubscription")
    assert subscription["DistributionId"] == "E123"
    assert subscription["MonitoringSubscription"]["RealtimeMetricsSubscriptionConfig"] == {
        "RealtimeMetricsSubscriptionStatus": "Enabled"
    }


@pytest.mark.parametrize("metric", ["AllowedRequests", "BlockedRequests", "CountedRequests"])
def test_the_firewall_is_shown_when_there_is_one(template: Json, metric: str) -> None:
    names = ("AWS/WAFV2", metric, "Rule", "ALL", "WebACL", "acme-ml-edge")
    assert drawn(template, *names) == {"Sum"}
    assert drawn(dashboard_template(firewall=False), *names) == set()


@pytest.mark.parametrize(
    ("streams", "time"), [(False, "Latency"), (True, "TimeToFirstByte")], ids=["buffered", "streamed"]
)
def test_versions_of_a_model_stand_side_by_side(streams: bool, time: str) -> None:
    """A line for each in one graph of requests, one of failures, and one of the time that counts."""
    model = ServedModel(name="fraud", path="/fraud", streams=streams)
    parts = {each: version_of(model, each, served_as=None, timeout=model.timeout) for each in ("v1", "v2")}
    models = traffic_of([model, ServedModel(name="other", path="/other")], {"fraud": parts})
    metrics = replace(METRICS, models=models)
    template = dashboard_template(metrics=metrics)
    graphs = {
        widget["properties"]["title"]: [
            (metric[0].removeprefix("MlGateway/acme-ml/"), metric[1], metric[-1]["label"], metric[-1]["stat"])
            for metric in widget["properties"]["metrics"]
        ]
        for widget in widgets(template)
        if "of each version" in widget["properties"].get("title", "")
    }
    assert list(graphs.values()) == [
        [(f"fraud--{each}", name, f"fraud--{each}", statistic) for each in ("v1", "v2")]
        for name, statistic in (("Latency", "SampleCount"), ("ServerErrors", "Sum"), (time, "p95"))
    ]
    titles = [widget["properties"].get("markdown", "") for widget in widgets(template)]
    assert sum("Versions of fraud" in title for title in titles) == 1
    assert not [title for title in titles if "Versions of other" in title]
    assert len(widgets(dashboard_template(firewall=False, metrics=metrics))) == 12 + count_widgets(models)


def test_metrics_of_the_api_come_from_its_region(template: Json) -> None:
    regions = {
        options.get("region")
        for names, options in lines(template)
        if names[0].startswith(("MlGateway", "AWS/ApiGateway"))
    }
    assert regions == {"eu-west-1"}


def test_nothing_refers_to_another_stack(template: Json) -> None:
    assert resources(template, "AWS::CloudWatch::Alarm") == {}
    assert "Fn::ImportValue" not in json.dumps(template)
    assert "Fn::GetStackOutput" not in json.dumps(template)


def test_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="a dashboard with CloudFront's metrics cannot be defined in eu-west-1"):
        dashboard_template(region="eu-west-1")


def test_the_library_of_the_dashboard_is_loaded_for_a_dashboard_only() -> None:
    program = "import sys; import ml_gateway.constructs.alerts; print('cdk_monitoring_constructs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_firewall_that_no_metric_names_is_refused() -> None:
    with pytest.raises(ValueError, match="WebAcl has no name, by which metrics know it; give it one"):
        dashboard_template(name=None)
