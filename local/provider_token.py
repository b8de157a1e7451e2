"""The tokens of providers, which somebody has to have put into Secrets Manager before a gateway is deployed."""

from contextlib import suppress
from typing import Any, Final

from ml_gateway.config import GatewayConfig, HttpBackendConfig

PROVIDER_TOKEN: Final = "token-of-the-provider"  # noqa: S105 (opens nothing)


def define_provider_tokens(config: GatewayConfig, client: Any) -> None:
    """Define the secrets that `bearer` names in `config`, unless they are there; `client`: boto3's for Secrets Manager.

    Secrets Manager documents that a ClientRequestToken becomes the version id: so the file can know it beforehand.
    """
    for backend in config.backends.values():
        if isinstance(backend, HttpBackendConfig) and backend.bearer:
            name, version = backend.bearer.secret, backend.bearer.version
            with suppress(client.exceptions.ResourceExistsException):
                client.create_secret(Name=name, ClientRequestToken=version, SecretString=PROVIDER_TOKEN)
            # Another version of it may be wanted. And MiniStack 1.5.33 gives the first one an id of its own.
            if version not in client.describe_secret(SecretId=name)["VersionIdsToStages"]:
                client.put_secret_value(SecretId=name, ClientRequestToken=version, SecretString=PROVIDER_TOKEN)
