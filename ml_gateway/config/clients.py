"""The callers that the gateway knows, as the file describes them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from ml_gateway.config.plans import PlanOfClient
from ml_gateway.config.section import Section, between
from ml_gateway.config.types.annotated import JsonSchema, ReadOnlyMap
from ml_gateway.config.types.keys import KeyNames
from ml_gateway.config.types.names import ENTRY_NAME, Description, ModelNames
from ml_gateway.config.types.tokens import Identities
from ml_gateway.conflicts import Conflict

_KEYS_OR_TOKENS: Final[JsonSchema] = {
    "if": {"required": ["jwt"]},
    "else": {"properties": {"keys": {"minItems": 1}}},
}
"""What an editor takes."""


class ClientConfig(Section):
    """A caller with keys or tokens of its own: what it may call is limited for it alone."""

    model_config = ConfigDict(json_schema_extra=_KEYS_OR_TOKENS)

    plan: PlanOfClient = Field(examples=["free", {"rate": "5/s", "burst": 10, "quota": "1000/day"}])
    """The name of the plan that limits it, or a plan of its own with the settings of `plans.<name>`, whose values
    change in place. Each of its keys has the plan's rate and quota for itself, and all its tokens together have it
    once."""

    description: Description | None = Field(default=None, examples=["The app for phones."])
    """What the console shows beside its keys."""

    keys: KeyNames | None = Field(default=None, examples=[["a", "b"]])
    """The names of its keys, all of them valid: with two a client changes over from one to the other. Default: one,
    called default; none for a client with jwt."""

    models: ModelNames | None = Field(default=None, examples=[["predict", "llama"]])
    """The models that it may call. Default: all."""

    jwt: Annotated[
        Mapping[str, Identities],
        Field(examples=[{"corp": "batch-prod"}, {"corp": ["px", "px-test"]}]),
        ReadOnlyMap(ENTRY_NAME),
    ] = {}
    """The tokens that are its own: by the name of an issuer what that one's claim says. Default: it has no tokens."""

    @between("keys", "jwt")
    def _there_is_a_way_in(self) -> Iterator[Conflict]:
        if self.keys == () and not self.jwt:
            message = "empty, and nobody could call as this client; name a key, or write jwt with the tokens it has"
            yield Conflict(message, ("keys",))
