"""The regional half of the default gateway, as one writes it for this one gateway alone."""

import json
from typing import Any, Final

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, SecretValue, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct, IConstruct

from bench.subjects.tables import TABLES

ORIGIN_SECRET: Final = "acme-ml/origin/1"  # noqa: S105 (a secret's name)
DESCRIPTION: Final = "API Gateway to proxy requests to ML model endpoint."


class ApiByHand(Stack):
    """A REGIONAL API with POST /predict, a usage plan, and a key whose value is a secret."""

    rest_api: apigateway.RestApi

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description="acme-ml: the regional API of an ML gateway", **kwargs)
        self.rest_api = self._define_rest_api()
        self._define_method()
        self._define_key()

    def _define_rest_api(self) -> apigateway.RestApi:
        access_log = logs.LogGroup(
            self, "AccessLog", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name="acme-ml",
            description=DESCRIPTION,
            endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            binary_media_types=["*/*"],
            api_key_source_type=apigateway.ApiKeySourceType.HEADER,
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name="v1",
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(TABLES["accessLogFields"])),
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
                    request_parameters={
                        f"integration.request.header.{header}": "'replaced-by-gateway'"
                        for header in TABLES["replacedHeaders"]
                    },
                ),
            ),
            api_key_required=True,
            authorization_type=apigateway.AuthorizationType.NONE,
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
            description="Origin secret of ml_gateway. Never change its value: raise origin_lock.generation instead.",
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
        )
        accept(secret, "SMG4")
        key = apigateway.ApiKey(
            self,
            "ApiKey",
            value=SecretValue.secrets_manager(ORIGIN_SECRET).unsafe_unwrap(),
            description=f"{ORIGIN_SECRET}: sent by the distribution as x-api-key",
        )
        key.node.add_dependency(secret)
        plan.add_api_key(key)


def accept(construct: IConstruct, *rules: str) -> None:
    """Acknowledge findings of the rule pack: a subject does as much of this as the gateway itself."""
    for rule in rules:
        Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason="a subject of a bench"))
