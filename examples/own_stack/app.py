#!/usr/bin/env python3
"""The constructs in a stack of your own, without a file and without our stacks.

make synth APP=examples/own_stack/app.py
"""

from typing import Any

from aws_cdk import App, CfnOutput, Environment, Stack
from constructs import Construct

from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayUsagePlan,
    HttpBackend,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    add_policy_checks,
)


class FraudStack(Stack):
    """A fraud model behind a locked API and a distribution, all in one stack."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        fraud = HttpBackend(url="https://fraud.example.com/score")
        api = ProxyApi(
            self,
            "Api",
            name="fraud",
            description="Scores payments",
            routes={Route(http_method="POST", path="/score"): fraud},
        )
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="fraud")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(self, "Edge", origin=api.origin(lock))
        CfnOutput(self, "ScoreUrl", value=f"https://{edge.domain_name}/score")


def main() -> None:
    app = App()
    add_policy_checks(app)
    FraudStack(app, "fraud", env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
