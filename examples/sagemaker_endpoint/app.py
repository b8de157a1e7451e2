#!/usr/bin/env python3
"""A SageMaker endpoint of its own behind a gateway: POST /fraud/invocations.

Defines a model, an encrypted endpoint with one instance, a log group with an end, and the gateway before them. The
container runs in network isolation: it cannot reach anything, and takes its model from the one object it may read.

    make synth APP=examples/sagemaker_endpoint/app.py

To change: the constants below. The artifact is a model.tar.gz that you uploaded; if its bucket is encrypted with a key
of yours, the role also needs kms:Decrypt on that key. The image is the registry path that SageMaker documents
for the region. The instance type must not have local NVMe storage: SageMaker encrypts that with a key of its own and
refuses ours. The instance is paid for as long as the endpoint exists, used or not.
"""

from typing import Any, Final

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayUsagePlan,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    SagemakerBackend,
    acknowledge,
    add_policy_checks,
)

REGION: Final = "us-east-1"
IMAGE_ACCOUNT: Final = "683313688378"
IMAGE_REPOSITORY: Final = "sagemaker-xgboost"
IMAGE_TAG: Final = "1.7-1"
ARTIFACT_BUCKET: Final = "acme-models"
ARTIFACT_KEY: Final = "fraud/1/model.tar.gz"
INSTANCE_TYPE: Final = "ml.m5.large"
# A literal, in lower case: SageMaker derives the name of the log group from it, which has to exist before.
ENDPOINT: Final = "fraud"


class FraudEndpointStack(Stack):
    """An endpoint that only the gateway's role may invoke through the gateway, and the gateway."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self._define_endpoint()
        api = ProxyApi(
            self,
            "Api",
            name="fraud",
            description="Scores payments",
            # The one route that this endpoint answers; protocol "sagemaker" would add asynchronous invocations.
            routes={
                Route(http_method="POST", path="/fraud/invocations"): SagemakerBackend(name="Fraud", endpoint=ENDPOINT)
            },
        )
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="fraud")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(self, "Edge", origin=api.origin(lock))
        CfnOutput(self, "InvocationsUrl", value=f"https://{edge.domain_name}/fraud/invocations")

    def _define_endpoint(self) -> None:
        log_group = logs.LogGroup(
            self,
            "EndpointLog",
            log_group_name=f"/aws/sagemaker/Endpoints/{ENDPOINT}",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        image = ecr.Repository.from_repository_arn(
            self, "Image", f"arn:aws:ecr:{REGION}:{IMAGE_ACCOUNT}:repository/{IMAGE_REPOSITORY}"
        )
        role = self._define_execution_role(image, log_group)
        model = sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=role.role_arn,
            enable_network_isolation=True,
            primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
                image=image.repository_uri_for_tag(IMAGE_TAG),
                model_data_url=f"s3://{ARTIFACT_BUCKET}/{ARTIFACT_KEY}",
            ),
        )
        # SageMaker reads the artifact as soon as the model is defined, so the role's policy comes first.
        model.node.add_dependency(role)
        config = sagemaker.CfnEndpointConfig(
            self,
            "EndpointConfig",
            kms_key_id=kms.Key(self, "VolumeKey", enable_key_rotation=True).key_arn,
            production_variants=[
                sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                    model_name=model.attr_model_name,
                    variant_name="main",
                    instance_type=INSTANCE_TYPE,
                    initial_instance_count=1,
                    initial_variant_weight=1,
                )
            ],
        )
        endpoint = sagemaker.CfnEndpoint(
            self, "Endpoint", endpoint_name=ENDPOINT, endpoint_config_name=config.attr_endpoint_config_name
        )
        endpoint.node.add_dependency(log_group)

    def _define_execution_role(self, image: ecr.IRepository, log_group: logs.LogGroup) -> iam.Role:
        """What SageMaker may do to start the container: pull one image, read one object, write one log and metrics."""
        role = iam.Role(self, "ExecutionRole", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
        artifact = s3.Bucket.from_bucket_name(self, "Artifacts", ARTIFACT_BUCKET).arn_for_objects(ARTIFACT_KEY)
        role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[artifact]))
        image.grant_pull(role)
        log_group.grant(
            role, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringEquals": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]}},
            )
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            "ecr:GetAuthorizationToken and cloudwatch:PutMetricData take no resource; the latter has its namespaces",
        )
        return role


def main() -> None:
    app = App()
    add_policy_checks(app)
    FraudEndpointStack(app, "fraud-sagemaker", env=Environment(region=REGION))
    app.synth()


if __name__ == "__main__":
    main()
