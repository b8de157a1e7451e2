"""The constructs on their own, in a stack that is not ours and an app without our feature flags."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_logs as logs

from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayOrigin,
    GatewayUsagePlan,
    HttpBackend,
    LogsConfig,
    Open,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
)
from ml_gateway.constructs.log_group import define_log_group
from tests.policy.reading import broken_rules
from tests.synthesis import bare_stack, only, resources, template_of

ROUTES = {Route(http_method="POST", path="/score"): HttpBackend(url="https://fraud.example.com/score")}
PLAN = PlanConfig(rate=RequestRate(5), burst=20)


def define_locked_api(stack: Stack, generation: int = 1) -> tuple[ProxyApi, ApiKeyLock]:
    api = ProxyApi(stack, "Api", routes=ROUTES, name="fraud", description="Scores payments")
    plan = GatewayUsagePlan(stack, "UsagePlan", stage=api.stage, plan=PLAN)
    secrets = OriginSecrets(stack, "OriginSecrets", gateway_name="fraud", generation=generation)
    return api, ApiKeyLock(stack, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)


def test_an_api_says_in_which_region_it_is() -> None:
    api, lock = define_locked_api(bare_stack(region="eu-west-1"))
    assert api.origin(lock).region == "eu-west-1"


def test_an_api_without_routes_is_refused() -> None:
    with pytest.raises(ValueError, match="routes is empty; an API needs at least one route"):
        ProxyApi(bare_stack(), "Api", routes={}, name="fraud", description="Scores payments")


def test_a_generation_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="generation must be at least 1, got 0; the first one is 1"):
        define_locked_api(bare_stack(), generation=0)


@pytest.mark.parametrize("retention", [timedelta(days=2), timedelta(hours=25), timedelta(0)])
def test_a_retention_that_cloudwatch_lacks_is_refused(retention: timedelta) -> None:
    with pytest.raises(ValueError, match="log retention must be one of 1, 3, 5, 7,"):
        define_log_group(bare_stack(), "Log", retention=retention)


@pytest.mark.parametrize("days", [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
                                  2557, 2922, 3288, 3653])  # fmt: skip
def test_every_retention_of_the_file_is_rendered_as_it_is(days: int) -> None:
    stack = bare_stack()
    log = define_log_group(stack, "Log", retention=LogsConfig(retention=timedelta(days=days)).retention)
    assert isinstance(log, logs.LogGroup)
    assert only(template_of(stack), "AWS::Logs::LogGroup")["RetentionInDays"] == days


def test_without_our_feature_flags_the_stacks_are_still_tied_weakly() -> None:
    app = App(builtin_cloud_formation_validation=False)
    regional, edge = bare_stack("regional", region="eu-west-1", app=app), bare_stack("edge", app=app)
    api, lock = define_locked_api(regional, generation=3)
    GatewayDistribution(edge, "Edge", origin=api.origin(lock))
    assembly = app.synth()
    assert len(assembly.stacks) == 2
    assert [found for stack in assembly.stacks if (found := broken_rules(stack.template))] == []


def test_in_one_stack_the_distribution_comes_after_the_lock_whose_secret_it_names() -> None:
    stack = bare_stack()
    api, lock = define_locked_api(stack, generation=3)
    GatewayDistribution(stack, "Edge", origin=api.origin(lock))
    GatewayDistribution(stack, "Hasty", origin=replace(api.origin(lock), after=()))
    ((rule, found),) = broken_rules(template_of(stack)).items()
    assert rule == "MlGateway::SecretsComeFirst"
    assert len(found) == 1
    assert found[0].startswith("Hasty")


def test_lock_in_two_generations_has_stable_ids_without_our_feature_flags() -> None:
    stack = bare_stack()
    define_locked_api(stack, generation=3)
    assert sorted(resources(template_of(stack), "AWS::ApiGateway::UsagePlanKey")) == [
        "OriginLockGeneration2UsagePlanKeyEA3ACAD8",
        "OriginLockGeneration3UsagePlanKey7C4512EB",
    ]


def test_the_distribution_fetches_in_clear_only_when_the_origin_says_so() -> None:
    stack = bare_stack()
    local = GatewayOrigin(
        domain_name="localhost", origin_path="/v1", headers={}, callers=Open(), protocol="http", port=4566
    )
    GatewayDistribution(stack, "Edge", origin=local)
    (origin,) = only(template_of(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "http-only"
    assert origin["CustomOriginConfig"]["HTTPPort"] == 4566
