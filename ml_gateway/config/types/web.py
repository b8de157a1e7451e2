"""The types of host names, web origins and addresses of mail."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.lists import Distinct
from ml_gateway.wording import shown

_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ANY_LABEL: Final = _LABEL.replace("a-z", "A-Za-z")
_DOMAIN: Final = rf"(?=.{{4,253}}$)({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?"


ANY_WEB_ORIGIN: Final = "*"

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_AT_HOME: Final = ("localhost", "127.0.0.1")
_DOMAINS_OF_AWS: Final = ("cloudfront.net", "amazonaws.com")


def _check_web_origin(origin: str) -> str:
    """An origin that a browser can send (RFC 6454): no port that its scheme implies, and unencrypted at home only."""
    if origin == ANY_WEB_ORIGIN:
        return origin
    scheme, host, *given = origin.replace("://", ":").split(":")
    if given and not 1 <= int(given[0]) <= 65535:
        raise ValueError(f"{shown(origin)} has a port that does not exist; write 1 to 65535")
    if given and int(given[0]) == _USUAL_PORTS[scheme]:
        raise ValueError(f"{shown(origin)} names the usual port, which browsers leave out; write {scheme}://{host}")
    if scheme == "http" and host not in _AT_HOME:
        raise ValueError(
            f"{shown(origin)} is not encrypted, so anybody on the way could change its pages; write https://{host}, or "
            f"one of {' and '.join(_AT_HOME)}"
        )
    return origin


def _check_domain_name(name: str) -> str:
    for owned in _DOMAINS_OF_AWS:
        if f".{name}".endswith(f".{owned}"):
            raise ValueError(f"{shown(name)} belongs to AWS; write a name below a domain of your own")
    return name


DomainName = Annotated[
    StrictStr,
    Matching(_DOMAIN, "a domain name", "one in lower case such as ml.acme.com"),
    AfterValidator(_check_domain_name),
]
WebOrigin = Annotated[
    StrictStr,
    Matching(
        rf"(\*|https?://{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?)",
        "an origin of web pages",
        "scheme, host and port alone, such as https://app.acme.com, or '*'",
    ),
    AfterValidator(_check_web_origin),
]
WebOrigins = Annotated[tuple[WebOrigin, ...], Field(min_length=1), Distinct()]
Host = Annotated[
    StrictStr,
    Matching(
        r"(?=.{1,253}$)(?![0-9.]+$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
        r"(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*",
        "a DNS name",
        "one such as llama.internal",
    ),
]
Email = Annotated[
    StrictStr,
    Matching(
        rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?=.{{1,253}}$)({_ANY_LABEL}\.)+{_ANY_LABEL}",
        "an email address",
        "one such as ops@acme.com",
    ),
]
