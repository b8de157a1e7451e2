"""The rules that a synthesis has to pass."""

from typing import Final

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from ml_gateway.policy.plugin import HouseRules

_CDKS_OWN_LIMIT: Final = "@aws-cdk/core:stackResourceLimit"


def add_policy_checks(app: App) -> None:
    """Make every synthesis of `app` fail on what breaks a house rule, or cdk-nag's AwsSolutions pack, unacknowledged.

    CloudFormation's own validation runs beside them; cdk.json makes its findings errors
    (`@aws-cdk/core:validateAgainstDefaultRules`). Call this before anything is defined: beyond 500 resources CDK stops
    with a traceback before any check runs, and only an app without constructs can be told to leave that to the rules.
    """
    if not app.node.children and app.node.try_get_context(_CDKS_OWN_LIMIT) is None:
        app.node.set_context(_CDKS_OWN_LIMIT, 0)
    Validations.of(app).add_plugins(HouseRules(), AwsSolutionsChecks(app))
