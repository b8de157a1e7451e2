"""The secrets of backends, which somebody has to have put into Secrets Manager before a gateway is deployed."""

from contextlib import suppress
from typing import Any

from ml_gateway.config import GatewayConfig, HttpServerConfig


def value_of(secret: str) -> str:
    """What the secret of that name holds; it opens nothing."""
    return f"value-of-{secret.rpartition('/')[2]}"


def define_backend_secrets(config: GatewayConfig, client: Any) -> None:
    """Define each secret that a backend of `config` is sent, unless it is there; `client`: boto3's for Secrets Manager.

    Secrets Manager documents that a ClientRequestToken becomes the version id: so the file can know it beforehand.
    """
    for backend in config.backends.values():
        for each in backend.secrets.values() if isinstance(backend, HttpServerConfig) else ():
            content = {"ClientRequestToken": each.version, "SecretString": value_of(each.secret)}
            with suppress(client.exceptions.ResourceExistsException):
                client.create_secret(Name=each.secret, **content)
            # Another version of it may be wanted. And MiniStack 1.5.33 gives the first one an id of its own.
            if each.version not in client.describe_secret(SecretId=each.secret)["VersionIdsToStages"]:
                client.put_secret_value(SecretId=each.secret, **content)
