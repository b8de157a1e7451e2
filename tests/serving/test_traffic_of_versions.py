"""Which requests are those of a version, and that its model has them, too."""

from datetime import timedelta

import pytest

from ml_gateway.serving import (
    PROTOCOLS,
    ModelTraffic,
    ProtocolName,
    Route,
    ServedModel,
    count_metric_filters,
    count_widgets,
    traffic_of,
    version_of,
)
from tests.filter_patterns import matches

TEN_SECONDS = timedelta(seconds=10)


def serving(name: str, protocol: ProtocolName = "raw", *, streams: bool = False) -> ServedModel:
    return ServedModel(name=name, path=f"/{name}", protocol=protocol, streams=streams)


def versions_of(model: ServedModel, *names: str) -> dict[str, ServedModel]:
    return {name: version_of(model, name, served_as=None, timeout=TEN_SECONDS) for name in names}


def counted(traffic: ModelTraffic, route: Route) -> bool:
    return matches(f"{{ {traffic.condition} }}", {"resourcePath": route.path, "httpMethod": route.http_method})


def test_a_version_is_all_below_its_own_path_and_the_model_all_of_them() -> None:
    fraud = serving("fraud")
    (traffic,) = traffic_of([fraud], {"fraud": versions_of(fraud, "v1", "v2")})
    assert dict(traffic.resources) == {"/fraud": (), "/fraud--*": ()}
    assert traffic.condition == '($.resourcePath = "/fraud") || ($.resourcePath = "/fraud--*")'
    assert [(each.name, each.condition) for each in traffic.versions] == [
        ("fraud--v1", '$.resourcePath = "/fraud--v1/*"'),
        ("fraud--v2", '$.resourcePath = "/fraud--v2/*"'),
    ]


def test_a_model_without_versions_has_none_beside_one_that_has_some() -> None:
    fraud, plain = serving("fraud"), serving("plain")
    _, traffic = traffic_of([fraud, plain], {"fraud": versions_of(fraud, "v1")})
    assert (dict(traffic.resources), traffic.versions) == ({"/plain": ()}, ())


@pytest.mark.parametrize("protocol", ["raw", *PROTOCOLS])
def test_each_route_of_a_version_is_counted_for_it_and_its_model_alone(protocol: ProtocolName) -> None:
    """Also beside models whose names, and versions whose names, begin alike."""
    models = [serving(name, protocol) for name in ("fraud", "fraud-eu", "fraudulent")]
    versions = {model.name: versions_of(model, "v1", "v1-eu", "v10") for model in models}
    traffics = traffic_of(models, versions)
    every = [each for traffic in traffics for each in (traffic, *traffic.versions)]
    found = [
        [each.name for each in every if counted(each, route)]
        for model in models
        for name in versions[model.name]
        for route in versions[model.name][name].routes
    ]
    expected = [
        [model.name, f"{model.name}--{name}"] for model in models for name in versions[model.name] for _ in model.routes
    ]
    assert found == expected
    # What still comes under the model's own path is the model's, and that of no version.
    own = [[each.name for each in every if counted(each, route)] for model in models for route in model.routes]
    assert own == [[model.name] for model in models for _ in model.routes]


@pytest.mark.parametrize(
    ("streams", "names", "filters", "widgets"),
    [
        (False, (), 4, 7),
        (False, ("v1",), 7, 11),
        (False, ("v1", "v2", "v3"), 13, 11),
        (True, (), 5, 8),
        (True, ("v1", "v2"), 13, 12),
    ],
)
def test_each_version_takes_filters_and_all_together_one_row_of_widgets(
    streams: bool, names: tuple[str, ...], filters: int, widgets: int
) -> None:
    model = serving("fraud", streams=streams)
    traffics = traffic_of([model], {"fraud": versions_of(model, *names)} if names else {})
    assert (count_metric_filters(traffics), count_widgets(traffics)) == (filters, widgets)


def test_a_version_that_streams_beside_one_that_does_not_has_one_filter_more() -> None:
    plain, streaming = serving("fraud"), serving("fraud", streams=True)
    versions = {**versions_of(plain, "v1"), **versions_of(streaming, "v2")}
    (traffic,) = traffic_of([plain], {"fraud": versions})
    assert [each.streams for each in (traffic, *traffic.versions)] == [False, False, True]
    assert count_metric_filters([traffic]) == 1 + 3 + 3 + 4
