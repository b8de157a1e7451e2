"""The alarms by which callers of a version get another one, and that on what writes it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns

from ml_gateway.config import AlertsConfig, Percentage, RollbackConfig
from ml_gateway.constructs.alerts import ApiMetrics, EdgeAlarms
from ml_gateway.constructs.alerts.rollback_alarms import RollbackAlarms
from ml_gateway.design import GatewayDesign, Rollback
from ml_gateway.serving import ModelTraffic, ServedModel, traffic_of, version_of
from tests.constructs.monitored import bare_stack, imported_distribution, imported_function
from tests.stacks.regional import ALARM
from tests.synthesis import Json, gateway_config, only, resources, template_of

RULE = "AWS::Events::Rule"
FRAUD = ServedModel(name="fraud", path="/fraud")
VERSIONS = {each: version_of(FRAUD, each, served_as=None, timeout=FRAUD.timeout) for each in ("v1", "v2", "v3")}
TRAFFIC = traffic_of([FRAUD, ServedModel(name="other", path="/other")], {"fraud": VERSIONS})


def when(**changes: Any) -> RollbackConfig:
    """As the file says it: `for` is no name in Python."""
    return RollbackConfig(**{"to": "v1", "errors": "2%", **changes})


def alarms_template(
    region: str = "eu-west-1",
    *,
    said: RollbackConfig | None = None,
    versions: tuple[str, ...] = ("v2", "v3"),
    models: tuple[ModelTraffic, ...] = TRAFFIC,
) -> Json:
    stack = bare_stack(region)
    rollbacks = {
        f"acme-ml-fraud--{version}-fails": Rollback(model="fraud", version=version, when=said or when())
        for version in versions
    }
    metrics = ApiMetrics(api_name="acme-ml", stage_name="v1", region=region, models=models)
    topic = sns.Topic(stack, "Topic")
    RollbackAlarms(stack, "Rollbacks", metrics=metrics, rollbacks=rollbacks, topic=topic)
    return template_of(stack)


def alarms_of(template: Json) -> dict[str, Json]:
    """By their names."""
    return {alarm["AlarmName"]: alarm for alarm in resources(template, ALARM).values()}


def looked_at(alarm: Json) -> dict[str, tuple[str, str, str, int]]:
    """What a formula's names stand for: namespace, metric, statistic, period."""
    return {
        metric["Id"]: (stat["Metric"]["Namespace"], stat["Metric"]["MetricName"], stat["Stat"], stat["Period"])
        for metric in alarm["Metrics"]
        if (stat := metric.get("MetricStat"))
    }


def formula(alarm: Json) -> str:
    (found,) = (str(metric["Expression"]) for metric in alarm["Metrics"] if "Expression" in metric)
    return found


def test_each_version_is_looked_at_by_its_own_metrics() -> None:
    alarms = alarms_of(alarms_template())
    assert alarms.keys() == {"acme-ml-fraud--v2-fails", "acme-ml-fraud--v3-fails"}
    for version in ("v2", "v3"):
        alarm = alarms[f"acme-ml-fraud--{version}-fails"]
        namespace = f"MlGateway/acme-ml/fraud--{version}"
        assert looked_at(alarm) == {
            "errors": (namespace, "ServerErrors", "Sum", 300),
            "requests": (namespace, "Latency", "SampleCount", 300),
        }
        assert f"more than 2% of the answers of fraud, version {version}, are 5xx" in alarm["AlarmDescription"]


def test_one_bad_window_is_enough_and_none_without_requests() -> None:
    (alarm,) = alarms_of(alarms_template(versions=("v2",))).values()
    assert (alarm["EvaluationPeriods"], alarm.get("DatapointsToAlarm", 1)) == (1, 1)
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")


@pytest.mark.parametrize(
    ("said", "threshold", "least", "period"),
    [
        ({}, 2, 50, 300),
        ({"errors": "0.5%"}, 0.5, 50, 300),
        ({"least": 1}, 2, 1, 300),
        ({"for": "1m"}, 2, 50, 60),
        ({"for": "1h", "least": 1_000_000, "errors": "50%"}, 50, 1_000_000, 3600),
    ],
)
def test_the_file_says_from_what_share_on_of_how_many_and_over_what_time(
    said: Mapping[str, Any], threshold: float, least: int, period: int
) -> None:
    (alarm,) = alarms_of(alarms_template(said=when(**said), versions=("v2",))).values()
    assert alarm["Threshold"] == threshold
    assert formula(alarm) == f"IF(requests >= {least}, 100 * errors / requests, 0)"
    assert {each[3] for each in looked_at(alarm).values()} == {period}


def test_it_is_mailed_that_a_version_fails() -> None:
    template = alarms_template()
    (topic,) = resources(template, "AWS::SNS::Topic")
    assert [alarm["AlarmActions"] for alarm in alarms_of(template).values()] == [[{"Ref": topic}]] * 2


def test_outside_the_region_of_the_edge_each_is_handed_on_by_its_name() -> None:
    assert resources(alarms_template("us-east-1"), RULE) == {}
    rule = only(alarms_template(), RULE)
    assert rule["EventPattern"]["detail"] == {
        "alarmName": ["acme-ml-fraud--v2-fails", "acme-ml-fraud--v3-fails"],
        "state": {"value": ["ALARM"]},
    }


def test_a_version_without_metrics_is_refused() -> None:
    with pytest.raises(ValueError, match="fraud--v2 is no version that metrics has; name it in both"):
        alarms_template(models=traffic_of([FRAUD]))


def test_no_alarm_is_on_the_version_that_callers_are_given_nor_on_a_model_without_a_rollback() -> None:
    urls = {each: {"url": f"https://{each}.example.com/score"} for each in ("v1", "v2", "v3")}
    split = {"v1": 80, "v2": 10, "v3": 10}
    models = {
        "fraud": {"versions": urls, "split": split, "rollback": {"to": "v2", "errors": "2%"}},
        "other": {"versions": urls, "split": split},
    }
    design = GatewayDesign.of(gateway_config(models=models))
    assert {name: (its.model, its.version, its.when.to) for name, its in design.rollbacks.items()} == {
        "acme-ml-fraud--v1-fails": ("fraud", "v1", "v2"),
        "acme-ml-fraud--v3-fails": ("fraud", "v3", "v2"),
    }


def edge_template(*, with_overrides: bool) -> Json:
    stack = bare_stack("us-east-1")
    writes = lambda_.Function.from_function_name(stack, "Writes", "overrides")
    EdgeAlarms(
        stack,
        "Alarms",
        gateway_name="acme-ml",
        distribution=imported_distribution(stack),
        functions=[imported_function(stack)],
        alerts=AlertsConfig(email="ops@acme.com", errors=Percentage(1)),
        overrides=writes if with_overrides else None,
    )
    return template_of(stack)


def test_a_rollback_that_is_not_written_is_mailed_at_the_first_failure() -> None:
    template = edge_template(with_overrides=True)
    without = edge_template(with_overrides=False)
    ((_, alarm),) = (each for each in resources(template, ALARM).items() if each[0] not in resources(without, ALARM))
    (topic,) = resources(template, "AWS::SNS::Topic")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "Errors", "Sum")
    (dimension,) = alarm["Dimensions"]
    assert dimension["Name"] == "FunctionName"
    assert ":function:overrides" in json.dumps(dimension["Value"])
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert (alarm["EvaluationPeriods"], alarm["Period"], alarm["TreatMissingData"]) == (1, 300, "notBreaching")
    assert alarm["AlarmActions"] == [{"Ref": topic}]
    assert "OverridesCommand" in alarm["AlarmDescription"]
