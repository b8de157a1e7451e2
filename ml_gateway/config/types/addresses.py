"""The types of lists of addresses."""

import ipaddress
from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.lists import Distinct
from ml_gateway.wording import shown


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


AddressRange = Annotated[StrictStr, AfterValidator(_check_address_range)]
AddressRanges = Annotated[tuple[AddressRange, ...], Field(max_length=10_000), Distinct()]
"""AWS WAF's quota: 10,000 addresses in an IP set."""
