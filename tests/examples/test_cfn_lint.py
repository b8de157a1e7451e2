"""cfn-lint has nothing to say about the templates of the example apps."""

from pathlib import Path
from typing import Final

from aws_cdk import Environment

from examples.own_stack.app import FraudStack
from tests.policy.test_cfn_lint import lint
from tests.synthesis import Json, new_app, template_of

DEPENDENCY_SAID_TWICE: Final = "W3005"
"""CDK adds a DependsOn beside the reference that says the same: superfluous, and without effect."""


def test_templates_of_the_apps_are_clean(
    tmp_path: Path, sagemaker_endpoint: Json, lambda_model: Json, ecs_service: Json, ec2_instance: Json
) -> None:
    own_stack = template_of(FraudStack(new_app(), "fraud", env=Environment(region="us-east-1")))
    found = lint(tmp_path, [sagemaker_endpoint, lambda_model, ecs_service, ec2_instance, own_stack])
    assert set(found) <= {DEPENDENCY_SAID_TWICE}
