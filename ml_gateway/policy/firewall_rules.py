"""What must hold of the web ACL of a gateway's distribution.

What is expected is spelled out here, and not taken from what defines it.
"""

import json
from collections.abc import Mapping
from typing import Final

from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.template import (
    CREDENTIALS,
    Json,
    Subjects,
    everything_named,
    logs_of,
    redacted_field,
    web_acls,
)

KEY_HEADERS: Final = {
    "KeyRate-x-api-key": "x-api-key",
    "KeyRate-bearer": "authorization",
    "KeyRate-api-key": "api-key",
    "KeyRate-x-goog-api-key": "x-goog-api-key",
}
COMMON: Final = "AWSManagedRulesCommonRuleSet"
GROUPS: Final = {"AWSManagedRulesAmazonIpReputationList": 25, "AWSManagedRulesKnownBadInputsRuleSet": 200, COMMON: 700}
"""The capacity of each rule group (AWS WAF Developer Guide)."""

LISTS: Final = {
    "DeniedAddresses": "IPSetReferenceStatement",
    "AllowedAddresses": "IPSetReferenceStatement",
    "DeniedCountries": "GeoMatchStatement",
    "AllowedCountries": "GeoMatchStatement",
}
ORDER: Final = (*LISTS, "AddressRate", *KEY_HEADERS, *GROUPS)
ALWAYS: Final = frozenset({"AddressRate", *GROUPS})
MAY_COUNT: Final = frozenset(
    {
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "NoUserAgent_HEADER",
    }
)
INCLUDED_CAPACITY: Final = 1500
"""Capacity that the price of a web ACL includes (AWS WAF Developer Guide)."""

_CAPACITY: Final = {"IPSetReferenceStatement": 1, "GeoMatchStatement": 1, "RateBasedStatement": 2, "CustomKeys": 30}
_CAPACITY_OF_A_TRANSFORMATION: Final = 10


def firewalls(template: Json) -> dict[str, Json]:
    """The web ACLs that are named like a gateway's edge, or have its rate: others are their owner's."""
    return {
        name: web_acl
        for name, web_acl in web_acls(template, "CLOUDFRONT").items()
        if str(web_acl.get("Name")).endswith("-edge") or any(rule["Name"] == "AddressRate" for rule in web_acl["Rules"])
    }


def rules_of_firewalls(template: Json) -> Subjects:
    """Each rule of each firewall, and the firewall."""
    return {
        f"{name} {rule['Name']}": (rule, web_acl)
        for name, web_acl in firewalls(template).items()
        for rule in web_acl["Rules"]
    }


def overrides(rule: Json) -> Mapping[str, Json]:
    """What a managed group does otherwise than AWS says, by its rules."""
    group = rule["Statement"]["ManagedRuleGroupStatement"]
    return {one["Name"]: one["ActionToUse"] for one in group.get("RuleActionOverrides", [])}


def rehearses(web_acl: Json) -> bool:
    """Whether any rule of ours, or any whole group, only counts: then all of them should."""
    return any("Count" in rule.get("Action", rule.get("OverrideAction")) for rule in web_acl["Rules"])


def capacity(web_acl: Json) -> int:
    """Of all its rules, in WCU, by the documented capacity of each statement."""
    rules = web_acl["Rules"]
    statements = sum(
        units * (len(found) if kind == "CustomKeys" else 1)
        for kind, units in _CAPACITY.items()
        for found in everything_named(kind, rules)
    )
    transformations = sum(len(found) for found in everything_named("TextTransformations", rules))
    groups = [group["Name"] for group in everything_named("ManagedRuleGroupStatement", rules)]
    return statements + _CAPACITY_OF_A_TRANSFORMATION * transformations + sum(GROUPS[name] for name in groups)


@house_rule(firewalls, source="docs/adr/0014-the-firewall-at-the-edge.md")
def rules_apply_in_their_order(_name: str, web_acl: Json, _template: Json) -> bool:
    """Who may call comes before how often, and both before what AWS manages; no rule is missing or unknown."""
    priorities = [rule["Priority"] for rule in web_acl["Rules"]]
    names = [rule["Name"] for rule in web_acl["Rules"]]
    in_order = priorities == list(range(len(priorities))) and names == [name for name in ORDER if name in names]
    return in_order and set(names) >= ALWAYS


@house_rule(firewalls, source="AWS WAF developer guide, rule actions: an Allow ends the search")
def nobody_is_allowed_past_the_rules(_name: str, web_acl: Json, _template: Json) -> bool:
    """No rule allows, and by default everybody passes on to the API."""
    return web_acl["DefaultAction"] == {"Allow": {}} and not any(
        True for _ in everything_named("Allow", web_acl["Rules"])
    )


@house_rule(rules_of_firewalls, source="docs/firewall.md")
def lists_refuse_the_right_side(_name: str, subject: tuple[Json, Json], _template: Json) -> bool:
    """Lists refuse who is on one of denied, and who is not on one of allowed; an Or has two sides or more."""
    rule, _ = subject
    if rule["Name"] not in LISTS:
        return True
    statement = rule["Statement"]
    listed = statement["NotStatement"]["Statement"] if "NotStatement" in statement else statement
    either = listed["OrStatement"]["Statements"] if "OrStatement" in listed else [listed]
    return (
        ("NotStatement" in statement) is rule["Name"].startswith("Allowed")
        and all(list(one) == [LISTS[rule["Name"]]] for one in either)
        and ("OrStatement" not in listed or len(either) >= 2)
    )


@house_rule(firewalls, source="AWS WAF API reference, RateBasedStatement")
def rates_count_what_they_are_named_for(_name: str, web_acl: Json, _template: Json) -> bool:
    """All requests by address; or those with a header by its value: one header a rule, that of API Gateway too."""

    def right(name: str, rate: Json) -> bool:
        keys = [key["Header"]["Name"] for key in rate.get("CustomKeys", [])]
        expected = [KEY_HEADERS[name]] if name in KEY_HEADERS else []
        return (
            keys == expected
            and rate["AggregateKeyType"] == ("CUSTOM_KEYS" if expected else "IP")
            and rate["EvaluationWindowSec"] in (60, 120, 300, 600)
            and rate["Limit"] >= 10
            and "ScopeDownStatement" not in rate
        )

    rates = {rule["Name"]: rule["Statement"].get("RateBasedStatement") for rule in web_acl["Rules"]}
    named = {name for name, rate in rates.items() if rate}
    api_gateway_reads_it = not (named & set(KEY_HEADERS)) or "KeyRate-x-api-key" in named
    return api_gateway_reads_it and all(right(name, rate) for name, rate in rates.items() if rate)


@house_rule(firewalls, source="AWS WAF developer guide, body inspection; aws-solutions guidance PR#21")
def long_bodies_are_counted_and_looked_into(_name: str, web_acl: Json, _template: Json) -> bool:
    """Long prompts pass, and as much of a body as WAF can is looked into."""
    most = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_64"}}}
    groups = [rule for rule in web_acl["Rules"] if rule["Name"] == COMMON]
    counted = all(overrides(rule)["SizeRestrictions_BODY"] == {"Count": {}} for rule in groups)
    return counted and web_acl["AssociationConfig"] == most


@house_rule(rules_of_firewalls, source="docs/adr/0014-the-firewall-at-the-edge.md")
def a_firewall_that_blocks_skips_no_rule(_name: str, subject: tuple[Json, Json], _template: Json) -> bool:
    """Unless it is a rehearsal every rule blocks, but for the few of AWS's that a model's requests would break."""
    rule, web_acl = subject
    if rehearses(web_acl):
        return True
    if "Action" in rule:
        return "Block" in rule["Action"]
    counted = {name for name, action in overrides(rule).items() if "Block" not in action}
    return rule["OverrideAction"] == {"None": {}} and counted <= MAY_COUNT


@house_rule(rules_of_firewalls, source="docs/firewall.md")
def a_rehearsal_blocks_nothing(_name: str, subject: tuple[Json, Json], _template: Json) -> bool:
    """In a rehearsal each rule of ours counts, and each group as a whole: so do the rules that AWS adds later."""
    rule, web_acl = subject
    action = rule["Action"] if "Action" in rule else rule["OverrideAction"]
    blocks = any(True for _ in everything_named("Block", rule))
    return not rehearses(web_acl) or (action == {"Count": {}} and not blocks)


@house_rule(rules_of_firewalls, source="docs/firewall.md")
def who_is_blocked_reads_json(_name: str, subject: tuple[Json, Json], _template: Json) -> bool:
    """A refusal is 403 with a text in JSON; of rates 429, and when to come again."""
    rule, web_acl = subject
    rate = "RateBasedStatement" in rule["Statement"]

    def readable(block: Json) -> bool:
        answer = block["CustomResponse"]
        body = web_acl["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
        headers = {header["Name"].lower() for header in answer.get("ResponseHeaders", [])}
        return (
            answer["ResponseCode"] == (429 if rate else 403)
            and rate == ("retry-after" in headers)
            and body["ContentType"] == "APPLICATION_JSON"
            and isinstance(json.loads(body["Content"]), dict)
        )

    return all(map(readable, everything_named("Block", rule)))


@house_rule(firewalls, source="AWS WAF developer guide, data protection exceptions")
def waf_stores_no_credential(name: str, web_acl: Json, template: Json) -> bool:
    """No credential in the log, in samples, nor in what a log says about rates, which its own redaction leaves out."""
    redacted = [set(map(redacted_field, log["RedactedFields"])) for log in logs_of(name, template)]
    protected = {
        header
        for one in web_acl["DataProtectionConfig"]["DataProtections"]
        if one["Field"]["FieldType"] == "SINGLE_HEADER" and not one.get("ExcludeRateBasedDetails")
        for header in one["Field"]["FieldKeys"]
    }
    samples = [config["SampledRequestsEnabled"] for config in everything_named("VisibilityConfig", web_acl)]
    unread = len(redacted) == 1 and all(fields >= {*CREDENTIALS, "?"} for fields in redacted)
    return unread and protected >= CREDENTIALS and all(sampled is False for sampled in samples)


@house_rule(firewalls, source="docs/firewall.md")
def only_what_is_refused_is_logged(name: str, web_acl: Json, template: Json) -> bool:
    """The log has what was refused, or would be in a rehearsal; the rest is in CloudFront's own log."""
    dropping = [
        log["LoggingFilter"] for log in logs_of(name, template) if log["LoggingFilter"]["DefaultBehavior"] == "DROP"
    ]
    filters = [one for each in dropping for one in each["Filters"]]
    keeping = [one for one in filters if (one["Behavior"], one["Requirement"]) == ("KEEP", "MEETS_ANY")]
    kept = {condition["ActionCondition"]["Action"] for one in keeping for condition in one["Conditions"]}
    return kept >= {"BLOCK", "COUNT"} | ({"EXCLUDED_AS_COUNT"} if rehearses(web_acl) else set())


@house_rule(firewalls, source="AWS WAF developer guide, web ACL capacity units")
def no_firewall_costs_extra_by_its_capacity(_name: str, web_acl: Json, _template: Json) -> bool:
    """A firewall keeps within the capacity that the price of a web ACL includes."""
    return capacity(web_acl) <= INCLUDED_CAPACITY


FIREWALL_RULES: Final[tuple[HouseRule, ...]] = (
    rules_apply_in_their_order,
    nobody_is_allowed_past_the_rules,
    lists_refuse_the_right_side,
    rates_count_what_they_are_named_for,
    long_bodies_are_counted_and_looked_into,
    a_firewall_that_blocks_skips_no_rule,
    a_rehearsal_blocks_nothing,
    who_is_blocked_reads_json,
    waf_stores_no_credential,
    only_what_is_refused_is_logged,
    no_firewall_costs_extra_by_its_capacity,
)
