"""What must hold in every web ACL of a distribution: one rule, one pure function that returns what breaks it.

What is expected is spelled out here, and not taken from what defines it.
"""

import json
from collections.abc import Iterator

from tests.policy.reading import CREDENTIALS, Rule, everything_named, redacted_field, web_acls
from tests.synthesis import Json, resources

KEY_HEADERS = {
    "KeyRate-x-api-key": "x-api-key",
    "KeyRate-bearer": "authorization",
    "KeyRate-api-key": "api-key",
    "KeyRate-x-goog-api-key": "x-goog-api-key",
}
COMMON = "AWSManagedRulesCommonRuleSet"
# AWS WAF Developer Guide: the capacity of each rule group.
GROUPS = {"AWSManagedRulesAmazonIpReputationList": 25, "AWSManagedRulesKnownBadInputsRuleSet": 200, COMMON: 700}
LISTS = {
    "DeniedAddresses": "IPSetReferenceStatement",
    "AllowedAddresses": "IPSetReferenceStatement",
    "DeniedCountries": "GeoMatchStatement",
    "AllowedCountries": "GeoMatchStatement",
}
ORDER = [*LISTS, "AddressRate", *KEY_HEADERS, *GROUPS]
ALWAYS = {"AddressRate", *GROUPS}
MAY_COUNT = {
    "SizeRestrictions_BODY", "CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY",
    "NoUserAgent_HEADER",
}  # fmt: skip
# AWS WAF Developer Guide: capacity that the price of a web ACL includes, and what statements take of it.
INCLUDED_CAPACITY = 1500
CAPACITY = {"IPSetReferenceStatement": 1, "GeoMatchStatement": 1, "RateBasedStatement": 2, "CustomKeys": 30}
CAPACITY_OF_A_TRANSFORMATION = 10


def edge_web_acls(template: Json) -> dict[str, Json]:
    return web_acls(template, "CLOUDFRONT")


def edge_rules(template: Json) -> Iterator[tuple[str, Json]]:
    for web_acl in edge_web_acls(template).values():
        yield from ((rule["Name"], rule) for rule in web_acl["Rules"])


def overrides(rule: Json) -> dict[str, Json]:
    group = rule["Statement"]["ManagedRuleGroupStatement"]
    return {one["Name"]: one["ActionToUse"] for one in group.get("RuleActionOverrides", [])}


def rehearses(web_acl: Json) -> bool:
    """Whether any rule of ours, or any whole group, only counts: then all of them should."""
    return any("Count" in rule.get("Action", rule.get("OverrideAction")) for rule in web_acl["Rules"])


def rules_apply_in_their_order(template: Json) -> list[str]:
    """Who may call comes before how often, and both before what AWS manages; no rule is missing or unknown."""

    def ordered(web_acl: Json) -> bool:
        priorities = [rule["Priority"] for rule in web_acl["Rules"]]
        names = [rule["Name"] for rule in web_acl["Rules"]]
        return (
            priorities == list(range(len(priorities)))
            and names == [name for name in ORDER if name in names]
            and set(names) >= ALWAYS
        )

    return [name for name, web_acl in edge_web_acls(template).items() if not ordered(web_acl)]


def nobody_is_allowed_past_the_rules(template: Json) -> list[str]:
    """An Allow ends the search; and by default everybody is allowed, not refused."""
    allowed = [name for name, rule in edge_rules(template) if any(True for _ in everything_named("Allow", rule))]
    found = edge_web_acls(template).items()
    return allowed + [name for name, web_acl in found if web_acl["DefaultAction"] != {"Allow": {}}]


def lists_refuse_the_right_side(template: Json) -> list[str]:
    """Who is on a list of denied ones, and who is not on a list of allowed ones; an Or of two or more."""

    def right(name: str, statement: Json) -> bool:
        listed = statement["NotStatement"]["Statement"] if "NotStatement" in statement else statement
        either = listed["OrStatement"]["Statements"] if "OrStatement" in listed else [listed]
        return (
            ("NotStatement" in statement) is name.startswith("Allowed")
            and all(list(one) == [LISTS[name]] for one in either)
            and ("OrStatement" not in listed or len(either) >= 2)
        )

    return [name for name, rule in edge_rules(template) if name in LISTS and not right(name, rule["Statement"])]


def rates_count_what_they_are_named_for(template: Json) -> list[str]:
    """All requests, by address; or those with a header, by its value, one header for each rule."""

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

    rates = [(name, rule["Statement"].get("RateBasedStatement")) for name, rule in edge_rules(template)]
    wrong = [name for name, rate in rates if rate and not right(name, rate)]
    named = {name for name, rate in rates if rate}
    api_gateway_reads_it = not (named & set(KEY_HEADERS)) or "KeyRate-x-api-key" in named
    return wrong + ([] if api_gateway_reads_it else ["KeyRate-x-api-key"])


def long_bodies_are_counted_and_looked_into(template: Json) -> list[str]:
    counted: Json = {"Count": {}}
    blocked = [
        name
        for name, rule in edge_rules(template)
        if name == COMMON and overrides(rule).get("SizeRestrictions_BODY") != counted
    ]
    most = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_64"}}}
    found = edge_web_acls(template).items()
    return blocked + [name for name, web_acl in found if web_acl.get("AssociationConfig") != most]


def a_firewall_that_blocks_skips_no_rule(template: Json) -> list[str]:
    def skipped(rule: Json) -> bool:
        if "Action" in rule:
            return "Block" not in rule["Action"]
        counted = {name for name, action in overrides(rule).items() if "Block" not in action}
        return rule["OverrideAction"] != {"None": {}} or not counted <= MAY_COUNT

    return [
        rule["Name"]
        for web_acl in edge_web_acls(template).values()
        for rule in web_acl["Rules"]
        if not rehearses(web_acl) and skipped(rule)
    ]


def a_rehearsal_blocks_nothing(template: Json) -> list[str]:
    """Each rule of ours counts, and each group as a whole: so do the rules that AWS adds later."""
    return [
        rule["Name"]
        for web_acl in edge_web_acls(template).values()
        for rule in web_acl["Rules"]
        if rehearses(web_acl)
        and (
            rule.get("Action", rule.get("OverrideAction")) != {"Count": {}}
            or any(True for _ in everything_named("Block", rule))
        )
    ]


def who_is_blocked_reads_json(template: Json) -> list[str]:
    """403 with a text in JSON; of rates 429 and when to come again."""

    def readable(rule: Json, bodies: Json) -> bool:
        rate = "RateBasedStatement" in rule["Statement"]
        for block in everything_named("Block", rule):
            answer = block.get("CustomResponse", {})
            body = bodies.get(answer.get("CustomResponseBodyKey"), {})
            headers = {header["Name"].lower(): header["Value"] for header in answer.get("ResponseHeaders", [])}
            if answer.get("ResponseCode") != (429 if rate else 403) or rate != ("retry-after" in headers):
                return False
            if body.get("ContentType") != "APPLICATION_JSON" or not is_json(body["Content"]):
                return False
        return True

    return [
        rule["Name"]
        for web_acl in edge_web_acls(template).values()
        for rule in web_acl["Rules"]
        if not readable(rule, web_acl.get("CustomResponseBodies", {}))
    ]


def is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def waf_stores_no_credential(template: Json) -> list[str]:
    """Not in the log, not in samples, and not in what a log says about rates, which its own redaction leaves out."""
    logs = resources(template, "AWS::WAFv2::LoggingConfiguration").values()

    def quiet(name: str, web_acl: Json) -> bool:
        own = [log for log in logs if log["ResourceArn"] == {"Fn::GetAtt": [name, "Arn"]}]
        redacted = [set(map(redacted_field, log.get("RedactedFields", []))) for log in own]
        protections = web_acl.get("DataProtectionConfig", {}).get("DataProtections", [])
        protected = {
            header
            for one in protections
            if one["Field"]["FieldType"] == "SINGLE_HEADER" and not one.get("ExcludeRateBasedDetails")
            for header in one["Field"]["FieldKeys"]
        }
        samples = [config["SampledRequestsEnabled"] for config in everything_named("VisibilityConfig", web_acl)]
        unread = len(own) == 1 and all(fields >= {*CREDENTIALS, "?"} for fields in redacted)
        return unread and protected >= CREDENTIALS and not any(samples)

    return [name for name, web_acl in edge_web_acls(template).items() if not quiet(name, web_acl)]


def only_what_is_refused_is_logged(template: Json) -> list[str]:
    """And what a rehearsal would refuse. The rest would cost much, and is in CloudFront's own log."""
    logs = resources(template, "AWS::WAFv2::LoggingConfiguration").values()

    def kept(name: str) -> set[str]:
        found = [log.get("LoggingFilter") for log in logs if log["ResourceArn"] == {"Fn::GetAtt": [name, "Arn"]}]
        dropping = [one for one in found if one and one["DefaultBehavior"] == "DROP"]
        filters = [one for log_filter in dropping for one in log_filter["Filters"]]
        keeping = [one for one in filters if (one["Behavior"], one["Requirement"]) == ("KEEP", "MEETS_ANY")]
        return {condition["ActionCondition"]["Action"] for one in keeping for condition in one["Conditions"]}

    found = edge_web_acls(template).items()
    needed = {name: {"BLOCK", "COUNT"} | ({"EXCLUDED_AS_COUNT"} if rehearses(acl) else set()) for name, acl in found}
    return [name for name, actions in needed.items() if not kept(name) >= actions]


def capacity(web_acl: Json) -> int:
    """Of all its rules, in WCU, by the documented capacity of each statement."""
    statements = sum(
        units * sum(len(found) if isinstance(found, list) and kind == "CustomKeys" else 1
                    for found in everything_named(kind, web_acl["Rules"]))
        for kind, units in CAPACITY.items()
    )  # fmt: skip
    transformations = sum(len(found) for found in everything_named("TextTransformations", web_acl["Rules"]))
    groups = [group["Name"] for group in everything_named("ManagedRuleGroupStatement", web_acl["Rules"])]
    return statements + CAPACITY_OF_A_TRANSFORMATION * transformations + sum(GROUPS[name] for name in groups)


def no_firewall_costs_extra_by_its_capacity(template: Json) -> list[str]:
    return [name for name, web_acl in edge_web_acls(template).items() if capacity(web_acl) > INCLUDED_CAPACITY]


FIREWALL_RULES: list[Rule] = [
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
]
