"""Where the models' servers are in the local cloud, and what stands in for what no local cloud has."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig, HttpBackendConfig, LambdaBackendConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.local.servers import local_config, stood_in
from ml_gateway.rules import checked
from tests.files import BACKENDS, behind, changed

OTHERWISE = "http://127.0.0.1:9999"
HERE = "http://127.0.0.1:8000"
VERSION = "0123456789abcdef0123456789abcdef"


def local(data: Mapping[str, Any], servers: Mapping[str, str] | None = None) -> GatewayConfig:
    given = servers or {}
    config = GatewayConfig.model_validate(data)
    here = local_config(config, model_server=OTHERWISE, generation=1, servers=given)
    return stood_in(here, model_server=OTHERWISE, servers=given)


def asked(config: GatewayConfig, model: str = "predict") -> str:
    """Where the model's server is asked; what is local is a gateway without contradictions."""
    checked(config)
    backend = GatewayDesign.of(config).models[model].backend
    assert isinstance(backend, HttpBackendConfig)
    assert backend.insecure
    return backend.url


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        ({}, "http://127.0.0.1:9999/invocations"),
        ({"models.predict": HERE}, "http://127.0.0.1:8000/invocations"),
        ({"models.predict": f"{HERE}/"}, "http://127.0.0.1:8000/invocations"),
        ({"models.predict": f"{HERE}/score?a=b"}, "http://127.0.0.1:8000/score?a=b"),
        ({"models.predict": f"{HERE}?a=b"}, "http://127.0.0.1:8000?a=b"),
        ({"models.other": HERE}, "http://127.0.0.1:9999/invocations"),
        ({"backends.predict": HERE}, "http://127.0.0.1:9999/invocations"),
    ],
)
def test_a_model_with_a_url_is_at_the_server_that_was_named(servers: dict[str, str], url: str) -> None:
    assert asked(local(changed({}), servers)) == url


def test_a_backend_of_several_models_is_one_server() -> None:
    data = changed(
        {
            "backends": {"b": {"type": "http", "url": "https://a.b/v1"}},
            "models": {"one": {"backend": "b", "protocol": "openai"}, "two": {"backend": "b", "protocol": "openai"}},
        }
    )
    config = local(data, {"backends.b": HERE})
    assert {asked(config, name) for name in ("one", "two")} == {"http://127.0.0.1:8000/v1"}


@pytest.mark.parametrize(
    ("model", "servers", "path", "url"),
    [
        ({}, {}, "/predict", f"{OTHERWISE}/invocations"),
        ({}, {"backends.b": HERE}, "/predict", f"{HERE}/invocations"),
        ({}, {"backends.b": f"{HERE}/mine"}, "/predict", f"{HERE}/mine"),
        ({"protocol": "sagemaker"}, {"backends.b": HERE}, "/predict/invocations", f"{HERE}/invocations"),
        ({"path": "/x"}, {}, "/x", f"{OTHERWISE}/invocations"),
    ],
)
def test_a_sagemaker_endpoint_is_its_container(
    model: dict[str, Any], servers: dict[str, str], path: str, url: str
) -> None:
    config = local(behind("sagemaker", model), servers)
    assert asked(config) == url
    assert [route.path for route in GatewayDesign.of(config).models["predict"].routes] == [path]


def test_no_backend_of_the_file_is_mistaken_for_what_stands_in() -> None:
    data = changed(
        {
            "backends": {"endpoint": BACKENDS["sagemaker"], "local-0": {"type": "http", "url": "https://a.b/score"}},
            "models": {"fraud": {"backend": "endpoint"}, "other": {"backend": "local-0"}},
        }
    )
    config = local(data, {"backends.endpoint": HERE, "backends.local-0": "http://127.0.0.1:8001"})
    assert asked(config, "fraud") == f"{HERE}/invocations"
    assert asked(config, "other") == "http://127.0.0.1:8001/score"


def test_a_variable_that_chooses_a_model_of_an_endpoint_reaches_the_container() -> None:
    config = local(behind("sagemaker", {"path": "/m/{model}"}, target_model="{model}"))
    assert asked(config) == f"{OTHERWISE}/invocations?model={{model}}"


@pytest.mark.parametrize(
    ("model", "server", "url"),
    [
        ({}, HERE, f"{HERE}/predict"),
        ({"path": "/a/{b}/{c+}"}, HERE, f"{HERE}/a/{{b}}/{{c}}"),
        ({"protocol": "openai"}, HERE, f"{HERE}/v1"),
        ({"protocol": "openai"}, f"{HERE}/v2", f"{HERE}/v2"),
        ({"protocol": "oip-v2"}, HERE, HERE),
    ],
)
def test_what_is_behind_a_load_balancer_is_asked_as_there(model: dict[str, Any], server: str, url: str) -> None:
    sent = {"headers": {"X-Tenant": "acme"}, "secret_headers": {"api-key": {"secret": "a/b", "version": VERSION}}}
    config = local(behind("load_balancer", model, **sent), {"backends.b": server})
    assert asked(config) == url
    (backend,) = config.backends.values()
    assert isinstance(backend, HttpBackendConfig)
    assert backend.headers == {"X-Tenant": "acme"}
    assert set(backend.secret_headers) == {"api-key"}


@pytest.mark.parametrize(
    ("named", "function"),
    [
        ("fraud", "fraud"),
        ("fraud:live", "fraud:live"),
        ("arn:aws:lambda:us-east-1:123456789012:function:fraud", "fraud"),
        ("arn:aws:lambda:us-east-1:123456789012:function:fraud:7", "fraud:7"),
    ],
)
def test_a_function_stays_one_of_the_account_that_is_here(named: str, function: str) -> None:
    (backend,) = local(behind("lambda", function=named)).backends.values()
    assert isinstance(backend, LambdaBackendConfig)
    assert backend.function == function


# Versions of a model

THERE = "http://127.0.0.1:8001"
ENDPOINT = {"backend": "sagemaker"}
BALANCED = {"backend": "load_balancer"}
AT_A = {"url": "https://a.example.com/score"}
AT_B = {"url": "https://b.example.com/v2/score"}


def in_versions(v1: dict[str, Any], v2: dict[str, Any], **model: Any) -> dict[str, Any]:
    """The small file with its model in two versions, beside a backend of each type that one of them names."""
    backends = {each: BACKENDS[each] for version in (v1, v2) if (each := version.get("backend"))}
    split = {"versions": {"v1": v1, "v2": v2}, "split": {"v1": 90, "v2": 10}}
    return changed({"models.predict": {**split, **model}, **({"backends": backends} if backends else {})})


def asked_by_version(config: GatewayConfig) -> dict[str, str]:
    """Where the server of each version is asked; and the model itself as the first one."""
    found = {}
    for name, version in GatewayDesign.of(config).models["predict"].versions.items():
        assert isinstance(version.backend, HttpBackendConfig)
        assert version.backend.insecure
        found[name] = version.backend.url
    assert asked(config) == found["v1"]
    return found


@pytest.mark.parametrize(
    ("data", "servers", "v1", "v2"),
    [
        (in_versions(AT_A, AT_B), {}, f"{OTHERWISE}/score", f"{OTHERWISE}/v2/score"),
        (in_versions(AT_A, AT_B), {"models.predict--v2": HERE}, f"{OTHERWISE}/score", f"{HERE}/v2/score"),
        (in_versions(AT_A, AT_B), {"models.predict--v1": f"{HERE}/x", "models.predict--v2": THERE}, f"{HERE}/x",
         f"{THERE}/v2/score"),
        (in_versions(AT_A, AT_B), {"models.predict": HERE}, f"{HERE}/score", f"{HERE}/v2/score"),
        (in_versions(AT_A, AT_B), {"models.predict": HERE, "models.predict--v2": THERE}, f"{HERE}/score",
         f"{THERE}/v2/score"),
        (in_versions(AT_A, {"backend": "http"}), {"backends.http": HERE}, f"{OTHERWISE}/score", f"{HERE}/base"),
        (in_versions({**ENDPOINT, "target_variant": "a"}, {**ENDPOINT, "target_variant": "b"}), {},
         f"{OTHERWISE}/invocations", f"{OTHERWISE}/invocations"),
        (in_versions({**ENDPOINT, "target_variant": "a"}, {**ENDPOINT, "target_variant": "b"}),
         {"models.predict--v1": HERE, "models.predict--v2": THERE}, f"{HERE}/invocations", f"{THERE}/invocations"),
        (in_versions(ENDPOINT, {**ENDPOINT, "inference_component": "b"}),
         {"models.predict": HERE, "models.predict--v2": f"{THERE}/b"}, f"{HERE}/invocations", f"{THERE}/b"),
        (in_versions(ENDPOINT, {**ENDPOINT, "target_variant": "b"}), {"backends.sagemaker": HERE},
         f"{HERE}/invocations", f"{HERE}/invocations"),
        (in_versions(ENDPOINT, ENDPOINT, protocol="sagemaker"), {"models.predict--v2": HERE},
         f"{OTHERWISE}/invocations", f"{HERE}/invocations"),
        (in_versions(ENDPOINT, AT_B), {"models.predict--v1": HERE}, f"{HERE}/invocations", f"{OTHERWISE}/v2/score"),
        (in_versions(BALANCED, BALANCED), {"models.predict--v2": HERE}, f"{OTHERWISE}/predict", f"{HERE}/predict"),
        (in_versions(BALANCED, {"url": "https://a.example.com/v1"}, protocol="openai"),
         {"models.predict": HERE, "models.predict--v2": THERE}, f"{HERE}/v1", f"{THERE}/v1"),
    ],
)  # fmt: skip
def test_each_version_is_at_the_server_that_was_named_for_it_or_else_for_its_model(
    data: dict[str, Any], servers: dict[str, str], v1: str, v2: str
) -> None:
    config = local(data, servers)
    assert asked_by_version(config) == {"v1": v1, "v2": v2}
    # What callers see stays.
    model, before = config.models["predict"], GatewayConfig.model_validate(data).models["predict"]
    assert (dict(model.split), list(model.versions)) == (dict(before.split), list(before.versions))


@pytest.mark.parametrize(
    ("data", "request_path"),
    [
        (in_versions(ENDPOINT, ENDPOINT, protocol="sagemaker", path="/p"), "/p/invocations"),
        (in_versions(BALANCED, AT_A), "/predict"),
    ],
    ids=["protocol of SageMaker", "raw"],
)
def test_the_edge_leads_the_same_requests_to_the_same_paths(data: dict[str, Any], request_path: str) -> None:
    before, after = (GatewayDesign.of(each) for each in (GatewayConfig.model_validate(data), local(data)))
    found, expected = (
        {(route.http_method, route.path) for route in each.models["predict"].all_routes} for each in (after, before)
    )
    assert found == {(method, path) for method, path in expected if path.endswith(request_path)}
    assert len(found) == 3
    for design in (before, after):
        (split,) = design.edge.splits
        assert re.search(split.takes, request_path)


def test_no_target_of_an_endpoint_is_left_where_its_container_stands_in() -> None:
    targets = {"target_variant": "b"}, {"inference_component": "c"}, {"target_model": "m.tar.gz"}
    for target in targets:
        version = local(in_versions(ENDPOINT, {**ENDPOINT, **target})).models["predict"].versions["v2"]
        assert {getattr(version, name) for each in targets for name in each} == {None}


def test_a_function_serves_versions_as_it_is() -> None:
    config = local(in_versions({"backend": "lambda"}, AT_B), {"models.predict--v2": HERE})
    checked(config)
    versions = GatewayDesign.of(config).models["predict"].versions
    assert isinstance(versions["v1"].backend, LambdaBackendConfig)
    assert isinstance(versions["v2"].backend, HttpBackendConfig)


def test_a_domain_name_is_left_out_as_no_zone_is_here() -> None:
    domain = {"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"}
    config = local(changed({"edge": {"domain": domain, "health": "/health"}}))
    assert (config.edge.domain, config.edge.health) == (None, "/health")


@pytest.mark.parametrize("kind", BACKENDS)
def test_nothing_else_of_the_file_changes(kind: str) -> None:
    before = GatewayConfig.model_validate(behind(kind)).model_dump()
    after = local(behind(kind)).model_dump()
    for section in ("backends", "models"):
        before.pop(section), after.pop(section)
    assert before == after
