"""What a line of the file changes in the templates, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest

from ml_gateway import (
    CacheConfig,
    ClientConfig,
    EdgeConfig,
    FirewallConfig,
    GatewayConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestQuota,
    RequestRate,
    RequestWindow,
    define_gateway,
    naming,
)
from tests.documents import document_of, integrations_of
from tests.policy.reading import MANAGED_CACHING_DISABLED
from tests.synthesis import Templates, gateway_config, new_app, only, resources, synthesize

SECRET = "AWS::SecretsManager::Secret"
URL = "https://model.example.com/invocations"


def test_the_file_and_the_same_values_in_python_give_the_same_templates(templates: Templates) -> None:
    cache = CacheConfig(default=timedelta(hours=1), max=timedelta(hours=24))
    edge = EdgeConfig(firewall=FirewallConfig(rate=RequestWindow(2000, 5)), cache=cache)
    assert synthesize(gateway_config(edge=edge)) == templates


def test_without_a_cache_line_nothing_is_cached() -> None:
    edge = synthesize(gateway_config())["edge"]
    behavior = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    # The ids that AWS documents for CachingDisabled and AllViewerExceptHostHeader.
    assert behavior["CachePolicyId"] == MANAGED_CACHING_DISABLED
    assert behavior["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert not resources(edge, "AWS::CloudFront::CachePolicy")


def test_cache_headers_join_the_two_that_are_always_in_the_key() -> None:
    cache = CacheConfig(default=timedelta(0), max=timedelta(minutes=5), headers=("Accept-Language", "x-tenant"))
    edge = synthesize(gateway_config(edge=EdgeConfig(cache=cache)))["edge"]
    policy = only(edge, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    headers = policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    assert headers == ["Authorization", "Accept", "accept-language", "x-tenant"]
    assert (policy["DefaultTTL"], policy["MaxTTL"]) == (0, 300)


DEPLOYED_CHANGES: dict[str, dict[str, Any]] = {
    "url": {"url": "https://model.example.com/other"},
    "method": {"url": URL, "methods": ("PUT",)},
    "one more method": {"url": URL, "methods": ("POST", "GET")},
    "backend method": {"url": URL, "backend_method": "PUT"},
    "path": {"url": URL, "path": "/other"},
    "timeout": {"url": URL, "timeout": timedelta(seconds=5)},
}


def deployment_id(config: GatewayConfig) -> str:
    (logical_id,) = resources(synthesize(config)["api"], "AWS::ApiGateway::Deployment")
    return logical_id


@pytest.mark.parametrize("change", DEPLOYED_CHANGES.values(), ids=DEPLOYED_CHANGES.keys())
def test_a_change_of_a_route_or_integration_gives_a_new_deployment(change: dict[str, Any]) -> None:
    changed = gateway_config(models={"predict": ModelConfig(**change)})
    assert deployment_id(changed) != deployment_id(gateway_config())


def test_a_change_of_a_limit_gives_no_new_deployment() -> None:
    changed = gateway_config(plans={"default": PlanConfig(rate=RequestRate(7), burst=3)})
    assert deployment_id(changed) == deployment_id(gateway_config())


def test_a_plan_without_a_quota_still_throttles() -> None:
    api = synthesize(gateway_config(plans={"default": PlanConfig(rate=RequestRate(0.5), burst=1)}))["api"]
    plan = only(api, "AWS::ApiGateway::UsagePlan")
    assert plan["Throttle"] == {"RateLimit": 0.5, "BurstLimit": 1}
    assert "Quota" not in plan


@pytest.mark.parametrize(("period", "rendered"), [("day", "DAY"), ("week", "WEEK"), ("month", "MONTH")])
def test_quota_period_is_rendered(period: Any, rendered: str) -> None:
    plan = PlanConfig(rate=RequestRate(1), burst=1, quota=RequestQuota(5, period))
    api = synthesize(gateway_config(plans={"default": plan}))["api"]
    assert only(api, "AWS::ApiGateway::UsagePlan")["Quota"]["Period"] == rendered


def test_the_backend_gets_the_method_that_it_expects() -> None:
    model = ModelConfig(url=URL, methods=("GET", "POST"), backend_method="POST")
    api = synthesize(gateway_config(models={"predict": model}))["api"]
    integrations = {name: integration["httpMethod"] for name, integration in integrations_of(api).items()}
    assert integrations == {"GET /predict": "POST", "POST /predict": "POST"}


def test_methods_of_one_path_stand_together() -> None:
    models = {"a": ModelConfig(url=URL, path="/team/a"), "b": ModelConfig(url=URL, path="/team/a", methods=("GET",))}
    templates = synthesize(gateway_config(models=models))
    paths = document_of(templates["api"])["paths"]
    assert {path: set(methods) for path, methods in paths.items()} == {"/team/a": {"get", "post"}}


def test_logs_account_role_create_defines_the_role_in_a_stack_of_its_own() -> None:
    templates = synthesize(gateway_config(logs=LogsConfig(account_role="create", retention=timedelta(days=7))))
    account = templates["account"]
    (role_id,) = resources(account, "AWS::IAM::Role")
    assert only(account, "AWS::ApiGateway::Account") == {"CloudWatchRoleArn": {"Fn::GetAtt": [role_id, "Arn"]}}
    assert {resource["DeletionPolicy"] for resource in account["Resources"].values()} == {"Retain"}
    assert not resources(templates["api"], "AWS::ApiGateway::Account")
    assert only(templates["api"], "AWS::Logs::LogGroup")["RetentionInDays"] == 7


def test_the_account_is_left_alone_by_default(templates: Templates) -> None:
    assert set(templates) == {"keys", "api", "edge"}
    assert not resources(templates["api"], "AWS::ApiGateway::Account")


def test_generation_n_is_sent_and_n_minus_1_still_accepted() -> None:
    templates = synthesize(gateway_config(origin_lock=OriginLockConfig(generation=4)))
    values = sorted(key["Value"] for key in resources(templates["api"], "AWS::ApiGateway::ApiKey").values())
    assert values == [f"{{{{resolve:secretsmanager:acme-ml/origin/{n}:SecretString:::}}}}" for n in (3, 4)]
    (origin,) = only(templates["edge"], "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderValue"] == "{{resolve:secretsmanager:acme-ml/origin/4:SecretString:::}}"


def test_rotation_adds_a_generation_and_moves_nothing() -> None:
    before, after = (synthesize(gateway_config(origin_lock=OriginLockConfig(generation=n))) for n in (1, 2))
    added = {
        role: {name: after[role]["Resources"][name]["Type"] for name in after[role]["Resources"].keys() - kept.keys()}
        for role, template in before.items()
        for kept in [template["Resources"]]
    }
    assert all(before[role]["Resources"].items() <= after[role]["Resources"].items() for role in ("keys", "api"))
    assert {role: sorted(types.values()) for role, types in added.items()} == {
        "keys": ["AWS::SecretsManager::Secret"],
        "api": ["AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlanKey"],
        "edge": [],
    }


def test_keys_join_their_plan_one_after_another() -> None:
    api = synthesize(gateway_config(origin_lock=OriginLockConfig(generation=2)))["api"]
    first, second = sorted(resources(api, "AWS::ApiGateway::UsagePlanKey"))
    assert first in api["Resources"][second]["DependsOn"]


def test_logical_ids_that_callers_depend_on_are_a_contract(templates: Templates) -> None:
    # A new id replaces the resource: another API address, another distribution, another secret.
    contract = {
        "ApiRestApiE35FEAFE": "AWS::ApiGateway::RestApi",
        "ApiRestApiDeploymentStagev157F58EAC": "AWS::ApiGateway::Stage",
        "UsagePlanD042BA08": "AWS::ApiGateway::UsagePlan",
        "OriginSecretsGeneration1SecretCBC1E16F": "AWS::SecretsManager::Secret",
        "OriginLockGeneration1ApiKey77E91F46": "AWS::ApiGateway::ApiKey",
        "OriginLockGeneration1UsagePlanKeyC1C91244": "AWS::ApiGateway::UsagePlanKey",
        "Distribution20DB6340": "AWS::CloudFront::Distribution",
        "DistributionCachePolicy7A076312": "AWS::CloudFront::CachePolicy",
    }
    defined = {
        logical_id: resource["Type"]
        for template in templates.values()
        for logical_id, resource in template["Resources"].items()
    }
    assert {logical_id: defined.get(logical_id) for logical_id in contract} == contract


def test_secrets_are_beside_the_edge_and_replicated_to_the_region_of_the_api(other_templates: Templates) -> None:
    secrets = resources(other_templates["keys"], "AWS::SecretsManager::Secret")
    assert [secret["ReplicaRegions"] for secret in secrets.values()] == [[{"Region": "eu-west-1"}]] * 3
    assert [name for role, template in other_templates.items() for name in resources(template, SECRET)] == [*secrets]


def test_secrets_have_no_replica_where_the_api_is_in_the_same_region(templates: Templates) -> None:
    assert "ReplicaRegions" not in only(templates["keys"], "AWS::SecretsManager::Secret")


def test_the_edge_of_another_region_refers_to_the_id_of_the_api_alone(other_templates: Templates) -> None:
    edge = other_templates["edge"]
    (origin,) = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    reference = origin["DomainName"]["Fn::Join"][1][0]["Fn::GetStackOutput"]
    rendered = str(edge["Resources"])
    assert reference["Region"] == "eu-west-1"
    assert rendered.count("Fn::GetStackOutput") == 1
    assert "arn:" not in rendered


def test_tags_and_account_are_those_of_the_file() -> None:
    app = new_app()
    define_gateway(app, gateway_config(account="123456789012", tags={"team": "ml"}))
    stacks = app.synth().stacks
    assert [stack.environment.account for stack in stacks] == ["123456789012"] * 3
    assert [dict(stack.tags) for stack in stacks] == [{"team": "ml"}] * 3


@pytest.mark.parametrize("clients", [{}, {"app": ClientConfig(plan="default")}], ids=["open", "clients"])
def test_keys_are_deployed_first_then_the_api_then_the_edge(clients: dict[str, ClientConfig]) -> None:
    app = new_app()
    define_gateway(app, gateway_config(clients=clients, regions=("eu-west-1",)))
    assembly = app.synth()
    # The first two by what names the secrets, the third also where the origin refers to nothing of the API.
    after = {
        stack.stack_name: {other.id for other in stack.dependencies if not other.id.endswith(".assets")}
        for stack in assembly.stacks
    }
    assert after == {
        "acme-ml-keys": set(),
        "acme-ml-api": {"acme-ml-keys"},
        "acme-ml-edge": {"acme-ml-keys", "acme-ml-api-eu-west-1"},
    }
    regions = [assembly.get_stack_by_name(name).environment.region for name in sorted(after)]
    assert regions == ["eu-west-1", "us-east-1", "us-east-1"]


def test_the_template_says_which_model_a_path_is_and_the_document_does_not() -> None:
    embed = ModelConfig(url="https://embed.example.com/v1", protocol="openai")
    template = synthesize(gateway_config(models={"predict": ModelConfig(url=URL), "embed": embed}))["api"]
    (rest_api,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::ApiGateway::RestApi"]
    assert rest_api["Metadata"][naming.MODELS_METADATA] == {"predict": "/predict", "embed": "/embed/v1"}
    assert naming.MODELS_METADATA not in str(rest_api["Properties"])
