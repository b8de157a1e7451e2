"""The regional half of the default gateway, as one writes it for this one gateway alone."""

import json
from typing import Any, Final

from aws_cdk import Acknowledgment, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct, IConstruct

ORIGIN_SECRET: Final = "by-hand/origin/1"  # noqa: S105 (a secret's name)
LOG_FORMAT: Final = {"requestId": "$context.requestId", "status": "$context.status", "path": "$context.path"}


class ApiByHand(Stack):
    """A REGIONAL API with POST /predict, a usage plan, and a key whose value is a secret."""

    rest_api: apigateway.RestApi

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.rest_api = self._define_rest_api()
        self._define_method()
        self._define_key()
        CfnOutput(self, "InvokeUrl", value=self.rest_api.url)

    def _define_rest_api(self) -> apigateway.RestApi:
        access_log = logs.LogGroup(
            self, "AccessLog", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name="by-hand",
            endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            binary_media_types=["*/*"],
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name="v1",
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(LOG_FORMAT)),
            ),
        )
        accept(rest_api, "APIG2", "APIG6")
        accept(rest_api.deployment_stage, "APIG3")
        return rest_api

    def _define_method(self) -> None:
        method = self.rest_api.root.add_resource("predict").add_method(
            "POST",
            apigateway.Integration(
                type=apigateway.IntegrationType.HTTP_PROXY,
                uri="https://model.example.com/invocations",
                integration_http_method="POST",
                options=apigateway.IntegrationOptions(
                    timeout=Duration.seconds(29),
                    request_parameters={"integration.request.header.x-api-key": "'replaced'"},
                ),
            ),
            api_key_required=True,
        )
        accept(method, "APIG4", "COG4")

    def _define_key(self) -> None:
        plan = self.rest_api.add_usage_plan(
            "UsagePlan",
            api_stages=[apigateway.UsagePlanPerApiStage(api=self.rest_api, stage=self.rest_api.deployment_stage)],
            throttle=apigateway.ThrottleSettings(rate_limit=2, burst_limit=10),
            quota=apigateway.QuotaSettings(limit=1000, period=apigateway.Period.MONTH, offset=1),
        )
        secret = secretsmanager.Secret(
            self,
            "OriginSecret",
            secret_name=ORIGIN_SECRET,
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
        )
        accept(secret, "SMG4")
        key = apigateway.ApiKey(
            self, "ApiKey", value=SecretValue.secrets_manager(ORIGIN_SECRET).unsafe_unwrap(), description="origin lock"
        )
        key.node.add_dependency(secret)
        plan.add_api_key(key)


def accept(construct: IConstruct, *rules: str) -> None:
    """Acknowledge findings of the rule pack: a subject does as much of this as the gateway itself."""
    for rule in rules:
        Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason="a subject of a bench"))
