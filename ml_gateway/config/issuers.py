"""Whose tokens are taken, as the file describes it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from ml_gateway.config.section import Section, between
from ml_gateway.config.types.annotated import JsonSchema, ReadOnlyMap
from ml_gateway.config.types.tokens import CLAIM, Audiences, Claim, ClaimValue, IssuerUrl
from ml_gateway.conflicts import Conflict

NAMES_THE_USE: Final = ("token_use", "typ")
"""Claims in which issuers say what a token is for: Amazon Cognito and Keycloak."""

_NAMES_THE_USE: Final[JsonSchema] = {"require": {"anyOf": [{"required": [name]} for name in NAMES_THE_USE]}}
_FOR_THIS_GATEWAY: Final[JsonSchema] = {
    "allOf": [{"anyOf": [{"required": ["audience"]}, {"required": ["require"], "properties": _NAMES_THE_USE}]}]
}
"""What an editor takes."""


class IssuerConfig(Section):
    """An issuer of OpenID Connect, and which of its tokens are taken: those that it signed for this gateway."""

    model_config = ConfigDict(json_schema_extra=_FOR_THIS_GATEWAY)

    url: IssuerUrl = Field(examples=["https://login.acme.com/"])
    """The issuer, to the letter as its tokens have it in `iss`. Below it lies /.well-known/openid-configuration, which
    has to be reachable from the internet."""

    audience: Audiences | None = Field(default=None, examples=["https://ml.acme.com"])
    """Whom a token has to be for, in `aud`; several where any of them will do. Not needed where `require` says what a
    token is for."""

    claim: Claim = Field(examples=["azp"])
    """The claim that names the client, such as azp, client_id, appid or sub. Its value has to be one text."""

    require: Annotated[
        Mapping[str, ClaimValue], Field(max_length=10, examples=[{"token_use": "access"}]), ReadOnlyMap(CLAIM)
    ] = {}
    """Claims that a token has to have, each with exactly this text. Default: none beside iss, exp and aud."""

    @between("audience", "require")
    def _tokens_are_for_this_gateway(self) -> Iterator[Conflict]:
        if self.audience is None and not any(name in self.require for name in NAMES_THE_USE):
            message = (
                "missing; write the audience that the issuer gives to tokens for this gateway. Without one any token "
                "of the issuer would do, also one that signs a person in somewhere: where tokens have no aud, as "
                "those of Amazon Cognito, write require: {token_use: access}"
            )
            yield Conflict(message, ("audience",))
