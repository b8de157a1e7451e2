"""Metrics counted from the API's access log."""

import re
from collections.abc import Sequence

import pytest

from ml_gateway.constructs.access_log import ACCESS_LOG_FIELDS
from ml_gateway.constructs.alerts import ApiMetrics
from ml_gateway.serving import (
    MOST_METRIC_FILTERS,
    ModelTraffic,
    ServedModel,
    count_metric_filters,
    traffic_of,
    version_of,
)
from tests.constructs.monitored import METRICS, MODELS, log_line, metrics_template
from tests.filter_patterns import matches
from tests.synthesis import Json, resources

CHAT = "/llama/v1/chat/completions"
FRAUD = "/llama/fraud/{id}"


def filters(template: Json) -> dict[tuple[str, str], Json]:
    """(namespace, metric) -> the filter that makes it."""
    found = {}
    for properties in resources(template, "AWS::Logs::MetricFilter").values():
        (made,) = properties["MetricTransformations"]
        found[made["MetricNamespace"], made["MetricName"]] = properties
    return found


def counted(template: Json, **values: str) -> set[tuple[str, str]]:
    """The metrics that a line with these values counts for, each with its model or `*` for all together."""
    line = log_line(**values)
    return {
        (namespace.removeprefix("MlGateway/acme-ml").lstrip("/") or "*", name)
        for (namespace, name), properties in filters(template).items()
        if matches(properties["FilterPattern"], line)
    }


@pytest.fixture(scope="module")
def template() -> Json:
    return metrics_template()


def test_a_good_answer_is_a_latency_of_its_model_and_of_no_other(template: Json) -> None:
    assert counted(template, resourcePath=CHAT, status="200") == {("llama", "Latency")}
    assert counted(template, resourcePath=FRAUD, status="200") == {("fraud", "Latency")}


def test_a_stream_has_a_first_byte(template: Json) -> None:
    assert counted(template, resourcePath=CHAT, status="200", responseTransferMode="STREAMED") == {
        ("llama", "Latency"),
        ("llama", "TimeToFirstByte"),
    }
    assert ("llama", "TimeToFirstByte") not in counted(
        template, resourcePath=CHAT, status="200", responseTransferMode="BUFFERED"
    )


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [("429", "THROTTLED", "ClientErrors"), ("504", "INTEGRATION_TIMEOUT", "ServerErrors")],
)
def test_an_error_of_the_gateway_counts_for_its_model_and_for_its_type(
    template: Json, status: str, error: str, kind: str
) -> None:
    assert counted(template, resourcePath=FRAUD, status=status, errorResponseType=error) == {
        ("fraud", "Latency"),
        ("fraud", kind),
        ("*", "GatewayErrors"),
    }


def test_an_error_of_the_model_is_no_error_of_the_gateway(template: Json) -> None:
    assert counted(template, resourcePath=CHAT, status="500") == {("llama", "Latency"), ("llama", "ServerErrors")}


def test_what_no_model_has_counts_for_none(template: Json) -> None:
    assert counted(template, resourcePath="/llama-2/v1", status="403") == set()
    assert counted(template, status="403", errorResponseType="WAF_FILTERED") == {("*", "GatewayErrors")}


def test_values_are_what_the_log_says(template: Json) -> None:
    values = {key: properties["MetricTransformations"][0] for key, properties in filters(template).items()}
    latency, first_byte = (values["MlGateway/acme-ml/llama", name] for name in ("Latency", "TimeToFirstByte"))
    assert (latency["MetricValue"], latency["Unit"]) == ("$.responseLatency", "Milliseconds")
    assert (first_byte["MetricValue"], first_byte["Unit"]) == ("$.timeToFirstContent", "Milliseconds")
    # A default would be a latency of nobody.
    assert "DefaultValue" not in latency
    assert values["MlGateway/acme-ml/llama", "ServerErrors"]["DefaultValue"] == 0
    assert values["MlGateway/acme-ml", "GatewayErrors"]["Dimensions"] == [
        {"Key": "ResponseType", "Value": "$.errorResponseType"}
    ]


def test_a_value_that_is_read_from_the_line_stands_in_the_pattern(template: Json) -> None:
    read = {
        key: (value, properties["FilterPattern"])
        for key, properties in filters(template).items()
        if (value := properties["MetricTransformations"][0]["MetricValue"]).startswith("$.")
    }
    assert len(read) == 3
    assert [key for key, (value, pattern) in read.items() if f'{value} = "*"' not in pattern] == []


def test_every_field_that_is_looked_at_is_logged(template: Json) -> None:
    used = {field for properties in filters(template).values() for field in re.findall(r"\$\.(\w+)", str(properties))}
    assert used == {
        "resourcePath",
        "status",
        "errorResponseType",
        "responseLatency",
        "responseTransferMode",
        "timeToFirstContent",
    }
    assert used <= ACCESS_LOG_FIELDS.keys()


def test_there_are_as_many_filters_as_the_file_is_told(template: Json) -> None:
    assert len(filters(template)) == count_metric_filters(MODELS) == 8


def traffic(models: Sequence[ModelTraffic]) -> ApiMetrics:
    return ApiMetrics(api_name="acme-ml", stage_name="v1", region=METRICS.region, models=models)


def test_the_pattern_of_a_model_alone_below_its_path_names_nothing_else() -> None:
    template = metrics_template(traffic(traffic_of([ServedModel(name="llama", path="/llama", protocol="openai")])))
    assert filters(template)["MlGateway/acme-ml/llama", "Latency"]["FilterPattern"] == (
        '{ ($.resourcePath = "/llama/*") && ($.responseLatency = "*") }'
    )


def test_models_of_protocols_on_one_path_each_have_their_own_requests() -> None:
    models = [ServedModel(name=name, path="/tf", protocol="tfserving") for name in ("a", "ab")]
    template = metrics_template(traffic(traffic_of(models)))
    seen = [
        (model.name, counted(template, resourcePath=route.path, httpMethod=route.http_method, status="500"))
        for model in models
        for route in model.routes
    ]
    assert len(seen) == 16
    assert [each for each in seen if each[1] != {(each[0], "Latency"), (each[0], "ServerErrors")}] == []


def test_raw_models_that_share_a_path_each_have_the_requests_of_their_methods() -> None:
    reader = ServedModel(name="reader", path="/m", methods=("GET", "HEAD"))
    writer = ServedModel(name="writer", path="/m", streams=True)
    template = metrics_template(traffic(traffic_of([reader, writer])))
    assert filters(template)["MlGateway/acme-ml/writer", "ClientErrors"]["FilterPattern"] == (
        '{ (($.resourcePath = "/m") && ($.httpMethod = "POST")) && ($.status = "4*") }'
    )
    for method in reader.methods:
        assert counted(template, resourcePath="/m", httpMethod=method, status="200") == {("reader", "Latency")}
    assert counted(template, resourcePath="/m", httpMethod="POST", status="200", responseTransferMode="STREAMED") == {
        ("writer", "Latency"),
        ("writer", "TimeToFirstByte"),
    }


def with_versions(model: ServedModel, *versions: str) -> tuple[ModelTraffic, ...]:
    """The model, and a neighbour whose name begins alike."""
    parts = {each: version_of(model, each, served_as=None, timeout=model.timeout) for each in versions}
    return traffic_of([model, ServedModel(name=f"{model.name}-v2", path=f"/{model.name}-v2")], {model.name: parts})


def test_a_request_for_a_version_counts_for_it_and_for_its_model_and_for_no_other() -> None:
    template = metrics_template(traffic(with_versions(ServedModel(name="fraud", path="/team/fraud"), "v1", "v2")))
    for version, other in (("v1", "v2"), ("v2", "v1")):
        seen = counted(template, resourcePath=f"/fraud--{version}/team/fraud", status="502")
        assert seen == {(f"fraud--{version}", "Latency"), (f"fraud--{version}", "ServerErrors"),
                        ("fraud", "Latency"), ("fraud", "ServerErrors")}  # fmt: skip
        assert not [name for name, _ in seen if other in name]
    # Of an edge that is not deployed yet, and of a neighbour.
    assert counted(template, resourcePath="/team/fraud", status="200") == {("fraud", "Latency")}
    assert counted(template, resourcePath="/fraud-v2", status="200") == {("fraud-v2", "Latency")}


def test_each_version_that_streams_has_a_first_byte_of_its_own() -> None:
    chat = ServedModel(name="llama", path="/llama", protocol="openai", streams=True)
    models = with_versions(chat, "stable", "next")
    template = metrics_template(traffic(models))
    path = "/llama--next/llama/v1/chat/completions"
    assert counted(template, resourcePath=path, status="200", responseTransferMode="STREAMED") == {
        ("llama", "Latency"), ("llama", "TimeToFirstByte"),
        ("llama--next", "Latency"), ("llama--next", "TimeToFirstByte"),
    }  # fmt: skip
    assert len(filters(template)) == count_metric_filters(models) == 1 + 3 * 4 + 3


def test_a_log_group_full_of_filters_is_accepted_and_one_more_refused() -> None:
    fitting = traffic_of(ServedModel(name=f"m{number}", path=f"/m{number}") for number in range(33))
    assert len(filters(metrics_template(traffic(fitting)))) == count_metric_filters(fitting) == MOST_METRIC_FILTERS
    with pytest.raises(ValueError, match="34 models need 103 metric filters, but CloudWatch Logs has 100"):
        metrics_template(traffic([*fitting, *traffic_of([ServedModel(name="more", path="/more")])]))
    # Versions take as many again: 11 models with two each are as many as 33.
    versions = [with_versions(ServedModel(name=f"m{number}", path=f"/m{number}"), "a", "b")[0] for number in range(11)]
    assert len(filters(metrics_template(traffic(versions)))) == count_metric_filters(versions) == MOST_METRIC_FILTERS
    with pytest.raises(ValueError, match="12 models need 103 metric filters, but CloudWatch Logs has 100"):
        metrics_template(traffic([*versions, *traffic_of([ServedModel(name="more", path="/more")])]))


def test_a_pattern_that_is_too_long_is_refused() -> None:
    resources = dict.fromkeys((f"/a/{number:040}" for number in range(20)), ())
    with pytest.raises(ValueError, match=r"a filter pattern has \d+ characters, but CloudWatch Logs takes 1024"):
        metrics_template(traffic([ModelTraffic(name="a", resources=resources)]))
