"""The origin secret: defined once for both locks, so that a gateway keeps its secrets when its lock changes."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ml_gateway import naming
from ml_gateway.credentials import ORIGIN_SECRET_LENGTH
from ml_gateway.policy import acknowledge

ACCEPTED_GENERATIONS: Final = 2
"""The API accepts the newest generation and the one before."""


def accepted_generations(gateway_name: str, generation: int) -> dict[int, str]:
    """Each generation that a lock accepts and the name of its secret, the one before `generation` first.

    Errors: a generation below 1.
    """
    if generation < 1:
        raise ValueError(f"generation must be at least 1, got {generation}; the first one is 1")
    oldest = max(1, generation + 1 - ACCEPTED_GENERATIONS)
    return {number: naming.origin_secret(gateway_name, number) for number in range(oldest, generation + 1)}


def define_origin_secret(
    scope: Construct, *, secret_name: str, replica_regions: Sequence[str]
) -> secretsmanager.Secret:
    """The secret of one generation, at the id `Secret` of `scope`, which is at `Generation<n>` of its lock.

    Its value never changes: whoever holds it keeps it until the generation is gone. A test freezes the generator's
    settings, because a change of any of them would generate a new value under the same name. Another test keeps
    the logical id the same for both locks: under a new one CloudFormation would want to define the name twice.
    """
    secret = secretsmanager.Secret(
        scope,
        "Secret",
        secret_name=secret_name,
        description="Origin secret of ml_gateway. Never change its value: raise origin_lock.generation instead.",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            exclude_punctuation=True, password_length=ORIGIN_SECRET_LENGTH
        ),
        replica_regions=[secretsmanager.ReplicaRegion(region=region) for region in replica_regions],
    )
    acknowledge(
        secret,
        "AwsSolutions-SMG4",
        "rotation is declared (origin_lock.generation): no deploy would notice a value that changes in place",
    )
    return secret
