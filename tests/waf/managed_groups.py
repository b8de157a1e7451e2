"""Stand-ins for the rules of the groups that AWS manages.

AWS publishes what each rule is for and an example or two, and no patterns. So each stub here has the name of AWS's rule
and looks for nothing but the example of its page, where the page says that the rule looks. They show which rules are
asked, in which order, and what becomes of their answers. They show nothing of what AWS's own rules take for an attack.

https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from tests.waf.requests import Inspected

Stub = Callable[[Inspected], bool]
"""Whether the rule matches."""
Part = Callable[[Inspected], Iterator[bytes]]

LISTED: Final = "203.0.113.66"
SCANNING: Final = "203.0.113.67"
FLOODING: Final = "203.0.113.68"
"""Addresses that stand in for the lists of AWS."""


def _body(seen: Inspected) -> Iterator[bytes]:
    """Its beginning: the pages say that these rules go on with what is there."""
    yield seen.body


def _path(seen: Inspected) -> Iterator[bytes]:
    yield unquote_to_bytes(seen.request.path)


def _query(seen: Inspected) -> Iterator[bytes]:
    yield unquote_to_bytes(seen.request.query)


def _cookies(seen: Inspected) -> Iterator[bytes]:
    """Their beginning, as of a body."""
    yield from (value for name, value in seen.headers if name == "cookie")


def _headers(seen: Inspected) -> Iterator[bytes]:
    for name, value in seen.headers:
        yield from (name.encode(), value)


def _agent(seen: Inspected) -> Iterator[bytes]:
    yield from seen.values("user-agent")


def _host(seen: Inspected) -> Iterator[bytes]:
    yield from seen.values("host")


def _finds(pattern: bytes, part: Part) -> Stub:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda seen: any(compiled.search(text) for text in part(seen))


def _is_from(address: str) -> Stub:
    return lambda seen: seen.request.address == address


METADATA: Final = rb"169\.254\.169\.254"
TRAVERSAL: Final = rb"\.\./\.\./"
EXTENSION: Final = rb"\.(log|ini)(?![a-z0-9])"
REMOTE_FILE: Final = rb"(https?|ftps?|file)://\d+\.\d+\.\d+\.\d+"
SCRIPT: Final = rb"<script"
JAVA: Final = rb"java\.lang\.Runtime"
LOG4J: Final = rb"\$\{jndi:"
# The page names CVE-2025-55182 and no example; this is how its exploits reach the prototype of an object.
REACT: Final = rb"\$\d+:__proto__:"

MANAGED_GROUPS: Final[Mapping[str, Mapping[str, Stub]]] = {
    "AWSManagedRulesAmazonIpReputationList": {
        "AWSManagedIPReputationList": _is_from(LISTED),
        "AWSManagedReconnaissanceList": _is_from(SCANNING),
        "AWSManagedIPDDoSList": _is_from(FLOODING),
    },
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "JavaDeserializationRCE_HEADER": _finds(JAVA, _headers),
        "JavaDeserializationRCE_BODY": _finds(JAVA, _body),
        "JavaDeserializationRCE_URIPATH": _finds(JAVA, _path),
        "JavaDeserializationRCE_QUERYSTRING": _finds(JAVA, _query),
        "Host_localhost_HEADER": _finds(rb"localhost", _host),
        "PROPFIND_METHOD": lambda seen: seen.request.method == "PROPFIND",
        "ExploitablePaths_URIPATH": _finds(rb"web-inf", _path),
        "Log4JRCE_HEADER": _finds(LOG4J, _headers),
        "Log4JRCE_QUERYSTRING": _finds(LOG4J, _query),
        "Log4JRCE_BODY": _finds(LOG4J, _body),
        "Log4JRCE_URIPATH": _finds(LOG4J, _path),
        "ReactJSRCE_BODY": _finds(REACT, _body),
    },
    "AWSManagedRulesCommonRuleSet": {
        "NoUserAgent_HEADER": lambda seen: not seen.values("user-agent"),
        "UserAgent_BadBots_HEADER": _finds(rb"nessus|nmap", _agent),
        "SizeRestrictions_QUERYSTRING": lambda seen: len(seen.request.query) > 2048,
        "SizeRestrictions_Cookie_HEADER": lambda seen: (
            sum(len(value) for name, value in seen.request.headers if name.lower() == "cookie") > 10_240
        ),
        "SizeRestrictions_BODY": lambda seen: len(seen.request.body) > 8192,
        "SizeRestrictions_URIPATH": lambda seen: len(seen.request.path) > 1024,
        "EC2MetaDataSSRF_BODY": _finds(METADATA, _body),
        "EC2MetaDataSSRF_COOKIE": _finds(METADATA, _cookies),
        "EC2MetaDataSSRF_URIPATH": _finds(METADATA, _path),
        "EC2MetaDataSSRF_QUERYARGUMENTS": _finds(METADATA, _query),
        "GenericLFI_QUERYARGUMENTS": _finds(TRAVERSAL, _query),
        "GenericLFI_URIPATH": _finds(TRAVERSAL, _path),
        "GenericLFI_BODY": _finds(TRAVERSAL, _body),
        "RestrictedExtensions_URIPATH": _finds(EXTENSION, _path),
        "RestrictedExtensions_QUERYARGUMENTS": _finds(EXTENSION, _query),
        "GenericRFI_QUERYARGUMENTS": _finds(REMOTE_FILE, _query),
        "GenericRFI_BODY": _finds(REMOTE_FILE, _body),
        "GenericRFI_URIPATH": _finds(REMOTE_FILE, _path),
        "CrossSiteScripting_COOKIE": _finds(SCRIPT, _cookies),
        "CrossSiteScripting_QUERYARGUMENTS": _finds(SCRIPT, _query),
        "CrossSiteScripting_BODY": _finds(SCRIPT, _body),
        "CrossSiteScripting_URIPATH": _finds(SCRIPT, _path),
    },
}
"""By group, in the order of its page, which need not be that of AWS."""

COUNTS_BY_ITSELF: Final = frozenset({"AWSManagedIPDDoSList"})
"""What AWS has counting. All others block unless a web ACL says otherwise."""
