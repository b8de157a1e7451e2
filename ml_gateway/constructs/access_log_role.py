"""The account-wide setting without which API Gateway writes no logs."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from ml_gateway.policy import acknowledge

_PUSH_TO_LOGS = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


class AccessLogRole(Construct):
    """The role with which API Gateway writes to CloudWatch Logs, set for this account and region.

    There is one such setting for each account and region, shared by all their APIs: define it once, where nothing
    else sets it. It is retained when its stack is deleted, since other APIs may have come to rely on it.
    """

    role: iam.Role

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_PUSH_TO_LOGS)],
        )
        self.role.apply_removal_policy(RemovalPolicy.RETAIN)
        # There is no L2 construct for the account's settings.
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=self.role.role_arn)
        account.apply_removal_policy(RemovalPolicy.RETAIN)
        acknowledge(
            self.role,
            f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_PUSH_TO_LOGS}]",
            "the policy that AWS made for this very setting; API Gateway accepts no log group ARNs to limit it to",
        )
