"""The secrets by which an API knows its distribution: defined once for both locks, and apart from them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.constructs.secret_keys import replicas
from ml_gateway.credentials import ACCEPTED_GENERATIONS, KEPT_GENERATIONS, ORIGIN_SECRET_LENGTH
from ml_gateway.policy import acknowledge


class OriginSecrets(Construct):
    """The origin secrets of a gateway, `<gateway_name>/origin/<n>`: one for each generation.

    There are three: `generation`, which the distribution sends, the one before it, which a lock still accepts, and the
    one before that, which nothing uses any more. CloudFormation resolves the reference that a resource had once more
    when it updates the resource, rolls it back or deletes it (aws-cloudformation/cloudformation-coverage-roadmap#1246):
    the last one is there for the lock of the deploy before. So raise `generation` by one, and again when all stacks
    have been deployed.

    In a stack of their own, deployed first, they outlive the API and the distribution, and in one stack with both they
    do not. `replica_regions`: where else a stack reads them by their names. `encryption_key` encrypts them in place of
    aws/secretsmanager, and `replica_keys` has one for each of these regions, then. Errors: a generation below 1; a
    replica without a key beside a secret with one.
    """

    sent: str
    """The name of the secret that the distribution has to send."""

    accepted: Mapping[int, str]
    """Each generation that a lock accepts and the name of its secret, the one before `generation` first."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        generation: int = 1,
        replica_regions: Sequence[str] = (),
        encryption_key: kms.IKey | None = None,
        replica_keys: Mapping[str, kms.IKey] = MappingProxyType({}),
    ) -> None:
        super().__init__(scope, construct_id)
        refuse_setting(GatewayConfig, "name", gateway_name, of="OriginSecrets.gateway_name")
        if generation < 1:
            raise ValueError(f"generation must be at least 1, got {generation}; the first one is 1")
        self.gateway_name = gateway_name
        kept = _newest(gateway_name, generation, KEPT_GENERATIONS)
        replicated = replicas(replica_regions, encryption_key=encryption_key, replica_keys=replica_keys)
        for number, secret_name in kept.items():
            _define_secret(Construct(self, f"Generation{number}"), secret_name, encryption_key, replicated)
        self.accepted = _newest(gateway_name, generation, ACCEPTED_GENERATIONS)
        self.sent = self.accepted[generation]


def _newest(gateway_name: str, generation: int, count: int) -> dict[int, str]:
    oldest = max(1, generation + 1 - count)
    return {number: naming.origin_secret(gateway_name, number) for number in range(oldest, generation + 1)}


def _define_secret(
    scope: Construct,
    secret_name: str,
    encryption_key: kms.IKey | None,
    replicated: Sequence[secretsmanager.ReplicaRegion],
) -> None:
    """At the id `Secret` of `scope`. Its value never changes: a test freezes the generator's settings, because a
    change of any of them would generate a new value under the same name. Another test freezes the logical id: under a
    new one CloudFormation would want to define the name twice."""
    secret = secretsmanager.Secret(
        scope,
        "Secret",
        secret_name=secret_name,
        description="Origin secret of ml_gateway. Never change its value: raise origin_lock.generation instead.",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            exclude_punctuation=True, password_length=ORIGIN_SECRET_LENGTH
        ),
        encryption_key=encryption_key,
        replica_regions=replicated,
    )
    acknowledge(
        secret,
        "AwsSolutions-SMG4",
        "rotation is declared (origin_lock.generation): no deploy would notice a value that changes in place",
    )
