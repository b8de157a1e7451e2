"""The origin lock in its API-key form."""

from collections.abc import Mapping

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.constructs.origin_secrets import OriginSecrets
from ml_gateway.constructs.plan_key import PlanKey, chain, define_plan_key
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import Open
from ml_gateway.policy import acknowledge


class ApiKeyLock(Construct):
    """API keys for the distribution alone: whoever does not come through it has no key of the usage plan.

    Each accepted generation of `secrets` is an API key with that value. Raising the generation by one rotates without
    a refused request, as the API is deployed before the distribution. Lowering it is an outage.

    `usage_plan` is one on `stage`, the API's. `secrets` may be in another stack, which is deployed first then.
    """

    secrets: OriginSecrets

    origin_headers: Mapping[str, str]
    """Header name -> name of the secret with its value: what the distribution has to send."""

    callers: Open
    """Behind this lock whoever knows the address may call."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secrets: OriginSecrets,
        stage: apigateway.Stage,
        usage_plan: apigateway.UsagePlan,
    ) -> None:
        super().__init__(scope, construct_id)
        acknowledge(stage, "AwsSolutions-APIG3", "no request passes the stage without a key of its usage plan")
        self.secrets = secrets
        chain([self._define_key(number, name, usage_plan) for number, name in secrets.accepted.items()])
        self.callers = Open()
        self.origin_headers = {API_KEY_HEADER: secrets.sent}

    def _define_key(self, generation: int, secret_name: str, usage_plan: apigateway.UsagePlan) -> PlanKey:
        return define_plan_key(
            Construct(self, f"Generation{generation}"),
            secret=self.secrets,
            secret_name=secret_name,
            description=f"{secret_name}: sent by the distribution as {API_KEY_HEADER}",
            usage_plan=usage_plan,
        )
