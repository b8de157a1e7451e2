#!/usr/bin/env python3
"""A small model inside a Lambda function behind a gateway: POST /iris.

Defines the function with its log and a role that can write to that log and nothing else, and the gateway before it.
`function/` is the asset as it is: nothing to install, no Docker. `train.py` writes its model.json.

    make synth APP=examples/lambda_model/app.py
    curl https://<domain>/iris -d '{"instances": [[5.1, 3.5, 1.4, 0.2]]}'

To change: train.py and function/ for a model of yours. A function that needs packages takes a container image or a
bundled asset instead. At rest this costs the secret of the origin lock; the function is paid by the call.
"""

from pathlib import Path
from typing import Any, Final

from aws_cdk import Annotations, App, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayUsagePlan,
    LambdaBackend,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    add_policy_checks,
)

FUNCTION: Final = Path(__file__).parent / "function"


class IrisFunctionStack(Stack):
    """A function that this API alone may call, and the gateway."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        iris = LambdaBackend(name="Iris", function=self._define_function())
        api = ProxyApi(
            self,
            "Api",
            name="iris",
            description="Tells irises apart",
            routes={Route(http_method="POST", path="/iris"): iris},
        )
        Annotations.of(api).acknowledge_info("MlGateway::LambdaGetsBase64", "function/handler.py decodes its bodies")
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="iris")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(self, "Edge", origin=api.origin(lock))
        CfnOutput(self, "IrisUrl", value=f"https://{edge.domain_name}/iris")

    def _define_function(self) -> lambda_.Function:
        log_group = logs.LogGroup(
            self,
            "FunctionLog",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        # A role of its own: the usual managed policy would let the function write to every log of the account.
        role = iam.Role(self, "FunctionRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            "Function",
            description="Tells irises apart",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(FUNCTION), exclude=["__pycache__"]),
            handler="handler.handler",
            memory_size=256,
            # Below the API's 29 s, so that a slow answer is the function's error and not the gateway's.
            timeout=Duration.seconds(10),
            role=role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
        )


def main() -> None:
    app = App()
    add_policy_checks(app)
    IrisFunctionStack(app, "iris-lambda", env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
