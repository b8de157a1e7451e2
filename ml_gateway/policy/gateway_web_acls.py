"""Which web ACLs are a gateway's: the lock of its API, and the firewall at its edge.

As with distributions each has several marks, and counts as a gateway's by any one of them, or when it cannot be read.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.gateway_distributions import API_KEY_HEADER, ORIGIN_HEADERS, ORIGIN_VERIFY_HEADER
from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import reference, tokens_in

CREDENTIALS: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "api-key", "x-goog-api-key", "referer", *ORIGIN_HEADERS}
)
"""Headers that no log may show."""

PROTECTED_WHOLE: Final = frozenset({"SINGLE_COOKIE", "SINGLE_QUERY_ARGUMENT", "QUERY_STRING", "BODY"})
"""What else WAF stores of a request, in the names of data protection."""

LISTS: Final = {
    "DeniedAddresses": "IPSetReferenceStatement",
    "AllowedAddresses": "IPSetReferenceStatement",
    "DeniedCountries": "GeoMatchStatement",
    "AllowedCountries": "GeoMatchStatement",
}
"""Rules of a firewall at the edge that say who may call -> what their statement is made of."""

ADDRESS_RATE: Final = "AddressRate"

KEY_RATES: Final = {
    "KeyRate-x-api-key": API_KEY_HEADER,
    "KeyRate-bearer": "authorization",
    "KeyRate-api-key": "api-key",
    "KeyRate-x-goog-api-key": "x-goog-api-key",
}
"""Its rules that say how often a key may be used -> the header in which it comes."""

_ANSWERS: Final = frozenset({"blocked", "rate_limit_exceeded"})
"""The texts that such a firewall refuses with."""

_CLIENTS_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:[^:]+/clients/[^:]+:")


def origin_locks(template: Template) -> Iterator[Place]:
    """Web ACLs of APIs that let through what the distribution sends."""
    for web_acl in template.all_of("AWS::WAFv2::WebACL"):
        if web_acl.value.get("Scope") != "CLOUDFRONT" and (
            ORIGIN_VERIFY_HEADER in json.dumps(web_acl.value).lower()
            or _rule_names(web_acl) & {None, "OriginLock"}
            or (_clients_have_keys(template) and guards_a_stage(web_acl))
        ):
            yield web_acl


def edge_firewalls(template: Template) -> Iterator[Place]:
    """Web ACLs of distributions that have rules, or answers, of a gateway's firewall."""
    ours = {None, ADDRESS_RATE, *LISTS, *KEY_RATES}
    for web_acl in template.all_of("AWS::WAFv2::WebACL"):
        answers = web_acl.value.get("CustomResponseBodies")
        refuses = isinstance(answers, dict) and answers.keys() >= _ANSWERS
        if web_acl.value.get("Scope") != "REGIONAL" and (_rule_names(web_acl) & ours or refuses):
            yield web_acl


def guards_a_stage(web_acl: Place) -> bool:
    """Whether it is associated with a stage of an API of the same template."""
    template = web_acl.template
    stages = {stage.logical_id for stage in template.all_of("AWS::ApiGateway::Stage")}
    for association in template.all_of("AWS::WAFv2::WebACLAssociation"):
        joined = association["ResourceArn"].value
        parts = joined.get("Fn::Join", []) if isinstance(joined, dict) else []
        # A separator and a list: among them a text, and a reference to the stage.
        is_a_stage = "/stages/" in json.dumps(parts) and any(reference(each) in stages for each in tokens_in(parts))
        if is_a_stage and reference(association["WebACLArn"].value) == web_acl.logical_id:
            return True
    return False


def firewall_logs(web_acl: Place) -> list[Place]:
    """The logging configurations of a web ACL."""
    logs = web_acl.template.all_of("AWS::WAFv2::LoggingConfiguration")
    return [log for log in logs if log["ResourceArn"].value == {"Fn::GetAtt": [web_acl.logical_id, "Arn"]}]


def unprotected(web_acl: Place) -> list[str]:
    """The headers, and the whole types of fields, whose values WAF stores as they came, matched pieces among them."""
    headers: set[str] = set()
    whole: set[str] = set()
    for one in web_acl["DataProtectionConfig"]["DataProtections"].items():
        exempt = (one.get("ExcludeRateBasedDetails"), one.get("ExcludeRuleMatchDetails"))
        if any(each is not None and each.value is not False for each in exempt):
            continue
        kind = one["Field"]["FieldType"].text()
        if kind == "SINGLE_HEADER":
            headers |= set(one["Field"]["FieldKeys"].texts())
        elif one["Field"].get("FieldKeys") is None:
            whole.add(kind)
    return sorted(CREDENTIALS - headers) + sorted(PROTECTED_WHOLE - whole)


def _rule_names(web_acl: Place) -> set[str | None]:
    """Of its rules; None for one that cannot be read."""
    rules = web_acl.value.get("Rules", [])
    if not isinstance(rules, list):
        return {None}
    names = [rule.get("Name") if isinstance(rule, dict) else None for rule in rules]
    return {name if isinstance(name, str) else None for name in names}


def _clients_have_keys(template: Template) -> bool:
    keys = template.all_of("AWS::ApiGateway::ApiKey")
    return any(_CLIENTS_SECRET.search(json.dumps(key.value)) for key in keys)
