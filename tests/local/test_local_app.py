"""The gateway in the local cloud is the one that would be deployed, but for where its models and its API are."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from ml_gateway import (
    ApiStack,
    CacheConfig,
    ClientConfig,
    EdgeConfig,
    GatewayConfig,
    GatewayOrigin,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestRate,
    SecretConfig,
    define_gateway,
    own_origin,
)
from ml_gateway.design import GatewayDesign
from ml_gateway.local.app import local_origin
from ml_gateway.local.servers import local_config
from tests.files import LISTENER
from tests.synthesis import Json, Templates, gateway_config, new_app, resources

MAY_DIFFER = {
    "api": re.compile(r"/Resources/\w+/Properties/Body/paths//.+/\w+/x-amazon-apigateway-integration/uri"),
    "edge": re.compile(
        r"/Resources/\w+/Properties/DistributionConfig/Origins/0"
        r"/(DomainName|OriginPath|CustomOriginConfig/(HTTPPort|HTTPSPort|OriginProtocolPolicy))(/.*)?"
    ),
}

CONFIGS = {
    "plain": gateway_config(),
    "clients": gateway_config(
        plans={"free": PlanConfig(rate=RequestRate(5), burst=10)},
        clients={"app": ClientConfig(plan="free"), "partner": ClientConfig(plan="free", keys=("a", "b"))},
    ),
    "everything": gateway_config(
        name="all-of-it",
        account="123456789012",
        regions=("eu-central-1",),
        stage="live",
        backends={
            "llm": HttpBackendConfig(
                type="http",
                url="https://llm.example.com/base",
                headers={"X-Tenant": "all"},
                bearer=SecretConfig(secret="all-of-it/token", version="0123456789abcdef0123456789abcdef"),
            ),
            "balanced": LoadBalancerBackendConfig(
                type="load_balancer",
                listener=LISTENER.replace("us-east-1", "eu-central-1"),
                host="llama.internal",
                vpc_link="a1b2c3",
                headers={"X-Tenant": "all"},
                secret_headers={
                    "api-key": SecretConfig(secret="all-of-it/key", version="0123456789abcdef0123456789abcdef")
                },
            ),
            "function": LambdaBackendConfig(type="lambda", function="species:live"),
        },
        models={
            "llama": ModelConfig(backend="llm", protocol="openai"),
            "balanced": ModelConfig(backend="balanced"),
            "species": ModelConfig(backend="function"),
            "predict": ModelConfig(
                url="https://model.example.com/a?b=c", methods=("GET", "POST"), backend_method="PUT"
            ),
            "other": ModelConfig(url="http://other.example.com:8080", path="/v2/other", insecure=True),
        },
        origin_lock=OriginLockConfig(generation=4),
        logs=LogsConfig(retention=timedelta(days=7), account_role="create"),
        edge=EdgeConfig(cache=CacheConfig(default=timedelta(0), max=timedelta(hours=1), headers=("X-Tenant",))),
        tags={"team": "fraud"},
    ),
}


def made_local(config: GatewayConfig, generation: int | None = None) -> GatewayConfig:
    generation = generation or config.origin_lock.generation
    return local_config(config, model_server="http://127.0.0.1:4321", generation=generation)


def templates_of(config: GatewayConfig, origin_for: Callable[[ApiStack], GatewayOrigin]) -> Templates:
    app = new_app()
    define_gateway(app, config, origin_for=origin_for)
    return {stack.stack_name.removeprefix(f"{config.name}-"): stack.template for stack in app.synth().stacks}


def with_one_name_for_deployments(template: Json) -> Json:
    """The logical id of a deployment depends on what it deploys, the models' URLs among it."""
    text = json.dumps(template)
    for logical_id in resources(template, "AWS::ApiGateway::Deployment"):
        text = text.replace(logical_id, "Deployment")
    named: Json = json.loads(text)
    return named


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """The paths at which two JSON values differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours.keys() | theirs.keys():
            yield from differences(ours.get(key), theirs.get(key), f"{path}/{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(our, their, f"{path}/{index}")
    elif ours != theirs:
        yield path


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_only_model_urls_and_the_origin_differ_from_what_is_deployed(config: GatewayConfig) -> None:
    deployed = templates_of(config, own_origin)
    local = templates_of(made_local(config), local_origin(port=4566, stage=config.stage))
    assert deployed.keys() == local.keys()
    for stack in deployed:
        ours, theirs = (with_one_name_for_deployments(templates[stack]) for templates in (deployed, local))
        differing = list(differences(ours, theirs))
        assert bool(differing) == (stack in MAY_DIFFER)
        assert all(MAY_DIFFER[stack].fullmatch(path) for path in differing), differing


def test_local_server_takes_the_place_of_host_and_scheme_only() -> None:
    config = made_local(CONFIGS["everything"])
    models = GatewayDesign.of(config).models
    urls = {name: model.backend.url for name, model in models.items() if isinstance(model.backend, HttpBackendConfig)}
    assert urls == {
        "llama": "http://127.0.0.1:4321/base",
        "predict": "http://127.0.0.1:4321/a?b=c",
        "other": "http://127.0.0.1:4321",
    }


def test_backend_of_another_type_stays_as_it_is() -> None:
    config = CONFIGS["everything"]
    assert made_local(config).backends["function"] == config.backends["function"]


def test_token_of_a_provider_and_fixed_headers_are_sent_here_too() -> None:
    backend, there = made_local(CONFIGS["everything"]).backends["llm"], CONFIGS["everything"].backends["llm"]
    assert isinstance(backend, HttpBackendConfig)
    assert isinstance(there, HttpBackendConfig)
    assert (backend.bearer, backend.headers) == (there.bearer, {"X-Tenant": "all"})
    assert backend.bearer


def test_local_config_is_one_that_a_file_could_have_but_for_where_its_models_are() -> None:
    for config in CONFIGS.values():
        local = made_local(config)
        assert GatewayConfig.model_validate(dict(local)) == local
        with pytest.raises(ValueError, match=r"'127\.0\.0\.1' is an address that nobody reaches over the internet"):
            GatewayConfig.model_validate(local.model_dump())


def test_local_config_changes_where_models_are_and_the_generation_only() -> None:
    for config in CONFIGS.values():
        before, after = config.model_dump(), made_local(config, generation=7).model_dump()
        assert after.pop("origin_lock") == {"generation": 7}
        del before["origin_lock"]
        for entry in (*entries_with_a_url(before), *entries_with_a_url(after)):
            for setting in ("url", "insecure"):
                entry.pop(setting, None)
        assert before == after


def entries_with_a_url(config: dict[str, Any]) -> list[dict[str, Any]]:
    """And those of servers that are reached without one."""
    all_entries = [entry for section in ("models", "backends") for entry in config[section].values()]
    entries = [entry for entry in all_entries if entry.get("url") or "secret_headers" in entry]
    assert entries
    return entries


def test_api_in_another_region_is_found_by_the_id_that_is_passed() -> None:
    edge = templates_of(made_local(CONFIGS["everything"]), local_origin(port=4566, stage="live", api_id="abc123"))[
        "edge"
    ]
    (distribution,) = resources(edge, "AWS::CloudFront::Distribution").values()
    (origin,) = distribution["DistributionConfig"]["Origins"]
    assert (origin["DomainName"], origin["OriginPath"]) == ("localhost", "/_aws/execute-api/abc123/live")
    assert "GetStackOutput" not in json.dumps(edge)
