"""The servers behind the models of a run on an account, for as long as it lasts."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from live.plan import streamer
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.naming import EDGE_REGION
from ml_gateway.policy import acknowledge

ECHO_URL: Final = "EchoUrl"
CODE: Final = Path(__file__).with_name("echo")
MOST_REQUESTS: Final = 50
"""A second, of all callers together, and as many at once: more nobody gets out of it, whoever finds the address."""


class EchoStack(Stack):
    """An HTTP API that answers whoever knows the word of `variables`, of which nobody is told; and a function that
    streams, which no address leads to but the gateway's. `variables`: those of live/echo/index.mjs."""

    def __init__(
        self, scope: Construct, construct_id: str, *, run: str, variables: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(scope, construct_id, env=Environment(region=EDGE_REGION), **kwargs)
        self._define_function("Streamer", handler="index.streamed", function_name=streamer(run))
        echo = self._define_function("Echo", handler="index.handler", environment=dict(variables))
        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        (route,) = api.add_routes(path="/{path+}", integration=integrations.HttpLambdaIntegration("Echo", echo))
        stage = api.add_stage(
            "Stage",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=MOST_REQUESTS, burst_limit=MOST_REQUESTS),
        )
        acknowledge(stage, "AwsSolutions-APIG1", "its lines would hold the word that opens it; it lives for an hour")
        acknowledge(
            route, "AwsSolutions-APIG4", "the server of a model is public here, and asks for a word in the path"
        )
        CfnOutput(self, ECHO_URL, value=api.api_endpoint)

    def _define_function(self, construct_id: str, **settings: Any) -> lambda_.Function:
        scope = Construct(self, construct_id)
        log_group = define_log_group(scope, "Log", retention=timedelta(days=1))
        role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        return lambda_.Function(
            scope,
            "Function",
            code=lambda_.Code.from_asset(str(CODE), exclude=["local.mjs"]),
            runtime=lambda_.Runtime.NODEJS_24_X,
            role=role,
            log_group=log_group,
            timeout=Duration.seconds(20),
            **settings,
        )
