"""The types of what is said about issuers and their tokens."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.hosts import NOT_PUBLIC
from ml_gateway.config.types.lists import Distinct, OneOrMore
from ml_gateway.wording import shown

DISCOVERY: Final = "/.well-known/openid-configuration"
"""OpenID Connect Discovery 1.0, 4: below the issuer, whose own slash at the end is left out."""

_ANY_TENANT: Final = ("common", "organizations", "consumers")
"""Where Microsoft's addresses have the tenant, for all tenants at once; the tokens have the tenant's own id."""

_URL: Final = r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"


def _check_issuer(url: str) -> str:
    """OpenID Connect Core 1.0, 2, `iss`: an https URL of a host and maybe a path, without a query or a fragment."""
    if re.match("http://", url):
        raise ValueError(f"{shown(url)} is not encrypted, and whoever is between could sign any token; write https://")
    if DISCOVERY in url:
        issuer = url.partition(DISCOVERY)[0]
        raise ValueError(f"{shown(url)} is the address of the discovery document; write the issuer itself: {issuer}")
    if not re.fullmatch(_URL, url):
        raise ValueError(
            f"{shown(url)} is no issuer; write its https:// URL, without a query or a fragment, such as "
            "https://login.acme.com/"
        )
    address = urlsplit(url)
    *_, domain, top = ["", "", *(address.hostname or "").split(".")]
    if not domain or top in NOT_PUBLIC or top.isdecimal():
        raise ValueError(
            f"{shown(url)} is not found on the internet, where the gateway asks for the issuer's keys; write an issuer "
            "that has a name there"
        )
    first, *_ = address.path.removeprefix("/").split("/")
    if address.hostname == "login.microsoftonline.com" and first in _ANY_TENANT:
        raise ValueError(f"{shown(url)} is no issuer of tokens; write the id of your tenant in place of {first}")
    return url


_TEXT: Final = r"[!-~]([ -~]{0,254}[!-~])?"
CLAIM: Final = Matching(_TEXT, "the name of a claim", "printable ASCII, at most 256 characters, such as azp")
VALUE: Final = Matching(_TEXT, "the value of a claim", "printable ASCII, at most 256 characters")
IDENTITY: Final = Matching(
    rf"(?!.*\*){_TEXT}",
    "the value of a claim",
    "it to the letter, without *: printable ASCII, at most 256 characters; list each where there are several",
)

IssuerUrl = Annotated[
    StrictStr,
    AfterValidator(_check_issuer),
    Field(max_length=512, json_schema_extra={"pattern": f"^{_URL}$"}),
]
Claim = Annotated[StrictStr, CLAIM]
ClaimValue = Annotated[StrictStr, VALUE]
Audiences = Annotated[tuple[ClaimValue, ...], Field(min_length=1, max_length=10), Distinct(), OneOrMore()]
Identities = Annotated[tuple[Annotated[StrictStr, IDENTITY], ...], Field(min_length=1, max_length=100), OneOrMore()]
"""What the claim of one client has: one value, or any of several."""
