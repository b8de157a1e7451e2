"""Callers of the gateway of identities.yaml: with keys, and with tokens of an issuer on loopback."""

from typing import Any, Final

from ml_gateway.local.gateway import LocalGateway, keys_of_clients
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.tokens import claims_of
from tests.e2e.exact_requests import Headers

NOT_ALLOWED: Final = (403, "model_not_allowed")
NOBODY: Final = (401, "unauthorized")


def key_of(gateway: LocalGateway, client: str, key: str) -> str:
    return keys_of_clients(gateway.config, gateway.cloud)[client][key]


def claims_for(issuer: FailingIssuer, name: str = "corp", **changes: Any) -> dict[str, Any]:
    """Of a token of `partner`, with other claims in place of some; those that are None are left out."""
    own = {"corp": {"azp": "px"}, "pool": {"client_id": "1partner"}}[name]
    return claims_of(issuer, name, **{**own, **changes})


def bearer(token: str) -> Headers:
    return [("Authorization", f"Bearer {token}")]
