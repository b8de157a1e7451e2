"""The calls of API Gateway's control plane that a first deploy makes, and the least time that its quotas leave them.

CloudFormation makes at least these calls, side by side; what it reads in between, and retries, comes on top. The quotas
are of an account and region, shared with whatever else is deployed there, and not to be raised.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

SECONDS_FOR_A_CALL: Final = {
    "CreateApiKey": 1 / 5,
    "CreateDeployment": 5.0,
    "CreateResource": 1 / 5,
    "ImportRestApi": 3.0,
    "PutRestApi": 1.0,
    "UpdateAccount": 20.0,
}
"""API Gateway's quotas for creating, deploying and managing an API, each as the time for one call; ImportRestApi as it
is for a regional API: one call defines all that the document has. A later change of a usage plan takes 20 s
(UpdateUsagePlan)."""

SECONDS_FOR_ANY_CALL: Final = 1 / 10
"""The quota on all calls together, those above included: 10 a second, beyond a burst of 40."""

CALLS: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::ApiGateway::Account": ("UpdateAccount",),
    "AWS::ApiGateway::ApiKey": ("CreateApiKey",),
    "AWS::ApiGateway::Deployment": ("CreateDeployment",),
    "AWS::ApiGateway::GatewayResponse": ("PutGatewayResponse",),
    "AWS::ApiGateway::Method": ("PutMethod", "PutIntegration"),
    "AWS::ApiGateway::Resource": ("CreateResource",),
    "AWS::ApiGateway::RestApi": ("ImportRestApi",),
    "AWS::ApiGateway::Stage": ("CreateStage",),
    "AWS::ApiGateway::UsagePlan": ("CreateUsagePlan",),
    "AWS::ApiGateway::UsagePlanKey": ("CreateUsagePlanKey",),
}
"""The calls that define one resource of each type; those of a method at least. Gateways have no methods any more, but
commits that they are compared with do."""


def count_calls(templates: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """The calls for all resources of API Gateway in the templates. Errors: a type that is not known here."""
    calls: Counter[str] = Counter()
    for template in templates:
        for resource in template["Resources"].values():
            if resource["Type"].startswith("AWS::ApiGateway::"):
                calls.update(_calls_of(resource["Type"]))
    return calls


def _calls_of(resource_type: str) -> tuple[str, ...]:
    if resource_type not in CALLS:
        raise ValueError(f"{resource_type} is not known here; say in CALLS which calls define one")
    return CALLS[resource_type]


def least_seconds(calls: Mapping[str, int]) -> float:
    """The time that the slowest quota takes for these calls, all made side by side."""
    each = [count * SECONDS_FOR_A_CALL.get(operation, 0) for operation, count in calls.items()]
    return max([*each, sum(calls.values()) * SECONDS_FOR_ANY_CALL])


def slowest_quota(calls: Mapping[str, int]) -> str:
    """The operation whose quota decides on `least_seconds`, or "all calls"."""
    for operation, count in calls.items():
        if count * SECONDS_FOR_A_CALL.get(operation, 0) == least_seconds(calls):
            return operation
    return "all calls"
