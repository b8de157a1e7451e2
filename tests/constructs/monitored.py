"""A small API and its edge, in stacks that are not ours, with metrics and alarms; and what their patterns match."""

import json
import re
from datetime import timedelta

from aws_cdk import App, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs

from ml_gateway.config import AlertsConfig, Percentage
from ml_gateway.constructs.access_log import ACCESS_LOG_FIELDS
from ml_gateway.constructs.alerts import ApiTraffic, TrafficMetrics
from ml_gateway.routes import Serving, traffic_of
from tests import synthesis
from tests.synthesis import Json, template_of

MODELS = traffic_of(
    [
        Serving(name="llama", path="/llama", protocol="openai", streams=True),
        Serving(name="fraud", path="/llama/fraud/{id}"),
    ]
)
TRAFFIC = ApiTraffic(api_name="acme-ml", stage_name="v1", region="eu-west-1", models=MODELS)
ALERTS = AlertsConfig(email="ops@acme.com", errors=Percentage(1), latency_p95=timedelta(seconds=2))


def bare_stack(region: str = "eu-west-1", app: App | None = None) -> Stack:
    """Named after its region: an app may have one in each."""
    return synthesis.bare_stack(f"theirs-{region}", region=region, app=app)


def imported_distribution(stack: Stack) -> cloudfront.IDistribution:
    return cloudfront.Distribution.from_distribution_attributes(
        stack, "Distribution", distribution_id="E123", domain_name="d123.cloudfront.net"
    )


def metrics_template(traffic: ApiTraffic = TRAFFIC) -> Json:
    stack = bare_stack()
    log = logs.LogGroup.from_log_group_name(stack, "AccessLog", "the-log")
    TrafficMetrics(stack, "Metrics", traffic=traffic, access_log=log)
    return template_of(stack)


def log_line(**values: str) -> Json:
    """A line of the access log, with `-` for what it has none of."""
    assert values.keys() <= ACCESS_LOG_FIELDS.keys()
    line: Json = {**dict.fromkeys(ACCESS_LOG_FIELDS, "-"), **values}
    return line


def matches(pattern: str, line: Json) -> bool:
    """Whether a filter pattern fits a line: texts compared and joined by &&, which is all that is used here.

    A `*` at the end of a text stands for anything (CloudWatch Logs User Guide, filter pattern syntax).
    """
    conditions = re.findall(r'\$\.(\w+) (=|!=) ("[^"]*")', pattern)
    written = " && ".join(
        f"$.{field} {operator} {text}" if len(conditions) == 1 else f"($.{field} {operator} {text})"
        for field, operator, text in conditions
    )
    assert pattern == f"{{ {written} }}", "a pattern that this does not understand"
    return all(_fits(json.loads(text), line[field]) == (operator == "=") for field, operator, text in conditions)


def _fits(text: str, value: str) -> bool:
    return value.startswith(text[:-1]) if text.endswith("*") else value == text
