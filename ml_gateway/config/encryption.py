"""Whose keys encrypt what a gateway keeps."""

from collections.abc import Iterator

from pydantic import Field

from ml_gateway.config.section import Section, between
from ml_gateway.config.types.aws import KmsKeys
from ml_gateway.conflicts import Conflict
from ml_gateway.wording import shown


class EncryptionConfig(Section):
    """Keys of AWS KMS that are yours, in place of AWS's own: for secrets and their replicas, log groups, topics."""

    kms_key: KmsKeys = Field(
        min_length=1, examples=["arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"]
    )
    """The ARN of the key; or, with the API outside us-east-1, a map with one for us-east-1 and one for its region. What
    its policy has to allow: docs/encryption.md."""

    @between("kms_key")
    def _each_key_is_of_its_region(self) -> Iterator[Conflict]:
        for region, key in self.kms_key.items():
            if (found := key.split(":")[3]) != region:
                message = f"{shown(key)} is in {found}, not in {region}; write {found}: before it, or another key"
                yield Conflict(message, ("kms_key", region))
