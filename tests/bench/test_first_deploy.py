"""The arithmetic of a first deploy, on templates that are small enough to do it by hand."""

from typing import Any

import pytest

from bench.first_deploy import count_calls, least_seconds, slowest_quota
from ml_gateway import ModelConfig
from tests.synthesis import gateway_config, synthesize


def template_of(*types: str) -> dict[str, Any]:
    return {"Resources": {f"R{number}": {"Type": each} for number, each in enumerate(types)}}


def test_resources_of_other_services_make_no_call_of_api_gateway() -> None:
    assert not count_calls([template_of("AWS::CloudFront::Distribution", "AWS::SecretsManager::Secret")])


def test_type_that_nobody_counted_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="AWS::ApiGateway::Model is not known here; say in CALLS"):
        count_calls([template_of("AWS::ApiGateway::Model")])


def test_default_gateway_is_defined_with_six_calls() -> None:
    calls = count_calls(synthesize(gateway_config()).values())
    assert calls == {
        "ImportRestApi": 1,
        "CreateDeployment": 1,
        "CreateStage": 1,
        "CreateUsagePlan": 1,
        "CreateApiKey": 1,
        "CreateUsagePlanKey": 1,
    }


def test_calls_do_not_grow_with_the_models() -> None:
    models = {f"model-{number}": ModelConfig(url="https://model.example.com") for number in range(50)}
    assert count_calls(synthesize(gateway_config(models=models)).values()) == count_calls(
        synthesize(gateway_config()).values()
    )


@pytest.mark.parametrize(
    ("calls", "seconds", "quota"),
    [
        ({"CreateApiKey": 100}, 20, "CreateApiKey"),
        ({"CreateApiKey": 100, "CreateUsagePlanKey": 200}, 30, "all calls"),
        ({"CreateDeployment": 1, "CreateUsagePlanKey": 40}, 5, "CreateDeployment"),
        ({"CreateApiKey": 50, "CreateUsagePlanKey": 49}, 10, "CreateApiKey"),
        ({"ImportRestApi": 2}, 6, "ImportRestApi"),
        ({}, 0, "all calls"),
    ],
)
def test_slowest_quota_decides_on_the_time(calls: dict[str, int], seconds: float, quota: str) -> None:
    assert least_seconds(calls) == pytest.approx(seconds)
    assert slowest_quota(calls) == quota
