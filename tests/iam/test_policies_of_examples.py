"""Every role, policy and permission of the examples, as an evaluator of IAM decides that is not ours."""

import json
from collections.abc import Mapping

from tests.iam.check import Place, differences, superfluous
from tests.iam.conftest import Stacks
from tests.iam.meant import MEANT
from tests.iam.policies import PLACES, Policies

NOT_NEEDED = {
    # log_access_logs of CDK lets deliveries of any source ask the same, which tells them who owns the bucket.
    (("llama-ecs", "NetworkLogsPolicy"), "s3:GetBucketAcl of attached 3"),
    (("scoring-ec2", "NetworkLogsPolicy"), "s3:GetBucketAcl of attached 3"),
}


def test_what_is_meant_is_allowed_and_nothing_like_it(found: Mapping[Place, Policies]) -> None:
    """No other action of the service, no neighbour, nobody else, nothing from another source."""
    assert differences(found, MEANT) == []


def test_every_part_of_a_policy_is_needed_by_what_is_meant(found: Mapping[Place, Policies]) -> None:
    assert set(superfluous(found, MEANT)) == NOT_NEEDED


def test_a_function_is_asked_by_the_same_however_lambda_compares_the_source(found: Mapping[Place, Policies]) -> None:
    """AWS's pages name two operators."""
    functions = {
        place: its
        for place, its in found.items()
        if any(statement["Action"] == "lambda:InvokeFunction" for statement in its.attached)
    }
    written = json.dumps([its.attached for its in functions.values()])
    assert "ArnLike" in written
    other = json.loads(written.replace("ArnLike", "StringLike"))
    policies = {place: Policies(attached=its) for place, its in zip(functions, other, strict=True)}
    assert differences(policies, {place: MEANT[place] for place in policies}) == []


def test_the_examples_have_policies_wherever_they_are_looked_for(stacks: Stacks) -> None:
    resources = [resource for _, template in stacks.values() for resource in template["Resources"].values()]
    seen = {(resource["Type"], key) for resource in resources for key in resource.get("Properties", {})}
    assert {*PLACES, ("AWS::Lambda::Permission", "SourceArn"), ("AWS::IAM::Role", "ManagedPolicyArns")} <= seen
