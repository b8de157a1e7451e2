"""The arithmetic of a first deploy, on templates that are small enough to do it by hand."""

from typing import Any

import pytest

from bench.first_deploy import count_calls, least_seconds, slowest_quota
from tests.synthesis import gateway_config, synthesize


def template_of(*types: str) -> dict[str, Any]:
    resources = {f"R{number}": {"Type": each, "Properties": {"Integration": {}}} for number, each in enumerate(types)}
    return {"Resources": resources}


def test_method_is_put_together_with_its_integration_and_each_of_its_answers() -> None:
    method = {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "MethodResponses": [{"StatusCode": "200"}, {"StatusCode": "400"}],
            "Integration": {"IntegrationResponses": [{"StatusCode": "200"}]},
        },
    }
    assert count_calls([{"Resources": {"Method": method}}]) == {
        "PutMethod": 1,
        "PutIntegration": 1,
        "PutMethodResponse": 2,
        "PutIntegrationResponse": 1,
    }


def test_resources_of_other_services_make_no_call_of_api_gateway() -> None:
    assert not count_calls([template_of("AWS::CloudFront::Distribution", "AWS::SecretsManager::Secret")])


def test_type_that_nobody_counted_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="AWS::ApiGateway::Model is not known here; say in CALLS"):
        count_calls([template_of("AWS::ApiGateway::Model")])


def test_default_gateway_is_defined_with_nine_calls() -> None:
    calls = count_calls(synthesize(gateway_config()).values())
    assert +calls == {
        "CreateRestApi": 1,
        "CreateResource": 1,
        "PutMethod": 1,
        "PutIntegration": 1,
        "CreateDeployment": 1,
        "CreateStage": 1,
        "CreateUsagePlan": 1,
        "CreateApiKey": 1,
        "CreateUsagePlanKey": 1,
    }


@pytest.mark.parametrize(
    ("calls", "seconds", "quota"),
    [
        ({"CreateResource": 100}, 20, "CreateResource"),
        ({"CreateResource": 100, "PutMethod": 200}, 30, "all calls"),
        ({"CreateDeployment": 1, "PutMethod": 40}, 5, "CreateDeployment"),
        ({"CreateApiKey": 50, "CreateUsagePlanKey": 49}, 10, "CreateApiKey"),
        ({"CreateRestApi": 2}, 6, "CreateRestApi"),
        ({}, 0, "all calls"),
    ],
)
def test_slowest_quota_decides_on_the_time(calls: dict[str, int], seconds: float, quota: str) -> None:
    assert least_seconds(calls) == pytest.approx(seconds)
    assert slowest_quota(calls) == quota
