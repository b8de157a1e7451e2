"""What the API has where models have versions, and that no other gateway has any of it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from tests.documents import integrations_of, operations_of
from tests.files import TOP, TWO_REGIONS, ZONE, changed
from tests.released.examples import FILES
from tests.synthesis import AssemblyOf, Json, Templates, TemplatesOf, resources, synthesize

EXAMPLE = TOP / "examples" / "rollouts.yaml"
STORE = "AWS::CloudFront::KeyValueStore"
LAMBDA = "AWS::Lambda::Function"
RULE = "AWS::Events::Rule"
VARIANT = "integration.request.header.X-Amzn-Sagemaker-Target-Variant"
REGIONAL = {
    "regions": TWO_REGIONS,
    "edge.domain": ZONE,
    "plans.free.across_regions": "each",
    "plans.gold.across_regions": "each",
}


def example(changes: dict[str, Any] | None = None) -> Templates:
    data: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())
    return synthesize(GatewayConfig(**changed(changes or {}, data)))


@pytest.fixture(scope="module")
def api(rollouts_templates: Templates) -> Json:
    return rollouts_templates["api"]


@pytest.fixture(scope="module")
def edge(rollouts_templates: Templates) -> Json:
    return rollouts_templates["edge"]


@pytest.fixture(scope="module")
def regional() -> Templates:
    return example(REGIONAL)


OTHERS = [path for path in FILES if path != EXAMPLE]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_no_other_gateway_has_any_of_it(path: Path, templates_of: TemplatesOf) -> None:
    text = json.dumps(templates_of(path.stem))
    for part in (STORE, naming.SHARES_TYPE, "splits", "cloudfront-keyvaluestore", RULE, "OverridesCommand", "cf.kvs"):
        assert part not in text, part


# The API


def of_each_version(api: Json) -> Iterator[tuple[str, str, str]]:
    """A model, a version, and the name of an operation of the model's own."""
    versions = {"fraud": ("v1", "v2"), "llama": ("stable", "next"), "predict": ("v7",)}
    for name in operations_of(api):
        model = name.split("/")[1]
        yield from ((model, version, name) for version in versions.get(model, ()))


def of_version(name: str, model: str, version: str) -> str:
    return name.replace(" /", f" /{model}--{version}/", 1)


def test_each_version_has_the_models_operations_below_a_path_of_its_own(api: Json) -> None:
    versions = [*of_each_version(api)]
    assert Counter(model for model, _, _ in versions) == {"fraud": 2, "llama": 2 * 9, "predict": 1}
    own = [of_version(name, model, version) for model, version, name in versions]
    assert {name for name in operations_of(api) if "--" in name} == set(own)


def test_each_version_asks_for_a_key_as_the_model_does(api: Json) -> None:
    found = operations_of(api)
    pairs = [(found[name], found[of_version(name, *version)]) for *version, name in of_each_version(api)]
    assert {json.dumps(each["security"]) for pair in pairs for each in pair} == {'[{"authorizer": [], "api_key": []}]'}
    assert [pair for pair in pairs if pair[0].get("parameters") != pair[1].get("parameters")] == []


def test_the_models_own_path_goes_on_answering_by_the_first_version(api: Json) -> None:
    found = integrations_of(api)
    for model, version in (("fraud", "v1"), ("llama", "stable"), ("predict", "v7")):
        own = [name for of, its, name in of_each_version(api) if (of, its) == (model, version)]
        assert own
        assert [found[name] for name in own] == [found[of_version(name, model, version)] for name in own]


def test_a_version_is_waited_for_as_long_as_it_says(api: Json) -> None:
    waits = {name: each["timeoutInMillis"] for name, each in integrations_of(api).items() if name.startswith("POST")}
    assert {wait for name, wait in waits.items() if "/llama--next/" in name} == {300_000}
    assert {wait for name, wait in waits.items() if "/llama--stable/" in name} == {900_000}
    assert {wait for name, wait in waits.items() if "/fraud--" in name or "/predict--" in name} == {29_000}


def test_each_version_is_a_variant_of_one_endpoint_by_one_role(api: Json) -> None:
    found = {name: each for name, each in integrations_of(api).items() if "fraud" in name}
    variants = {name.split("/")[1]: each["requestParameters"][VARIANT] for name, each in found.items()}
    assert variants == {"fraud": "'champion'", "fraud--v1": "'champion'", "fraud--v2": "'challenger'"}
    assert len({json.dumps(each["credentials"]) for each in found.values()}) == 1
    assert len({json.dumps(each["uri"]) for each in found.values()}) == 1


def test_a_component_of_an_endpoint_is_called_by_a_role_of_its_own() -> None:
    components = {v: {"backend": "fraud-sm", "inference_component": f"fraud-{v}"} for v in ("v1", "v2")}
    api = example({"models.fraud.versions": components})["api"]
    found = {name.split("/")[1]: each for name, each in integrations_of(api).items() if "fraud" in name}
    roles = {name: json.dumps(each["credentials"]) for name, each in found.items()}
    assert roles["fraud"] == roles["fraud--v1"] != roles["fraud--v2"]
    policies = [json.dumps(policy) for policy in resources(api, "AWS::IAM::Policy").values()]
    named = [set(re.findall("inference-component/([a-z0-9-]+)", policy)) for policy in policies]
    assert sorted(map(sorted, filter(None, named))) == [["fraud-v1"], ["fraud-v2"]]


def limits(api: Json, plan: str) -> dict[str, Json]:
    (found,) = (
        each["Properties"]["ApiStages"][0]["Throttle"]
        for each in api["Resources"].values()
        if each.get("Metadata", {}).get(naming.PLAN_METADATA) == plan
    )
    assert isinstance(found, dict)
    return found


def test_a_limit_of_a_model_holds_for_each_version(api: Json) -> None:
    free = limits(api, "plans.free")
    expected = [of_version(name, m, v).split(" ") for m, v, name in of_each_version(api) if m == "llama"]
    assert len(expected) == 18
    assert free == {f"{path}/{method}": {"RateLimit": 1, "BurstLimit": 1} for method, path in expected}
    assert limits(api, "plans.gold") == {}


def test_a_limit_of_a_single_version_holds_at_the_models_own_path_too() -> None:
    """To which the edge leads."""
    free = limits(example({"plans.free.limits": {"predict": "1/s"}})["api"], "plans.free")
    assert free.keys() == {"/predict/POST", "/predict--v7/predict/POST"}


def test_the_template_says_where_each_version_is(api: Json) -> None:
    (rest_api,) = (each for each in api["Resources"].values() if each["Type"] == "AWS::ApiGateway::RestApi")
    assert rest_api["Metadata"][naming.MODELS_METADATA] == {
        "fraud": "/fraud", "fraud--v1": "/fraud--v1/fraud", "fraud--v2": "/fraud--v2/fraud",
        "llama": "/llama/v1", "llama--stable": "/llama--stable/llama/v1", "llama--next": "/llama--next/llama/v1",
        "predict": "/predict", "predict--v7": "/predict--v7/predict", "ping-pong": "/ping-pong",
    }  # fmt: skip


def test_a_client_may_call_all_versions_of_its_models_and_no_others(assembly_of: AssemblyOf) -> None:
    (code,) = assembly_of("rollouts").glob("asset.*/answer.js")
    clients = json.loads((code.parent / "config.json").read_text())["clients"]
    assert clients["mobile-app"]["allowed"] == ["*"]
    allowed = clients["partner-x"]["allowed"]
    assert {each.split("/")[1] for each in allowed} == {
        "fraud", "fraud--v1", "fraud--v2", "llama", "llama--stable", "llama--next"
    }  # fmt: skip
    assert "POST/fraud--v2/fraud" in allowed


EDGE_ALONE: dict[str, dict[str, Any]] = {
    "shares": {"models.fraud.split": {"v1": 80, "v2": 20}},
    "shares of a model that is chosen": {"models.llama.split": {"stable": 0, "next": 100}},
    "stickiness": {"models.llama.sticky": "client"},
    "no choice": {"models.llama.choose": None},
}


@pytest.mark.parametrize("change", EDGE_ALONE.values(), ids=EDGE_ALONE.keys())
@pytest.mark.parametrize("regions", [{}, REGIONAL], ids=["one region", "two regions"])
def test_a_change_of_shares_changes_the_edge_alone(
    change: dict[str, Any], regions: dict[str, Any], rollouts_templates: Templates, regional: Templates
) -> None:
    before, after = (regional if regions else rollouts_templates), example({**regions, **change})
    assert before.keys() == after.keys()
    # To the letter: CloudFormation then has nothing to deploy.
    assert [name for name in before if json.dumps(before[name]) != json.dumps(after[name])] == ["edge"]
    resource_types = {
        resource["Type"]
        for name, resource in before["edge"]["Resources"].items()
        if resource != after["edge"]["Resources"][name]
    }
    with_shares = {LAMBDA, naming.SHARES_TYPE} if "split" in next(iter(change)) else set()
    assert resource_types == {"AWS::CloudFront::Function", *with_shares}
