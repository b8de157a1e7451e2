"""Requests that a web ACL notices, by the rule that does: data for all tests of web ACLs.

What a managed rule is sent is the example of its page, since a stub knows no more (`managed_groups`).
"""

from dataclasses import dataclass
from typing import Any, Final

from tests.policy.broken_firewalls import COMMON, KNOWN_BAD, REPUTATION
from tests.waf.callers import KEY, SECRET, call
from tests.waf.managed_groups import FLOODING, LISTED, SCANNING
from tests.waf.requests import Request

JAVA: Final = '(java.lang.Runtime).getRuntime().exec("whoami")'
LOG4J: Final = "${jndi:ldap://example.com/}"
METADATA: Final = "http://169.254.169.254/latest/meta-data/"
TRAVERSAL: Final = "../../etc/passwd"
REMOTE_FILE: Final = "http://192.0.2.1/shell.txt"
SCRIPT: Final = '<script>alert("hello")</script>'
REACT: Final = b'{"then": "$1:__proto__:then"}'
OTHER_ADDRESSES: Final = tuple(f"203.0.113.{number}" for number in range(100, 120))


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """A request that a rule notices.

    `after`: for a rate, what was sent before, together as often as its limit. `unless`: a rule that ends it first.
    """

    rule: str
    what: str
    request: Request
    after: tuple[Request, ...] = ()
    unless: str | None = None


def _rate_of_key(form: str, what: str, header: str, *values: str, **headers: str) -> Noticed:
    """A caller who comes from another address each time; no rate of an address is met."""
    sent: list[dict[str, Any]] = [{"authorization": None, header: value, **headers} for value in values]
    calls = tuple(call(address=address, **each) for address in OTHER_ADDRESSES for each in sent)
    return Noticed(rule=f"KeyRate-{form}", what=what, request=call(**sent[0]), after=calls)


_BAD: Final = call(x_forwarded_for=LOG4J)

REFUSED: Final = (
    Noticed(rule="OriginLock", what="no secret", request=call(x_origin_verify=None)),
    Noticed(rule="OriginLock", what="another secret", request=call(x_origin_verify="0" * 64)),
    Noticed(rule="OriginLock", what="more behind it", request=call(x_origin_verify=f"{SECRET}x")),
    Noticed(rule="OriginLock", what="more before it", request=call(x_origin_verify=f"x{SECRET}")),
    Noticed(rule="OriginLock", what="in another header", request=call(x_origin_verify=None, x_api_key=SECRET)),
    Noticed(rule="OriginLock", what="no secret and an exploit", request=call(x_origin_verify=None, referer=LOG4J)),
    Noticed(rule="DeniedAddresses", what="denied", request=call(address="198.51.100.7")),
    Noticed(rule="AllowedAddresses", what="elsewhere", request=call(address="192.0.2.1")),
    Noticed(rule="AllowedAddresses", what="elsewhere in IPv6", request=call(address="2001:db9::1")),
    Noticed(rule="DeniedCountries", what="denied", request=call(country="AQ")),
    Noticed(rule="AllowedCountries", what="another country", request=call(country="AQ")),
    Noticed(rule="AllowedCountries", what="no known country", request=call(country=None)),
    Noticed(rule="AddressRate", what="often", request=call(), after=(call(),)),
    Noticed(rule="AddressRate", what="often, with exploits", request=_BAD, after=(_BAD,)),
    Noticed(rule="AddressRate", what="often, with other keys", request=call(), after=(call(authorization="Bearer x"),)),
    Noticed(
        rule="AddressRate",
        what="often, from no known country",
        request=call(country=None),
        after=(call(country=None),),
        unless="AllowedCountries",
    ),
    Noticed(rule=f"{REPUTATION}/AWSManagedIPReputationList", what="listed", request=call(address=LISTED)),
    Noticed(rule=f"{REPUTATION}/AWSManagedReconnaissanceList", what="listed", request=call(address=SCANNING)),
    Noticed(rule=f"{KNOWN_BAD}/JavaDeserializationRCE_HEADER", what="exploit", request=call(x_trace=JAVA)),
    Noticed(rule=f"{KNOWN_BAD}/JavaDeserializationRCE_BODY", what="quoted", request=call(body=JAVA.encode())),
    Noticed(rule=f"{KNOWN_BAD}/JavaDeserializationRCE_URIPATH", what="exploit", request=call(f"/{JAVA}")),
    Noticed(rule=f"{KNOWN_BAD}/JavaDeserializationRCE_QUERYSTRING", what="exploit", request=call(query=f"q={JAVA}")),
    Noticed(rule=f"{KNOWN_BAD}/Host_localhost_HEADER", what="localhost", request=call(host="localhost")),
    Noticed(rule=f"{KNOWN_BAD}/PROPFIND_METHOD", what="PROPFIND", request=call(method="PROPFIND")),
    Noticed(rule=f"{KNOWN_BAD}/ExploitablePaths_URIPATH", what="web-inf", request=call("/WEB-INF/web.xml")),
    Noticed(rule=f"{KNOWN_BAD}/Log4JRCE_HEADER", what="exploit", request=_BAD),
    Noticed(rule=f"{KNOWN_BAD}/Log4JRCE_QUERYSTRING", what="exploit", request=call(query=f"q={LOG4J}")),
    Noticed(rule=f"{KNOWN_BAD}/Log4JRCE_BODY", what="quoted", request=call(body=LOG4J.encode())),
    Noticed(rule=f"{KNOWN_BAD}/Log4JRCE_BODY", what="within 64 KB", request=call(body=b" " * 60_000 + LOG4J.encode())),
    Noticed(rule=f"{KNOWN_BAD}/Log4JRCE_URIPATH", what="exploit", request=call(f"/{LOG4J}")),
    Noticed(rule=f"{KNOWN_BAD}/ReactJSRCE_BODY", what="exploit", request=call(body=REACT)),
    Noticed(rule=f"{COMMON}/UserAgent_BadBots_HEADER", what="scanner", request=call(user_agent="Nmap Scripting")),
    Noticed(rule=f"{COMMON}/SizeRestrictions_QUERYSTRING", what="long", request=call(query="q=" + "a" * 2047)),
    Noticed(rule=f"{COMMON}/SizeRestrictions_Cookie_HEADER", what="long", request=call(cookie="a" * 10_241)),
    Noticed(rule=f"{COMMON}/SizeRestrictions_URIPATH", what="long", request=call("/" + "a" * 1024)),
    Noticed(rule=f"{COMMON}/EC2MetaDataSSRF_COOKIE", what="address", request=call(cookie=f"a={METADATA}")),
    Noticed(rule=f"{COMMON}/EC2MetaDataSSRF_URIPATH", what="address", request=call("/169.254.169.254/latest")),
    Noticed(rule=f"{COMMON}/EC2MetaDataSSRF_QUERYARGUMENTS", what="address", request=call(query="h=169.254.169.254")),
    Noticed(rule=f"{COMMON}/GenericLFI_QUERYARGUMENTS", what="traversal", request=call(query=f"f={TRAVERSAL}")),
    Noticed(rule=f"{COMMON}/GenericLFI_URIPATH", what="encoded", request=call("/v1/%2e%2e/../etc/passwd")),
    Noticed(rule=f"{COMMON}/RestrictedExtensions_URIPATH", what="a log", request=call("/v1/server.log")),
    Noticed(rule=f"{COMMON}/RestrictedExtensions_QUERYARGUMENTS", what="settings", request=call(query="f=php.ini")),
    Noticed(rule=f"{COMMON}/GenericRFI_QUERYARGUMENTS", what="address", request=call(query=f"u={REMOTE_FILE}")),
    Noticed(rule=f"{COMMON}/GenericRFI_URIPATH", what="address", request=call(f"/{REMOTE_FILE}")),
    Noticed(rule=f"{COMMON}/CrossSiteScripting_COOKIE", what="script", request=call(cookie=f"a={SCRIPT}")),
    Noticed(rule=f"{COMMON}/CrossSiteScripting_QUERYARGUMENTS", what="script", request=call(query=f"q={SCRIPT}")),
    Noticed(rule=f"{COMMON}/CrossSiteScripting_URIPATH", what="script", request=call(f"/{SCRIPT}")),
    _rate_of_key("x-api-key", "often", "x_api_key", KEY),
    _rate_of_key("bearer", "often, with exploits", "authorization", f"Bearer {KEY}", referer=LOG4J),
    _rate_of_key("bearer", "often", "authorization", f"Bearer {KEY}"),
    _rate_of_key("bearer", "in other capitals", "authorization", f"Bearer {KEY}", f"bEARER {KEY}"),
    _rate_of_key("bearer", "with more spaces", "authorization", f"Bearer {KEY}", f"Bearer  {KEY}"),
    _rate_of_key("api-key", "often", "api_key", KEY),
    _rate_of_key("x-goog-api-key", "often", "x_goog_api_key", KEY),
)

COUNTED: Final = (
    Noticed(rule=f"{REPUTATION}/AWSManagedIPDDoSList", what="listed", request=call(address=FLOODING)),
    Noticed(rule=f"{COMMON}/NoUserAgent_HEADER", what="nameless program", request=call(user_agent=None)),
    Noticed(rule=f"{COMMON}/SizeRestrictions_BODY", what="long prompt", request=call(body=b"a" * 8193)),
    Noticed(rule=f"{COMMON}/EC2MetaDataSSRF_BODY", what="question", request=call(body=METADATA.encode())),
    Noticed(rule=f"{COMMON}/GenericLFI_BODY", what="path in code", request=call(body=TRAVERSAL.encode())),
    Noticed(rule=f"{COMMON}/GenericRFI_BODY", what="address in a prompt", request=call(body=REMOTE_FILE.encode())),
    Noticed(rule=f"{COMMON}/CrossSiteScripting_BODY", what="page to correct", request=call(body=SCRIPT.encode())),
)
"""What passes, and is counted by that rule."""
