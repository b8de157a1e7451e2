"""The types of the edge's settings: names, addresses and ARNs as the services define them."""

import ipaddress
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching, Quantity
from ml_gateway.config.types.countries import COUNTRIES, MEANT_BY
from ml_gateway.config.types.fields import Duration, check_no_repeats
from ml_gateway.config.types.headers import HEADER_NAME, check_page_header
from ml_gateway.config.types.quantities import (
    PERCENTAGE_PATTERN,
    WINDOW_PATTERN,
    Percentage,
    RequestWindow,
    format_duration,
)
from ml_gateway.config.types.urls import PATH_PATTERN
from ml_gateway.wording import shown

_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ANY_LABEL: Final = _LABEL.replace("a-z", "A-Za-z")
_DOMAIN: Final = rf"(?=.{{4,253}}$)({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?"


ANY_WEB_ORIGIN: Final = "*"

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_AT_HOME: Final = ("localhost", "127.0.0.1")
_DOMAINS_OF_AWS: Final = ("cloudfront.net", "amazonaws.com")


def _check_address_range(text: str) -> str:
    """A range in CIDR notation, as AWS WAF takes it: no address of an interface, no bits behind the prefix, not all."""
    if "%" in text:
        raise ValueError(f"{shown(text)} has a zone, which no address on the internet has; take out % and what follows")
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        try:
            way_out = f"; write {ipaddress.ip_network(text, strict=False)}"
        except ValueError:
            way_out = "; write one in CIDR notation such as 203.0.113.0/24"
        raise ValueError(f"{shown(text)} is not an address range{way_out}") from None
    if not network.prefixlen:
        raise ValueError(f"{shown(text)} is everybody, which AWS WAF does not take; write a narrower range")
    return str(network)


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


def _check_country(country: str) -> str:
    if country not in COUNTRIES:
        meant = MEANT_BY.get(country.upper(), country.upper())
        way_out = (
            f"did you mean {meant!r}?"
            if meant in COUNTRIES
            else "write its two capital letters in ISO 3166-1, such as DE"
        )
        raise ValueError(f"{shown(country)} is not a country; {way_out}")
    return country


def _check_latency(latency: timedelta) -> timedelta:
    if not latency:
        raise ValueError(f"no answer comes in {format_duration(latency)}; write a duration such as 2s")
    return latency


FirewallRate = Annotated[RequestWindow, Quantity(RequestWindow, RequestWindow.parse, str, WINDOW_PATTERN, "2000/5m")]
AddressRange = Annotated[StrictStr, AfterValidator(_check_address_range)]
AddressRanges = Annotated[
    tuple[AddressRange, ...],
    Field(max_length=10_000, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]
"""AWS WAF's quota: 10,000 addresses in an IP set."""

Country = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^({'|'.join(sorted(COUNTRIES))})$"}),
    AfterValidator(_check_country),
]
Countries = Annotated[
    tuple[Country, ...],
    Field(json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]

DomainName = Annotated[
    StrictStr,
    Matching(_DOMAIN, "a domain name", "one in lower case such as ml.acme.com"),
    AfterValidator(_check_domain_name),
]
CertificateArn = Annotated[
    StrictStr,
    Matching(
        r"arn:aws:acm:us-east-1:[0-9]{12}:certificate/[a-zA-Z0-9-]{1,64}",
        "an ARN of a certificate in us-east-1, where CloudFront reads it",
        "one such as arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    ),
]
HostedZoneId = Annotated[
    StrictStr, Matching(r"Z[A-Z0-9]{1,31}", "an id of a hosted zone", "one such as Z0123456789ABCDEFGHIJ")
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
WebOrigins = Annotated[
    tuple[WebOrigin, ...],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]
CorsHeaders = Annotated[
    tuple[Annotated[StrictStr, HEADER_NAME, AfterValidator(check_page_header)], ...],
    Field(json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]
LiteralPath = Annotated[
    StrictStr,
    Matching(rf"(?!.*\{{){PATH_PATTERN}", "a path", "letters, digits and . _ : $ - after each slash, such as /health"),
]
Email = Annotated[
    StrictStr,
    Matching(
        rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?=.{{1,253}}$)({_ANY_LABEL}\.)+{_ANY_LABEL}",
        "an email address",
        "one such as ops@acme.com",
    ),
]
ErrorShare = Annotated[Percentage, Quantity(Percentage, Percentage.parse, str, PERCENTAGE_PATTERN, "1%")]
Latency = Annotated[Duration, AfterValidator(_check_latency)]
