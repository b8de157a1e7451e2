"""Exceptions to policy, each beside the resource that it is about."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept what `rule` finds on `construct`, for a `reason` that a stranger would accept.

    One rule each; where a rule reports several findings the one that is meant stands in brackets after its id,
    as in `AwsSolutions-IAM4[Policy::...]` (cdk-nag).
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
