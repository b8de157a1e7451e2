"""The keys of the gateway's owner, as stacks refer to them."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from ml_gateway.design import GatewayDesign


def encryption_key(scope: Construct, design: GatewayDesign, region: str) -> kms.IKey | None:
    """The key of that region, at the id `EncryptionKey-<region>` of `scope`; None where AWS's own key encrypts."""
    arn = design.kms_keys.get(region)
    return kms.Key.from_key_arn(scope, f"EncryptionKey-{region}", arn) if arn else None
