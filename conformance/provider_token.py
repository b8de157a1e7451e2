"""The tokens of providers, which somebody has to have put into Secrets Manager before a gateway is deployed."""

from typing import Any, Final

from ml_gateway.config import GatewayConfig, HttpBackendConfig

PROVIDER_TOKEN: Final = "token-of-the-provider"  # noqa: S105 (opens nothing)


def define_provider_tokens(config: GatewayConfig, client: Any) -> None:
    """Define each secret that a `bearer` of `config` names; `client` is boto3's for Secrets Manager.

    Secrets Manager documents that a ClientRequestToken becomes the version id: so the file can know it beforehand.
    """
    for backend in config.backends.values():
        if isinstance(backend, HttpBackendConfig) and backend.bearer:
            client.create_secret(
                Name=backend.bearer.secret, ClientRequestToken=backend.bearer.version, SecretString=PROVIDER_TOKEN
            )
