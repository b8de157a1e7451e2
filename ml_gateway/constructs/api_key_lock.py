"""The origin lock in its API-key form."""

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import SecretValue
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.policy import acknowledge

SECRET_LENGTH: Final = 64
"""Characters of a generated origin secret; an API key takes 20 to 128, letters and digits only."""


class ApiKeyLock(Construct):
    """API keys for the distribution alone: whoever does not come through it has no key of the usage plan.

    Each generation is a secret of its own, `<gateway_name>/origin/<generation>`, and an API key with that value. The
    lock accepts `generation` and the one before it; the distribution sends `generation`. Raising it by one
    rotates without a refused request, as the stack of the API is deployed first. Lowering it is an outage.

    `replica_regions`: where else a stack reads the secret by its name. Errors: a generation below 1.
    """

    origin_headers: Mapping[str, str]
    """Header name -> name of the secret with its value: what the distribution has to send."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        generation: int,
        usage_plan: apigateway.UsagePlan,
        replica_regions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        if generation < 1:
            raise ValueError(f"generation must be at least 1, got {generation}; the first one is 1")
        previous: _Generation | None = None
        for number in range(max(1, generation - 1), generation + 1):
            secret_name = f"{gateway_name}/origin/{number}"
            accepted = _Generation(
                self, f"Generation{number}", secret_name=secret_name, usage_plan=usage_plan, replicas=replica_regions
            )
            if previous:
                # Keys that join a plan at the same time make API Gateway answer 409 (serverless#12065).
                accepted.usage_plan_key.add_resource_dependency(previous.usage_plan_key)
            previous = accepted
        self.origin_headers = {API_KEY_HEADER: secret_name}


class _Generation(Construct):
    """One generation of the origin secret, accepted as an API key of the usage plan.

    The value never changes: whoever holds it keeps it until the generation is gone. A test freezes the generator's
    settings, because a change of any of them would generate a new value under the same name.
    """

    usage_plan_key: apigateway.CfnUsagePlanKey

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secret_name: str,
        usage_plan: apigateway.UsagePlan,
        replicas: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        secret = self._define_secret(secret_name, replicas)
        api_key = apigateway.ApiKey(
            self,
            "ApiKey",
            description=f"{secret_name}: sent by the distribution as {API_KEY_HEADER}",
            value=SecretValue.secrets_manager(secret_name).unsafe_unwrap(),
        )
        # The value names the secret literally, so that every region reads its own: no reference orders the two.
        api_key.node.add_dependency(secret)
        # UsagePlan.add_api_key returns nothing that could be chained, and the logical id it gives depends on a
        # feature flag of the app (@aws-cdk/aws-apigateway:usagePlanKeyOrderInsensitiveId).
        self.usage_plan_key = apigateway.CfnUsagePlanKey(
            self, "UsagePlanKey", key_id=api_key.key_id, key_type="API_KEY", usage_plan_id=usage_plan.usage_plan_id
        )

    def _define_secret(self, secret_name: str, replicas: Sequence[str]) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=secret_name,
            description="Origin secret of ml_gateway. Never change its value: raise origin_lock.generation instead.",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True, password_length=SECRET_LENGTH
            ),
            replica_regions=[secretsmanager.ReplicaRegion(region=region) for region in replicas],
        )
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "rotation is declared (origin_lock.generation): no deploy would notice a value that changes in place",
        )
        return secret
