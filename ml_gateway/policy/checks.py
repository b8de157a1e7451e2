"""The rule packs that a synthesis has to pass."""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks


def add_policy_checks(app: App) -> None:
    """Make every synthesis of `app` fail on a finding of cdk-nag's AwsSolutions pack that nobody acknowledged.

    CloudFormation's own validation runs beside it; cdk.json makes its findings errors
    (`@aws-cdk/core:validateAgainstDefaultRules`).
    """
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
