"""Which resources are the traffic of which model."""

from ml_gateway.routes import (
    ModelTraffic,
    ProtocolName,
    Serving,
    count_metric_filters,
    longest_filter_pattern,
    traffic_of,
)


def serving(name: str, path: str, protocol: ProtocolName = "raw", streams: bool = False) -> Serving:
    return Serving(name=name, path=path, protocol=protocol, streams=streams)


def test_a_raw_model_is_its_one_resource() -> None:
    assert traffic_of([serving("fraud", "/fraud/{id}")]) == (ModelTraffic(name="fraud", resources="/fraud/{id}"),)


def test_a_model_of_a_protocol_is_all_below_its_path() -> None:
    assert traffic_of([serving("llama", "/llama", "openai", streams=True)]) == (
        ModelTraffic(name="llama", resources="/llama/*", streams=True),
    )


def test_other_models_below_a_path_are_not_its_traffic() -> None:
    outer, raw, deep, beside = traffic_of(
        [
            serving("outer", "/a", "oip-v2"),
            serving("raw", "/a/b"),
            serving("deep", "/a/c", "openai"),
            serving("beside", "/ab", "openai"),
        ]
    )
    assert outer.excluded == ("/a/b", "/a/c/*")
    assert (raw.excluded, deep.excluded, beside.excluded) == ((), (), ())


def test_a_raw_model_has_nothing_below_it() -> None:
    above, below = traffic_of([serving("above", "/a"), serving("below", "/a/b", "openai")])
    assert (above.excluded, below.excluded) == ((), ())


def test_no_resource_of_any_protocol_is_counted_for_two_models() -> None:
    models = [serving("a", "/a", "tfserving"), serving("b", "/a/b", "sagemaker"), serving("c", "/a/b/c")]

    def fits(path: str, pattern: str) -> bool:
        return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern

    counted = {
        (route.path, traffic.name)
        for model in models
        for route in model.routes()
        for traffic in traffic_of(models)
        if fits(route.path, traffic.resources) and not any(fits(route.path, other) for other in traffic.excluded)
    }
    assert counted == {(route.path, model.name) for model in models for route in model.routes()}


def test_filters_are_three_for_a_model_four_for_one_that_streams_and_one_for_all() -> None:
    models = traffic_of([serving("a", "/a"), serving("b", "/b", streams=True)])
    assert count_metric_filters(models) == 3 + 4 + 1
    assert count_metric_filters([]) == 1


def test_a_filter_pattern_has_a_condition_for_each_resource_and_room_for_those_of_a_metric() -> None:
    outer, _ = traffic_of([serving("outer", "/a", "openai", streams=True), serving("raw", "/a/b")])
    own = '{ ($.resourcePath = "/a/*") && ($.resourcePath != "/a/b")'
    further = ' && ($.responseTransferMode = "STREAMED") && ($.timeToFirstContent = "*") }'
    assert 0 <= longest_filter_pattern(outer) - len(own + further) < 20
