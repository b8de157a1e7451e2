"""An API key whose value is a secret, joined to a usage plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aws_cdk import SecretValue
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct, IConstruct


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanKey:
    """An API key, and what joins it to its plan."""

    api_key: apigateway.ApiKey
    usage_plan_key: apigateway.CfnUsagePlanKey


def define_plan_key(
    scope: Construct,
    *,
    secret: IConstruct,
    secret_name: str,
    description: str,
    usage_plan: apigateway.UsagePlan,
) -> PlanKey:
    """An API key with the value of the secret of that name, at the ids `ApiKey` and `UsagePlanKey` of `scope`.

    `secret` is what defines it, in this stack or in another one. A test freezes the logical ids, and CloudFormation
    names the key: what replaces an API key would have the same value, and API Gateway answers 409.
    """
    api_key = apigateway.ApiKey(
        scope,
        "ApiKey",
        description=description,
        value=SecretValue.secrets_manager(secret_name).unsafe_unwrap(),
    )
    # The value names the secret literally, so that every region reads its own: no reference orders the two, or the
    # stacks that they are in.
    api_key.node.add_dependency(secret)
    # UsagePlan.add_api_key returns nothing that could be chained, and the logical id it gives depends on a
    # feature flag of the app (@aws-cdk/aws-apigateway:usagePlanKeyOrderInsensitiveId).
    usage_plan_key = apigateway.CfnUsagePlanKey(
        scope, "UsagePlanKey", key_id=api_key.key_id, key_type="API_KEY", usage_plan_id=usage_plan.usage_plan_id
    )
    return PlanKey(api_key=api_key, usage_plan_key=usage_plan_key)


def chain(keys: Sequence[PlanKey]) -> None:
    """Have the keys join their plans one after another.

    Keys that join at the same time make API Gateway answer 409 (serverless#12065).
    """
    for previous, key in pairwise(keys):
        key.usage_plan_key.add_resource_dependency(previous.usage_plan_key)
