"""The one region that serves what is global."""

from aws_cdk import Stack, Token
from constructs import Construct

from ml_gateway.naming import EDGE_REGION


def check_edge_region(construct: Construct, what: str) -> None:
    """Refuse to define `what` in a stack that is known to be in a region where CloudFront would not find it."""
    region = Stack.of(construct).region
    if not Token.is_unresolved(region) and region != EDGE_REGION:
        raise ValueError(
            f"{what} cannot be defined in {region}, where CloudFront does not find it; "
            f"define it in a stack in {EDGE_REGION}"
        )
