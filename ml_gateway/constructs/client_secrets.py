"""The values of the clients' keys, each generated and kept where its client can fetch it."""

import string
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import ClientConfig, GatewayConfig
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.constructs.secret_keys import replicas
from ml_gateway.credentials import CLIENT_KEY_LENGTH
from ml_gateway.policy import acknowledge
from ml_gateway.serving.settings import check_name, refuse

ANY_KEY: Final = ("<client>", "<key>")
"""What stands for the names of a client and of its key in a command that holds for all."""


class ClientSecrets(Construct):
    """A generated secret for each key of each client, `<gateway_name>/clients/<client>/<key>`.

    `clients`: each client and the names of its keys. Those in `token_clients` have one more, `_tokens`, which nobody
    is to be given: it counts for all their tokens. A client that is left out loses its secrets with the next
    deploy; one that comes back under the same name gets new values.

    In a stack of their own, deployed first, they outlive the API: `ClientKeys` of another API have the same keys.
    `replica_regions`: where else a stack reads them by their names. `encryption_key` encrypts them in place of
    aws/secretsmanager, and `replica_keys` has one for each of these regions, then. Errors: a replica without a key
    beside a secret with one.
    """

    secrets: Mapping[str, Mapping[str, secretsmanager.Secret]]
    """By client and key."""

    key_command: str
    """The command that prints a key, for whoever may read its secret, once `<client>` and `<key>` are put in."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        clients: Mapping[str, Sequence[str]],
        token_clients: Collection[str] = (),
        replica_regions: Sequence[str] = (),
        encryption_key: kms.IKey | None = None,
        replica_keys: Mapping[str, kms.IKey] = MappingProxyType({}),
    ) -> None:
        super().__init__(scope, construct_id)
        refuse_setting(GatewayConfig, "name", gateway_name, of="ClientSecrets.gateway_name")
        for client, keys in clients.items():
            refuse("ClientSecrets.clients", check_name, client)
            if keys or client not in token_clients:
                refuse_setting(ClientConfig, "keys", tuple(keys), of=f"ClientSecrets.clients.{client}")
        self.gateway_name = gateway_name
        self._encryption_key = encryption_key
        self._replicas = replicas(replica_regions, encryption_key=encryption_key, replica_keys=replica_keys)
        self.secrets = {
            client: self._define_client(client, [*sorted(keys), *([naming.TOKENS] if client in token_clients else [])])
            for client, keys in sorted(clients.items())
        }
        self.key_command = _render_key_command(gateway_name, Stack.of(self).region)

    def _define_client(self, client: str, keys: Sequence[str]) -> dict[str, secretsmanager.Secret]:
        scope = Construct(self, client)
        return {
            key: self._define_secret(Construct(scope, key), naming.client_secret(self.gateway_name, client, key))
            for key in keys
        }

    def _define_secret(self, scope: Construct, secret_name: str) -> secretsmanager.Secret:
        """The secret of one key. A test freezes its settings: any other would generate a new value under its name."""
        secret = secretsmanager.Secret(
            scope,
            "Secret",
            secret_name=secret_name,
            description="Key of a client of ml_gateway. Never change its value: give the client a second key instead.",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True,
                # The same once more, for MiniStack 1.5.33, which knows the characters only. Keys with other characters
                # would not be taken for ours at the edge (credentials.js).
                exclude_characters=string.punctuation,
                password_length=CLIENT_KEY_LENGTH,
            ),
            encryption_key=self._encryption_key,
            replica_regions=self._replicas,
        )
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "only its client can change a key over: a second key is added, and the first one removed later",
        )
        return secret


def _render_key_command(gateway_name: str, region: str) -> str:
    secret = naming.client_secret(gateway_name, *ANY_KEY)
    # In quotes: a shell would take the brackets of a placeholder that was left for redirections.
    return (
        f"aws secretsmanager get-secret-value --region {region} --secret-id '{secret}' "
        "--query SecretString --output text"
    )
