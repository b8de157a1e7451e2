"""Whose keys encrypt a secret and its replicas."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager


def replicas(
    regions: Sequence[str], *, encryption_key: kms.IKey | None, replica_keys: Mapping[str, kms.IKey]
) -> list[secretsmanager.ReplicaRegion]:
    """A replica in each of the `regions`, under the key of that region.

    Errors: an `encryption_key` of somebody's own and none for a replica, which would be under aws/secretsmanager; a
    key for a region without a replica.
    """
    if missing := [region for region in regions if encryption_key is not None and region not in replica_keys]:
        raise ValueError(f"replica_keys has no key of {missing[0]}, where a replica is; name one, as for the secret")
    if idle := sorted(replica_keys.keys() - set(regions)):
        raise ValueError(f"replica_keys has a key of {idle[0]}, where no replica is; leave it out")
    return [secretsmanager.ReplicaRegion(region=each, encryption_key=replica_keys.get(each)) for each in regions]
