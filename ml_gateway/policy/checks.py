"""The rules that a synthesis has to pass."""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from ml_gateway.policy.plugin import HouseRules


def add_policy_checks(app: App) -> None:
    """Make every synthesis of `app` fail on what breaks a house rule, or cdk-nag's AwsSolutions pack, unacknowledged.

    CloudFormation's own validation runs beside them; cdk.json makes its findings errors
    (`@aws-cdk/core:validateAgainstDefaultRules`).
    """
    Validations.of(app).add_plugins(HouseRules(), AwsSolutionsChecks(app))
