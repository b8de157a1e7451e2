#!/usr/bin/env python3
"""A kind of backend of your own: a model of Amazon Bedrock, called by API Gateway itself. It is one method.

make synth APP=examples/own_backend/app.py
"""

from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayUsagePlan,
    Operation,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    add_policy_checks,
)

CONTENT_TYPE: Final = "Content-Type"


@dataclass(frozen=True, kw_only=True, slots=True)
class BedrockBackend:
    """A model of Amazon Bedrock in the API's region; `model` is its id. Not verified live."""

    name: str
    model: str

    def operation_for(self, scope: Construct, route: Route) -> Operation:  # noqa: ARG002 (all routes are alike to it)
        """Whatever it needs beside the document is defined in `scope`: here a role that may invoke this model alone."""
        stack = Stack.of(scope)
        role = iam.Role(scope, self.name, assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        model = stack.format_arn(service="bedrock", account="", resource="foundation-model", resource_name=self.model)
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[model]))
        return Operation(
            integration={
                "type": "aws",
                "httpMethod": "POST",
                "uri": stack.format_arn(
                    service="apigateway",
                    account="bedrock-runtime",
                    resource="path",
                    resource_name=f"model/{self.model}/invoke",
                ),
                "credentials": role.role_arn,
                "timeoutInMillis": 29_000,
                "passthroughBehavior": "when_no_match",
                "requestParameters": {f"integration.request.header.{CONTENT_TYPE}": "'application/json'"},
                "responses": {
                    "default": {
                        "statusCode": "200",
                        "responseParameters": {f"method.response.header.{CONTENT_TYPE}": "'application/json'"},
                    },
                    r"4\d\d": {"statusCode": "400"},
                    r"5\d\d": {"statusCode": "502"},
                },
            },
            responses={
                "200": {
                    "description": "what the model answers",
                    "headers": {CONTENT_TYPE: {"schema": {"type": "string"}}},
                },
                "400": {"description": "the model refused the request"},
                "502": {"description": "the model failed"},
            },
        )


class EmbeddingStack(Stack):
    """An embedding model of Bedrock behind a locked API and a distribution."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        titan = BedrockBackend(name="Titan", model="amazon.titan-embed-text-v1")
        api = ProxyApi(
            self,
            "Api",
            name="embed",
            description="Embeds texts",
            routes={Route(http_method="POST", path="/embed"): titan},
        )
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="embed")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(self, "Edge", origin=api.origin(lock))
        CfnOutput(self, "EmbedUrl", value=f"https://{edge.domain_name}/embed")


def main() -> None:
    app = App()
    add_policy_checks(app)
    EmbeddingStack(app, "embed", env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
