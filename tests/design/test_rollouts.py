"""What versions of a model mean: routes, limits, backends, times, and how the edge picks one."""

from datetime import timedelta
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig, HttpBackendConfig, RollbackConfig, SagemakerBackendConfig
from ml_gateway.design import GatewayDesign, ModelDesign, Rollback, Split
from ml_gateway.reading import load_config
from tests.files import BACKENDS, CLIENTS, TOP, changed

V1, V2 = {"url": "https://model.example.com/v1"}, {"url": "https://model.example.com/v2"}
SPLIT = {"versions": {"v1": V1, "v2": V2}, "split": {"v1": 90, "v2": 10}}
ENDPOINT = {**BACKENDS["sagemaker"], "target_variant": "champion", "custom_attributes": "a"}


def meant(changes: dict[str, Any]) -> GatewayDesign:
    return GatewayDesign.of(GatewayConfig(**changed(changes)))


def fraud(**settings: Any) -> ModelDesign:
    """A model with two versions, and these settings."""
    return meant({"models.fraud": {**SPLIT, **settings}}).models["fraud"]


def split(**settings: Any) -> Split:
    found = fraud(**settings).split
    assert found is not None
    return found


def behind(backend: dict[str, Any], v1: dict[str, Any], v2: dict[str, Any]) -> ModelDesign:
    versions = {"v1": {"backend": "b", **v1}, "v2": {"backend": "b", **v2}}
    return meant({"backends.b": backend, "models.fraud": {**SPLIT, "versions": versions}}).models["fraud"]


def test_the_first_version_is_what_the_model_itself_is() -> None:
    model = fraud(path="/scores")
    assert [route.path for route in model.routes] == ["/scores"]
    assert model.routes == meant({"models.fraud": {**V1, "path": "/scores"}}).models["fraud"].routes
    assert isinstance(model.backend, HttpBackendConfig)
    assert model.backend.url == V1["url"]
    assert list(model.versions) == ["v1", "v2"]
    second = model.versions["v2"]
    assert isinstance(second.backend, HttpBackendConfig)
    assert (second.backend.url, second.backend_name) == (V2["url"], "fraud--v2")
    assert [route.path for route in second.routes] == ["/fraud--v2/scores"]


def test_parts_are_each_model_or_else_each_of_its_versions() -> None:
    design = meant({"models.fraud": SPLIT})
    assert list(design.parts) == [
        ("models", "predict"),
        ("models", "fraud", "versions", "v1"),
        ("models", "fraud", "versions", "v2"),
    ]
    assert design.parts["models", "predict"] is design.models["predict"]
    assert design.parts["models", "fraud", "versions", "v2"] is design.models["fraud"].versions["v2"]


VERSIONED = ["/fraud--v1/fraud", "/fraud--v2/fraud"]


@pytest.mark.parametrize(
    ("settings", "every", "limited"),
    [
        (SPLIT, ["/fraud", *VERSIONED], VERSIONED),
        ({"versions": {"v1": V1}}, ["/fraud", VERSIONED[0]], ["/fraud", VERSIONED[0]]),
        (V1, ["/fraud"], ["/fraud"]),
    ],
    ids=["two versions", "one version", "no versions"],
)
def test_the_api_has_all_routes_and_a_plan_limits_those_to_which_the_edge_leads(
    settings: dict[str, Any], every: list[str], limited: list[str]
) -> None:
    design = meant({"models.fraud": settings, "plans.default.limits": {"fraud": "1/s"}, **CLIENTS})
    model = design.models["fraud"]
    assert [route.path for route in model.all_routes] == every
    assert [route.path for route in model.limited_routes] == limited
    assert [route.path for route in design.plans["default"].limits] == limited
    assert [route.path for route in design.routes["fraud"]] == ["/fraud"]


def test_a_rollback_is_known_by_the_name_of_its_alarm() -> None:
    versions = {"versions": {"v1": V1, "v2": V2, "v3": V2}, "split": {"v1": 80, "v2": 10, "v3": 10}}
    rollback = {"to": "v2", "errors": "2%"}
    design = meant({"models.fraud": {**versions, "rollback": rollback}, "models.other": SPLIT})
    when = RollbackConfig(**rollback)
    assert (when.window, when.least) == (timedelta(minutes=5), 50)
    assert design.rollbacks == {
        "acme-ml-fraud--v1-fails": Rollback(model="fraud", version="v1", when=when),
        "acme-ml-fraud--v3-fails": Rollback(model="fraud", version="v3", when=when),
    }


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {}),
        ({"sticky": "client"}, {"by_client": True}),
        ({"sticky": "header:X-User-Id"}, {"by_header": "x-user-id"}),
        ({"choose": "X-Model-Version"}, {"choose": "x-model-version"}),
        ({"path": "/a.b/{id}"}, {"takes": "^/a[.]b/[^/]+/?$"}),
        ({"split": {"v2": 100, "v1": 0}}, {"shares": {"v1": 0, "v2": 100}}),
        ({"versions": {"v2": V2}, "split": {}}, {"shares": {"v2": 100}}),
    ],
)
def test_how_the_edge_picks_a_version_is_what_the_file_says(settings: dict[str, Any], expected: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"model": "fraud", "takes": "^/fraud/?$", "shares": {"v1": 90, "v2": 10}}
    found = split(**settings)
    assert found == Split(**{**usual, **expected})
    # The order is that of the versions: the first one gets what the others leave.
    assert list(found.shares) == list({**usual, **expected}["shares"])


@pytest.mark.parametrize(
    "shares",
    [{}, {"v1": 99}, {"v1": 90, "v2": 11}, {"v1": 101, "v2": -1}, {"v1": 97, "v2": 1, "v3": 1, "v4": 1}],
)
def test_other_shares_are_refused_in_python_too(shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"Split\.shares: .* are no shares; write whole percents of 1 to 3 versions"):
        Split(model="fraud", takes="^/fraud/?$", shares=shares)


def test_the_edge_has_the_splits_and_the_claims_of_those_by_client() -> None:
    def edge(sticky: str) -> Any:
        changes = {
            "models.fraud": {**SPLIT, "sticky": sticky},
            "issuers.corp": {"url": "https://login.acme.com/", "audience": "a", "claim": "azp"},
            "clients.batch": {"plan": "default", "jwt": {"corp": "b"}},
        }
        return meant(changes).edge

    assert [each.model for each in edge("client").splits] == ["fraud"]
    assert edge("client").claims == {"https://login.acme.com/": "azp"}
    assert edge("header:x-user-id").claims == {}
    assert meant({}).edge.splits == ()


def test_a_version_waits_as_long_as_it_says_or_as_the_model_does() -> None:
    versions = {"v1": {**V1, "timeout": "3s"}, "v2": V2}
    times = {name: each.served.timeout for name, each in fraud(versions=versions, timeout="7s").versions.items()}
    assert times == {"v1": timedelta(seconds=3), "v2": timedelta(seconds=7)}
    usual = {name: each.served.timeout for name, each in fraud(versions=versions).versions.items()}
    assert usual == {"v1": timedelta(seconds=3), "v2": timedelta(seconds=29)}


@pytest.mark.parametrize("slow", ["v1", "v2"])
def test_the_edge_waits_a_second_longer_than_the_slowest_version(slow: str) -> None:
    versions = {name: {**V1, "timeout": "40s" if name == slow else "1s"} for name in ("v1", "v2")}
    changes = {"models.fraud": {**SPLIT, "versions": versions}, "service_quotas.integration_timeout": "40s"}
    assert meant(changes).edge.response_timeout == timedelta(seconds=41)


def test_a_version_aims_at_what_it_says_of_the_endpoint_and_else_at_what_the_backend_says() -> None:
    model = behind(ENDPOINT, {}, {"target_variant": "challenger", "target_model": "b.tar.gz"})
    first, second = (each.backend for each in model.versions.values())
    assert first == SagemakerBackendConfig(**ENDPOINT)
    assert second == SagemakerBackendConfig(**{**ENDPOINT, "target_variant": "challenger", "target_model": "b.tar.gz"})
    assert {each.backend_name for each in model.versions.values()} == {"b"}


def test_what_versions_share_is_defined_once_and_a_component_for_itself() -> None:
    model = behind(ENDPOINT, {"target_variant": "a"}, {"inference_component": "fraud-2"})
    assert {name: each.defined_as for name, each in model.versions.items()} == {"v1": "b", "v2": "b--fraud-v2"}
    assert model.defined_as == "b"
    short = fraud()
    assert {name: each.defined_as for name, each in short.versions.items()} == {"v1": "fraud--v1", "v2": "fraud--v2"}
    assert meant({}).models["predict"].defined_as == "predict"


def test_callers_use_one_name_and_each_server_its_own() -> None:
    url = "https://model.example.com"
    versions = {"v1": {"url": url, "served_as": "fraud_1"}, "v2": {"url": url}}
    model = fraud(versions=versions, protocol="oip-v2", served_as="Fraud")
    asked = [
        next(route for route in each.routes if route.path.endswith("/infer"))
        for each in (model, *model.versions.values())
    ]
    assert [route.path for route in asked] == [
        "/fraud/v2/models/Fraud/infer",
        "/fraud--v1/fraud/v2/models/Fraud/infer",
        "/fraud--v2/fraud/v2/models/Fraud/infer",
    ]
    assert [route.path_at_address for route in asked] == [
        "/v2/models/fraud_1/infer",
        "/v2/models/fraud_1/infer",
        "/v2/models/Fraud/infer",
    ]


def test_the_example_shows_each_way_of_picking_a_version() -> None:
    design = GatewayDesign.of(load_config(TOP / "examples" / "rollouts.yaml"))
    ways = {each.model: (each.by_client, each.by_header, each.choose) for each in design.edge.splits}
    assert ways == {
        "fraud": (True, None, None),
        "llama": (False, "x-user-id", "x-model-version"),
        "predict": (False, None, None),
    }
    assert {name: list(model.versions) for name, model in design.models.items()} == {
        "fraud": ["v1", "v2"], "llama": ["stable", "next"], "predict": ["v7"], "ping-pong": [],
    }  # fmt: skip
    assert list(design.rollbacks) == ["acme-versions-fraud--v2-fails"]
