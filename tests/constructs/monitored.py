"""A small API and its edge, in stacks that are not ours, with metrics and alarms."""

from datetime import timedelta

from aws_cdk import App, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs

from ml_gateway.config import AlertsConfig, Percentage
from ml_gateway.constructs.access_log import ACCESS_LOG_FIELDS
from ml_gateway.constructs.alerts import ApiMetrics, ModelMetrics
from ml_gateway.serving import ServedModel, traffic_of
from tests import synthesis
from tests.synthesis import Json, template_of

MODELS = traffic_of(
    [
        ServedModel(name="llama", path="/llama", protocol="openai", streams=True),
        ServedModel(name="fraud", path="/llama/fraud/{id}"),
    ]
)
METRICS = ApiMetrics(api_name="acme-ml", stage_name="v1", region="eu-west-1", models=MODELS)
ALERTS = AlertsConfig(email="ops@acme.com", errors=Percentage(1), latency_p95=timedelta(seconds=2))


def bare_stack(region: str = "eu-west-1", app: App | None = None) -> Stack:
    """Named after its region: an app may have one in each."""
    return synthesis.bare_stack(f"theirs-{region}", region=region, app=app)


def imported_distribution(stack: Stack) -> cloudfront.IDistribution:
    return cloudfront.Distribution.from_distribution_attributes(
        stack, "Distribution", distribution_id="E123", domain_name="d123.cloudfront.net"
    )


def imported_function(stack: Stack) -> cloudfront.IFunction:
    return cloudfront.Function.from_function_attributes(
        stack, "Function", function_name="the-function", function_arn="arn:aws:cloudfront::123456789012:function/f"
    )


def metrics_template(metrics: ApiMetrics = METRICS) -> Json:
    stack = bare_stack()
    log = logs.LogGroup.from_log_group_name(stack, "AccessLog", "the-log")
    ModelMetrics(stack, "Metrics", metrics=metrics, access_log=log)
    return template_of(stack)


def log_line(**values: str) -> Json:
    """A line of the access log, with `-` for what it has none of."""
    assert values.keys() <= ACCESS_LOG_FIELDS.keys()
    line: Json = {**dict.fromkeys(ACCESS_LOG_FIELDS, "-"), **values}
    return line
