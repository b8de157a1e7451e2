"""Which resources are the traffic of which model."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ml_gateway.serving import (
    PROTOCOLS,
    ProtocolName,
    ServedModel,
    count_metric_filters,
    longest_filter_pattern,
    misfits,
    traffic_of,
)
from tests.filter_patterns import matches


def serving(name: str, path: str, protocol: ProtocolName = "raw", streams: bool = False, *methods: str) -> ServedModel:
    return ServedModel(name=name, path=path, protocol=protocol, streams=streams, methods=methods or ("POST",))


def resources(*models: ServedModel) -> dict[str, dict[str, tuple[str, ...]]]:
    """The resources and methods of each model, by its name."""
    return {traffic.name: dict(traffic.resources) for traffic in traffic_of(models)}


def test_a_raw_model_is_its_one_resource() -> None:
    assert resources(serving("fraud", "/fraud/{id}")) == {"fraud": {"/fraud/{id}": ()}}


def test_a_model_of_a_protocol_is_all_below_its_path() -> None:
    (llama,) = traffic_of([serving("llama", "/llama", "openai", streams=True)])
    assert (llama.condition, llama.streams) == ('$.resourcePath = "/llama/*"', True)


def test_a_model_with_others_below_its_path_is_the_widest_that_has_none_of_them() -> None:
    assert resources(
        serving("outer", "/a", "oip-v2"),
        serving("raw", "/a/b"),
        serving("deep", "/a/c", "openai"),
        serving("beside", "/ab", "openai"),
    ) == {
        "outer": {"/a/v2": (), "/a/v2/*": ()},
        "raw": {"/a/b": ()},
        "deep": {"/a/c/*": ()},
        "beside": {"/ab/*": ()},
    }


def test_a_raw_model_has_nothing_below_it() -> None:
    assert resources(serving("above", "/a"), serving("below", "/a/b", "openai")) == {
        "above": {"/a": ()},
        "below": {"/a/b/*": ()},
    }


def test_a_model_has_its_own_methods_of_a_resource_that_it_shares() -> None:
    reader = ServedModel(name="reader", path="/m", methods=("GET", "HEAD"))
    assert resources(reader, serving("writer", "/m")) == {
        "reader": {"/m": ("GET", "HEAD")},
        "writer": {"/m": ("POST",)},
    }
    first, _ = traffic_of([reader, serving("writer", "/m")])
    assert first.condition == ('($.resourcePath = "/m") && (($.httpMethod = "GET") || ($.httpMethod = "HEAD"))')


def test_a_model_on_the_path_of_another_is_told_by_its_resources() -> None:
    told = resources(serving("a", "/x", "openai"), serving("b", "/x", "anthropic"), serving("c", "/x", "oip-v2"))
    assert told["b"] == {"/x/v1/messages": (), "/x/v1/messages/*": ()}
    assert told["c"] == {"/x/v2": (), "/x/v2/*": ()}
    assert {"/x/v1/chat/*": (), "/x/v1/models": (), "/x/v1/models/*": ()}.items() <= told["a"].items()


PATHS = ("/a", "/ab", "/a/b", "/a/v1", "/a/v1/models", "/a/v1/models/a", "/a/v1/chat/completions", "/a/{v}", "/a/{v+}")
METHODS = ("GET", "POST", "PUT")


@st.composite
def neighbours(draw: st.DrawFn) -> list[ServedModel]:
    """Two or three models on paths that are the same, or near each other, and that one API can serve."""
    models = []
    for name in draw(st.sampled_from([("a", "b"), ("a", "ab"), ("ab", "v1", "a")])):
        protocol: ProtocolName = draw(st.sampled_from(["raw", *PROTOCOLS]))
        path = draw(st.sampled_from([each for each in PATHS if protocol == "raw" or "{" not in each]))
        methods = draw(st.lists(st.sampled_from(METHODS), min_size=1, unique=True))
        models.append(serving(name, path, protocol, False, *(methods if protocol == "raw" else ())))
    assume(not [*misfits({model.name: model.routes for model in models})])
    return models


@given(neighbours())
@example([serving("a", "/tf", "tfserving"), serving("ab", "/tf", "tfserving")])
@example([serving("a", "/x", "openai"), serving("b", "/x", "anthropic")])
@example([serving("a", "/x", "openai"), serving("b", "/x/v1", "openai")])
@example([serving("a", "/x", "openai"), serving("b", "/x/v1/models/a")])
@example([serving("a", "/a", "tfserving"), serving("b", "/a/b", "sagemaker"), serving("c", "/a/b/c")])
@example([serving("reader", "/m", "raw", False, "GET"), serving("writer", "/m", "raw", False, "POST", "PUT")])
def test_each_route_of_each_model_is_counted_for_that_model_alone(models: list[ServedModel]) -> None:
    traffics = traffic_of(models)
    for model in models:
        counted = [
            [
                each.name
                for each in traffics
                if matches(f"{{ {each.condition} }}", {"resourcePath": route.path, "httpMethod": route.http_method})
            ]
            for route in model.routes
        ]
        assert counted
        assert counted == [[model.name]] * len(counted)


def test_filters_are_three_for_a_model_four_for_one_that_streams_and_one_for_all() -> None:
    models = traffic_of([serving("a", "/a"), serving("b", "/b", streams=True)])
    assert count_metric_filters(models) == 3 + 4 + 1
    assert count_metric_filters([]) == 1


@pytest.mark.parametrize(
    ("models", "requests"),
    [
        ([serving("alone", "/a", "openai")], '($.resourcePath = "/a/*")'),
        (
            [serving("a", "/a", "anthropic"), serving("b", "/a", "openai")],
            '(($.resourcePath = "/a/v1/messages") || ($.resourcePath = "/a/v1/messages/*"))',
        ),
        (
            [serving("writer", "/m"), serving("reader", "/m", "raw", False, "GET")],
            '(($.resourcePath = "/m") && ($.httpMethod = "POST"))',
        ),
    ],
)
def test_a_filter_pattern_has_the_requests_and_room_for_the_conditions_of_a_metric(
    models: list[ServedModel], requests: str
) -> None:
    first, *_ = traffic_of(models)
    further = ' && ($.responseTransferMode = "STREAMED") && ($.timeToFirstContent = "*")'
    assert 0 <= longest_filter_pattern(first) - len(f"{{ {requests}{further} }}") < 20
