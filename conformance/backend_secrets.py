"""The secrets of backends, which somebody has to have put into Secrets Manager before a gateway is deployed."""

from typing import Any

from ml_gateway.config import GatewayConfig
from ml_gateway.config.backends import HttpServerConfig


def value_of(secret: str) -> str:
    """What the secret of that name holds; it opens nothing."""
    return f"value-of-{secret.rpartition('/')[2]}"


def define_backend_secrets(config: GatewayConfig, client: Any) -> None:
    """Define each secret that a backend of `config` is sent; `client` is boto3's for Secrets Manager.

    Secrets Manager documents that a ClientRequestToken becomes the version id: so the file can know it beforehand.
    """
    for backend in config.backends.values():
        if isinstance(backend, HttpServerConfig):
            for each in backend.secrets.values():
                client.create_secret(
                    Name=each.secret, ClientRequestToken=each.version, SecretString=value_of(each.secret)
                )
