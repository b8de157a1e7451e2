"""The alarms: what they look at, when they keep quiet, and whom they tell."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk import aws_sns as sns

from ml_gateway import add_policy_checks
from ml_gateway.config import AlertsConfig, Percentage
from ml_gateway.constructs.alerts import ApiAlarms, EdgeAlarms
from tests.constructs.monitored import ALERTS, METRICS, bare_stack, imported_distribution, imported_function
from tests.synthesis import Json, only, resources, template_of


def api_template(alerts: AlertsConfig = ALERTS) -> Json:
    stack = bare_stack()
    ApiAlarms(stack, "Alarms", metrics=METRICS, alerts=alerts)
    return template_of(stack)


EDGE_ALERTS = AlertsConfig(email="ops@acme.com", errors=Percentage(0.5))


def edge_template(region: str = "us-east-1", alerts: AlertsConfig = EDGE_ALERTS) -> Json:
    stack = bare_stack(region)
    EdgeAlarms(
        stack,
        "Alarms",
        gateway_name="acme-ml",
        distribution=imported_distribution(stack),
        functions=[imported_function(stack)],
        alerts=alerts,
    )
    return template_of(stack)


def alarm(template: Json, words: str) -> Json:
    """The one alarm whose description has these words."""
    (found,) = (each for each in resources(template, "AWS::CloudWatch::Alarm").values()
                if words in each["AlarmDescription"])  # fmt: skip
    return found


def expression(settings: Json) -> str:
    (found,) = (str(metric["Expression"]) for metric in settings["Metrics"] if "Expression" in metric)
    return found


def metrics(settings: Json) -> dict[str, tuple[str, str, str]]:
    """id -> (namespace, metric, statistic)."""
    return {
        metric["Id"]: (stat["Metric"]["Namespace"], stat["Metric"]["MetricName"], stat["Stat"])
        for metric in settings["Metrics"]
        if (stat := metric.get("MetricStat"))
    }


def dimensions(settings: Json) -> list[Json]:
    return [
        {each["Name"]: each["Value"] for each in metric["MetricStat"]["Metric"].get("Dimensions", [])}
        for metric in settings["Metrics"]
        if "MetricStat" in metric
    ]


def told_in_clear(template: Json) -> list[str]:
    """The topics to which somebody may publish without TLS."""
    closed = {
        topic["Ref"]
        for policy in resources(template, "AWS::SNS::TopicPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for topic in policy["Topics"]
    }
    return [topic for topic in resources(template, "AWS::SNS::Topic") if topic not in closed]


def unheard(template: Json) -> list[str]:
    """The alarms that may not publish to the topic which they are to tell, or tell nobody."""
    open_to_alarms = {
        topic["Ref"]
        for policy in resources(template, "AWS::SNS::TopicPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        and statement["Action"] == "sns:Publish"
        and statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        for topic in policy["Topics"]
    }
    return [
        name
        for name, settings in resources(template, "AWS::CloudWatch::Alarm").items()
        if not {action["Ref"] for key in ("AlarmActions", "OKActions") for action in settings.get(key, [{"Ref": None}])}
        <= open_to_alarms
    ]


def test_a_share_of_errors_is_no_share_below_the_floor() -> None:
    settings = alarm(api_template(), "more than 1% of the API's answers are 5xx")
    assert expression(settings) == "IF(requests >= 20, 100 * errors / requests, 0)"
    assert metrics(settings) == {
        "errors": ("AWS/ApiGateway", "5XXError", "Sum"),
        "requests": ("AWS/ApiGateway", "Count", "Sum"),
    }
    assert dimensions(settings) == [{"ApiName": "acme-ml", "Stage": "v1"}] * 2
    assert (settings["Threshold"], settings["ComparisonOperator"]) == (1, "GreaterThanThreshold")


@pytest.mark.parametrize(
    ("model", "metric", "words"), [("llama", "TimeToFirstByte", "first byte"), ("fraud", "Latency", "answer")]
)
def test_a_model_is_slow_by_its_95th_percentile_and_a_stream_by_its_first_byte(
    model: str, metric: str, words: str
) -> None:
    settings = alarm(api_template(), f"requests for {model} wait longer than 2000 ms for the {words}")
    assert expression(settings) == "IF(samples >= 20, p95, 0)"
    assert metrics(settings) == {
        "p95": (f"MlGateway/acme-ml/{model}", metric, "p95"),
        "samples": (f"MlGateway/acme-ml/{model}", metric, "SampleCount"),
    }
    assert settings["Threshold"] == 2000


def test_the_edge_has_an_alarm_with_a_floor_of_its_own() -> None:
    settings = alarm(edge_template(), "more than 0.5% of what viewers get from the edge is 5xx")
    assert expression(settings) == "IF(requests >= 20, errors, 0)"
    assert metrics(settings) == {
        "errors": ("AWS/CloudFront", "5xxErrorRate", "Average"),
        "requests": ("AWS/CloudFront", "Requests", "Sum"),
    }
    assert settings["Threshold"] == 0.5


def test_any_failure_of_the_edge_function_is_told_with_or_without_a_share_of_errors() -> None:
    latency = AlertsConfig(email="ops@acme.com", latency_p95=timedelta(seconds=2))
    for template, number in ((edge_template(), 2), (edge_template(alerts=latency), 1)):
        assert len(resources(template, "AWS::CloudWatch::Alarm")) == number
        settings = alarm(template, "the edge function fails or is throttled")
        assert expression(settings) == (
            "IF(requests >= 20, FILL(failure0, 0) + FILL(failure1, 0) + FILL(failure2, 0), 0)"
        )
        assert metrics(settings) == {
            "failure0": ("AWS/CloudFront", "FunctionExecutionErrors", "Sum"),
            "failure1": ("AWS/CloudFront", "FunctionValidationErrors", "Sum"),
            "failure2": ("AWS/CloudFront", "FunctionThrottles", "Sum"),
            "requests": ("AWS/CloudFront", "Requests", "Sum"),
        }
        assert (settings["Threshold"], settings["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert {"FunctionName": "the-function", "Region": "Global"} in dimensions(settings)


def test_metrics_of_the_edge_are_found_by_both_of_their_dimensions() -> None:
    settings = alarm(edge_template(), "from the edge")
    assert dimensions(settings) == [{"DistributionId": "E123", "Region": "Global"}] * 2


@pytest.mark.parametrize("define", [api_template, edge_template])
def test_an_alarm_needs_several_bad_periods_and_none_without_traffic(define: Callable[[], Json]) -> None:
    alarms = resources(define(), "AWS::CloudWatch::Alarm").values()
    assert alarms
    for settings in alarms:
        assert (settings["DatapointsToAlarm"], settings["EvaluationPeriods"]) == (3, 5)
        assert settings["TreatMissingData"] == "notBreaching"
        assert {metric["MetricStat"]["Period"] for metric in settings["Metrics"] if "MetricStat" in metric} == {300}


@pytest.mark.parametrize("define", [api_template, edge_template])
def test_an_alarm_and_its_end_are_mailed(define: Callable[[], Json]) -> None:
    template = define()
    (topic,) = resources(template, "AWS::SNS::Topic")
    for settings in resources(template, "AWS::CloudWatch::Alarm").values():
        assert settings["AlarmActions"] == settings["OKActions"] == [{"Ref": topic}]
    assert only(template, "AWS::SNS::Subscription") == {
        "Protocol": "email",
        "Endpoint": "ops@acme.com",
        "TopicArn": {"Ref": topic},
    }
    assert unheard(template) == []
    assert told_in_clear(template) == []


def without_statement(template: Json, effect: str) -> Json:
    broken = copy.deepcopy(template)
    document = only(broken, "AWS::SNS::TopicPolicy")["PolicyDocument"]
    document["Statement"] = [each for each in document["Statement"] if each["Effect"] != effect]
    return broken


def test_a_topic_that_alarms_cannot_publish_to_is_refused() -> None:
    template = api_template()
    assert unheard(without_statement(template, "Allow")) == list(resources(template, "AWS::CloudWatch::Alarm"))


def test_a_topic_in_clear_is_refused() -> None:
    template = api_template()
    assert told_in_clear(without_statement(template, "Deny")) == list(resources(template, "AWS::SNS::Topic"))


def test_what_is_not_set_has_no_alarm() -> None:
    errors = api_template(AlertsConfig(email="ops@acme.com", errors=Percentage(1)))
    latency = api_template(AlertsConfig(email="ops@acme.com", latency_p95=timedelta(milliseconds=500)))
    assert [expression(each) for each in resources(errors, "AWS::CloudWatch::Alarm").values()] == [
        "IF(requests >= 20, 100 * errors / requests, 0)"
    ]
    assert [each["Threshold"] for each in resources(latency, "AWS::CloudWatch::Alarm").values()] == [500, 500]


def test_alarms_away_from_the_api_are_refused() -> None:
    with pytest.raises(RuntimeError, match="Cannot create an Alarm in region 'us-east-1' based on metric"):
        ApiAlarms(bare_stack("us-east-1"), "Alarms", metrics=METRICS, alerts=ALERTS)


def test_alarms_of_the_edge_elsewhere_are_refused() -> None:
    with pytest.raises(ValueError, match="alarms on CloudFront's metrics cannot be defined in eu-west-1"):
        edge_template("eu-west-1")


def findings(directory: Path, *, with_bad_topic: bool = False) -> set[str]:
    """The rules of cdk-nag that the alarms break; with a topic of somebody else's that has no policy."""
    app = App(outdir=str(directory), builtin_cloud_formation_validation=False)
    add_policy_checks(app)
    stack = bare_stack(app=app)
    ApiAlarms(stack, "Alarms", metrics=METRICS, alerts=ALERTS)
    if with_bad_topic:
        sns.Topic(stack, "Bad")
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    else:
        app.synth()
    report: Any = json.loads((directory / "validation-report.json").read_text())
    return {violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]}


def test_alarms_break_no_rule_of_the_policy(tmp_path: Path) -> None:
    assert findings(tmp_path) == set()


def test_the_policy_refuses_a_topic_in_clear(tmp_path: Path) -> None:
    assert {rule.rpartition("::")[2] for rule in findings(tmp_path, with_bad_topic=True)} == {"AwsSolutions-SNS3"}
