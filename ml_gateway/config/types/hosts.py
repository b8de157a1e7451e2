"""Which hosts an HTTP integration of API Gateway can call: names and addresses on the internet (aws/aws-cdk#24017).

What is refused has another kind of backend, which the message names.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from ml_gateway.wording import shown

BEHIND_A_LOAD_BALANCER: Final = (
    "put it behind an internal load balancer and write a backend of type load_balancer, which API Gateway reaches "
    "through a VPC link"
)

_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_NAME: Final = 253
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A host that ends so is an address (WHATWG URL Standard, "ends in a number checker"), and no top-level domain."""

# RFC 6761, RFC 7686, RFC 8375, RFC 9476 and IANA's "Special-Use Domain Names"; .internal: ICANN, 2024; those that
# networks use for themselves: RFC 6762, appendix G. The public DNS has none of them.
NOT_PUBLIC: Final = frozenset(
    (
        "alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain",
        "localhost", "onion", "private", "test",
    )
)  # fmt: skip

_REGION: Final = r"[a-z]{2}(?:-[a-z]+)+-[0-9]"
_API: Final = re.compile(rf"(?:.+\.)?([a-z0-9-]+?)(?:-fips)?\.{_REGION}\.(?:amazonaws\.com(?:\.cn)?|api\.aws)")
"""An API of AWS in a region, by its name without what stands before: `runtime.sagemaker`, `bedrock-runtime`, `sqs`."""
_GLOBAL_API: Final = re.compile(r"([a-z0-9-]+)\.amazonaws\.com")
_FUNCTION_URL: Final = re.compile(rf".+\.lambda-url\.{_REGION}\.on\.aws")
_PRIVATE: Final = re.compile(r".+\.vpce\.amazonaws\.com|internal-.+\.elb\.amazonaws\.com")
"""Public names of private addresses (PrivateLink; Elastic Load Balancing user guide, "Internal Classic Load
Balancers"). Those of internal network load balancers look like all others."""

_SERVE_EVERYBODY: Final = frozenset(("cognito-idp", "elb", "execute-api", "s3", "s3-website"))
"""What stands in place of a service where names lead to customers' own servers, or callers may be unknown."""

_SIGNED: Final = "{host} wants requests that are signed, which API Gateway does not do for a URL"


def check_public_host(host: str) -> None:
    """ValueError, with the way out, unless `host` is one that API Gateway may find on the internet."""
    name = host.lower()
    if name.startswith("["):
        raise ValueError(_about_ipv6(name.strip("[]")))
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        _check_ipv4(name)
    else:
        _check_name(name)
        _check_service(name)


def service_of(host: str) -> str | None:
    """The API of AWS that answers at a host, if one does that wants each request signed."""
    found = _API.fullmatch(host.lower()) or _GLOBAL_API.fullmatch(host.lower())
    return found[1] if found and found[1] not in _SERVE_EVERYBODY else None


def check_signature(host: str, *, authorized: bool) -> None:
    """ValueError, with the way out, if `host` is one of Bedrock's and a backend is not `authorized` by a secret.

    Its API keys stand in for signatures (Amazon Bedrock user guide, "Use an Amazon Bedrock API key").
    """
    if not authorized and (service_of(host) or "").startswith("bedrock"):
        raise ValueError(
            f"{_SIGNED.format(host=shown(host))}; write a backend with an API key of Bedrock as bearer, or one of type "
            "lambda, whose function signs"
        )


def _about_ipv6(text: str) -> str:
    try:
        public = _is_public(IPv6Address(text))
    except ValueError:
        return f"{shown(text)} is no address; write the name of a host, such as model.example.com"
    if public:
        return f"{shown(text)} is an address of IPv6, which API Gateway is not documented to call; write a host's name"
    return f"{shown(text)} is an address that nobody reaches over the internet; {BEHIND_A_LOAD_BALANCER}"


def _check_ipv4(text: str) -> None:
    try:
        # All spellings that resolvers take: 0x7f.1, 2130706433, 0177.0.0.1.
        address = IPv4Address(socket.inet_aton(text))
    except OSError:
        raise ValueError(f"{shown(text)} is no address; write four numbers up to 255, or the name of a host") from None
    spelled = "" if text == str(address) else f", which is {address},"
    if not _is_public(address):
        raise ValueError(
            f"{shown(text)}{spelled} is an address that nobody reaches over the internet; {BEHIND_A_LOAD_BALANCER}"
        )
    if spelled:
        raise ValueError(f"{shown(text)} is another spelling of {address}; write that")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """`is_global` takes multicast for public, and looks at no address of IPv4 inside."""
    inner = address.ipv4_mapped or address.sixtofour if isinstance(address, IPv6Address) else None
    return address.is_global and not address.is_multicast and (inner is None or _is_public(inner))


def _check_name(name: str) -> None:
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(
            f"{shown(name)} is no name of a host; write parts of up to 63 letters, digits and hyphens, "
            f"{_LONGEST_NAME} characters in all"
        )
    if len(labels) == 1:
        raise ValueError(
            f"{shown(name)} is a name without a domain, which is not found on the internet; {BEHIND_A_LOAD_BALANCER}"
        )
    if labels[-1] in NOT_PUBLIC:
        raise ValueError(
            f"{shown(name)} ends in .{labels[-1]}, which is not found on the internet; {BEHIND_A_LOAD_BALANCER}"
        )


def _check_service(name: str) -> None:
    """Names of AWS that lead nowhere from outside, or to an API that wants what an `http` backend cannot do: sign."""
    if _PRIVATE.fullmatch(name):
        raise ValueError(f"{shown(name)} has private addresses alone; {BEHIND_A_LOAD_BALANCER}")
    if _FUNCTION_URL.fullmatch(name):
        raise ValueError(
            f"{shown(name)} is open to everybody, or wants a signature that API Gateway does not give; write a backend "
            "of type lambda with the name of the function"
        )
    service = service_of(name)
    if service and not service.startswith("bedrock"):
        way_out = _INSTEAD.get(service, "write a backend of type lambda, whose function calls it")
        raise ValueError(f"{_SIGNED.format(host=shown(name))}; {way_out}")


_INSTEAD: Final = {
    "lambda": "write a backend of type lambda with the name of the function",
    "sagemaker": "write a backend of type sagemaker with the name of the endpoint",
}
"""Services whose calls API Gateway signs by another kind of backend."""
