"""The checks that a synthesis has to pass."""

from typing import Final

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from ml_gateway.policy.house_rules_plugin import HouseRulesPlugin

_RESOURCE_LIMIT: Final = "@aws-cdk/core:stackResourceLimit"


def add_policy_checks(app: App) -> None:
    """Make every synthesis of `app` fail on a finding that nobody acknowledged: of cdk-nag's AwsSolutions pack, and of
    the house rules (docs/policy.md).

    Call it before stacks are defined. CDK stops at 500 resources in a stack before any check runs, without a line of
    the file or a way out; only an app without constructs can still be told to leave that to the house rules.

    CloudFormation's own validation runs beside it; cdk.json makes its findings errors
    (`@aws-cdk/core:validateAgainstDefaultRules`).
    """
    if not app.node.children and app.node.try_get_context(_RESOURCE_LIMIT) is None:
        app.node.set_context(_RESOURCE_LIMIT, 0)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), HouseRulesPlugin())
