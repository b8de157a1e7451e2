"""The clients: what each comes with, and what it may call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.config import ClientConfig, PlanConfig

USUAL_KEYS: Final = ("default",)
"""What a client that says nothing of keys or tokens has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientDesign:
    """One client. `plan`: the name of one, or its own. `keys`: their names. `models`: None for no list, which is all of
    them. `tokens`: by the name of an issuer, what its claim says of this client."""

    plan: str | PlanConfig
    description: str | None
    keys: tuple[str, ...]
    models: tuple[str, ...] | None
    tokens: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, client: ClientConfig) -> "ClientDesign":
        usual = () if client.jwt else USUAL_KEYS
        return cls(
            plan=client.plan,
            description=client.description,
            keys=usual if client.keys is None else client.keys,
            models=client.models,
            tokens=client.jwt,
        )

    @property
    def shares(self) -> int:
        """How often its plan is granted: to each key, and once to all tokens."""
        return len(self.keys) + bool(self.tokens)
