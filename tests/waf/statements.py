"""Whether a request meets a rule's statement, as AWS WAF's pages say it.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Final

from tests.synthesis import Json
from tests.waf.requests import Inspected
from tests.waf.settings import NotModelledError, choice_of, nothing_in, settings_of
from tests.waf.text_transformations import transformed

_SECRET: Final = re.compile(r"{{resolve:secretsmanager:([^:]+):SecretString:::}}")
_UNKNOWN_COUNTRY: Final = "XX"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A request before a rule, and what the rule may refer to.

    `labels`: what earlier rules of this web ACL added, in full; `prefix`: of the labels of the web ACL's own rules.
    `resources` and `secrets` (name -> value): what CloudFormation has put in the place of references.
    """

    seen: Inspected
    labels: frozenset[str]
    prefix: str
    scope: str
    resources: Json
    secrets: Mapping[str, str]


def meets(statement: Any, case: Case, place: str) -> bool:
    """Errors: a statement that is not modelled."""
    kind, settings = choice_of(statement, place)
    if kind not in STATEMENTS:
        raise NotModelledError(f"{place}.{kind}")
    return STATEMENTS[kind](settings, case, f"{place}.{kind}")


def country_label(seen: Inspected) -> str:
    """What a geo match adds to each request that it looks at, met or not."""
    return f"awswaf:clientip:geo:country:{seen.request.country or _UNKNOWN_COUNTRY}"


def _meets_not(settings: Any, case: Case, place: str) -> bool:
    return not meets(settings_of(settings, place, "Statement")["Statement"], case, place)


def _meets_each(settings: Any, case: Case, place: str) -> list[bool]:
    """Two statements at least: https://docs.aws.amazon.com/waf/latest/APIReference/API_OrStatement.html."""
    statements = settings_of(settings, place, "Statements")["Statements"]
    if len(statements) < 2:
        raise NotModelledError(f"{place} has {len(statements)} statement")
    return [meets(one, case, f"{place}[{number}]") for number, one in enumerate(statements)]


def _meets_country(settings: Any, case: Case, place: str) -> bool:
    """An address without a known country is in none.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-geo-match.html
    """
    countries = settings_of(settings, place, "CountryCodes")["CountryCodes"]
    if _UNKNOWN_COUNTRY in countries:
        raise NotModelledError(f"{place} names {_UNKNOWN_COUNTRY}, which is no country")
    return case.seen.request.country in countries


def _meets_ip_set(settings: Any, case: Case, place: str) -> bool:
    """https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-ipset-match.html."""
    kind, reference = choice_of(settings_of(settings, place, "Arn")["Arn"], f"{place}.Arn")
    resource = case.resources.get(reference[0], {}) if kind == "Fn::GetAtt" and reference[1:] == ["Arn"] else {}
    if resource.get("Type") != "AWS::WAFv2::IPSet":
        raise NotModelledError(f"{place} refers to {reference!r}")
    known = ("Addresses", "IPAddressVersion", "Scope", "Name", "Description", "Tags")
    ip_set = settings_of(resource["Properties"], reference[0], *known)
    networks = [ip_network(each) for each in ip_set["Addresses"]]
    if {f"IPV{each.version}" for each in networks} - {ip_set["IPAddressVersion"]} or ip_set["Scope"] != case.scope:
        raise NotModelledError(f"{reference[0]} is not of one version, or not for {case.scope}")
    return any(ip_address(case.seen.request.address) in network for network in networks)


def _meets_label(settings: Any, case: Case, place: str) -> bool:
    """https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-match.html.

    Without a prefix the key is about labels of this web ACL, and may leave out namespaces that come first.
    """
    wanted = settings_of(settings, place, "Scope", "Key")
    scope, key = wanted["Scope"], wanted["Key"]
    if scope not in ("LABEL", "NAMESPACE") or (scope == "NAMESPACE") != key.endswith(":"):
        raise NotModelledError(f"{place} is {wanted!r}")
    if key.startswith(("awswaf:managed:", "awswaf:clientip:geo:region:")):
        raise NotModelledError(f"{place}.Key {key}: no managed rule and no region labels a request here")
    if key.startswith("awswaf:"):
        return key in case.labels if scope == "LABEL" else any(each.startswith(key) for each in case.labels)
    own = [f":{each.removeprefix(case.prefix)}" for each in case.labels if each.startswith(case.prefix)]
    return any(each.endswith(f":{key}") if scope == "LABEL" else f":{key}" in each for each in own)


def _meets_text(settings: Any, case: Case, place: str) -> bool:
    """https://docs.aws.amazon.com/waf/latest/APIReference/API_ByteMatchStatement.html."""
    known = ("SearchString", "FieldToMatch", "PositionalConstraint", "TextTransformations")
    match = settings_of(settings, place, *known)
    wanted = _resolved(match["SearchString"], case, place)
    constraint = match["PositionalConstraint"]
    if constraint not in POSITIONS:
        raise NotModelledError(f"{place}.{constraint}")
    met = {
        POSITIONS[constraint](transformed(text, match["TextTransformations"], place), wanted)
        for text in _texts(match["FieldToMatch"], case.seen, f"{place}.FieldToMatch")
    }
    if len(met) > 1:
        raise NotModelledError(f"{place}: no page says which of several headers of one name is compared")
    # What a request does not have meets nothing:
    # https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
    return met == {True}


def _texts(field: Any, seen: Inspected, place: str) -> list[bytes]:
    """The part of the request to compare, in each way in which it may be read."""
    kind, settings = choice_of(field, place)
    match kind:
        case "SingleHeader":
            values = seen.values(settings_of(settings, place, "Name")["Name"])
            return values if len(values) < 2 else [*values, b",".join(values)]
        case "UriPath":
            nothing_in(settings, place)
            return [seen.request.path.encode()]
        case "Body" if settings_of(settings, place, "OversizeHandling") == {"OversizeHandling": "CONTINUE"}:
            return [seen.body]
    raise NotModelledError(f"{place}.{kind}")


def _resolved(text: str, case: Case, place: str) -> bytes:
    """With the secret in the place of its dynamic reference, as CloudFormation has put it there.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
    """
    reference = _SECRET.fullmatch(text)
    if reference is None and "{{resolve:" not in text:
        return text.encode()
    if reference is None or reference[1] not in case.secrets:
        raise NotModelledError(f"{place}.SearchString is {text}")
    return case.secrets[reference[1]].encode()


POSITIONS: Final[Mapping[str, Callable[[bytes, bytes], bool]]] = {
    "EXACTLY": bytes.__eq__,
    "STARTS_WITH": bytes.startswith,
    "ENDS_WITH": bytes.endswith,
    "CONTAINS": bytes.__contains__,
}

STATEMENTS: Final[Mapping[str, Callable[[Any, Case, str], bool]]] = {
    "AndStatement": lambda settings, case, place: all(_meets_each(settings, case, place)),
    "OrStatement": lambda settings, case, place: any(_meets_each(settings, case, place)),
    "NotStatement": _meets_not,
    "ByteMatchStatement": _meets_text,
    "GeoMatchStatement": _meets_country,
    "IPSetReferenceStatement": _meets_ip_set,
    "LabelMatchStatement": _meets_label,
}
"""What may stand in another statement, too. A rate and a managed group stand alone: see `web_acl`."""
