"""The origin lock in its API-key form."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.constructs.origin_secret import accepted_generations, define_origin_secret
from ml_gateway.constructs.plan_key import PlanKey, chain, define_plan_key
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import Open
from ml_gateway.policy import acknowledge


class ApiKeyLock(Construct):
    """API keys for the distribution alone: whoever does not come through it has no key of the usage plan.

    Each generation is a secret of its own, `<gateway_name>/origin/<generation>`, and an API key with that value. The
    lock accepts `generation` and the one before it; the distribution sends `generation`. Raising it by one
    rotates without a refused request, as the stack of the API is deployed first. Lowering it is an outage.

    `usage_plan` is one on `stage`, the API's. `replica_regions`: where else a stack reads the secret by its name.
    Errors: a generation below 1.
    """

    origin_headers: Mapping[str, str]
    """Header name -> name of the secret with its value: what the distribution has to send."""

    callers: Open
    """Behind this lock whoever knows the address may call."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        generation: int,
        stage: apigateway.Stage,
        usage_plan: apigateway.UsagePlan,
        replica_regions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        acknowledge(stage, "AwsSolutions-APIG3", "no request passes the stage without a key of its usage plan")
        secret_names = accepted_generations(gateway_name, generation)
        chain(
            [
                self._define_generation(number, secret_name, usage_plan, replica_regions)
                for number, secret_name in secret_names.items()
            ]
        )
        self.callers = Open()
        self.origin_headers = {API_KEY_HEADER: secret_names[generation]}

    def _define_generation(
        self, number: int, secret_name: str, usage_plan: apigateway.UsagePlan, replica_regions: Sequence[str]
    ) -> PlanKey:
        scope = Construct(self, f"Generation{number}")
        return define_plan_key(
            scope,
            secret=define_origin_secret(scope, secret_name=secret_name, replica_regions=replica_regions),
            secret_name=secret_name,
            description=f"{secret_name}: sent by the distribution as {API_KEY_HEADER}",
            usage_plan=usage_plan,
        )
