"""Rules about firewalls at the edge: which rules they have, in which order, and what each looks at."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_web_acls import ADDRESS_RATE, KEY_RATES, LISTS, edge_firewalls
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place

COMMON: Final = "AWSManagedRulesCommonRuleSet"
# AWS WAF Developer Guide: the capacity of each rule group.
GROUPS: Final = {"AWSManagedRulesAmazonIpReputationList": 25, "AWSManagedRulesKnownBadInputsRuleSet": 200, COMMON: 700}
ORDER: Final = (*LISTS, ADDRESS_RATE, *KEY_RATES, *GROUPS)
ALWAYS: Final = frozenset({ADDRESS_RATE, *GROUPS})
# AWS WAF Developer Guide: capacity that the price of a web ACL includes, and what statements take of it.
INCLUDED_CAPACITY: Final = 1500
CAPACITY: Final = {
    "IPSetReferenceStatement": 1,
    "GeoMatchStatement": 1,
    "RateBasedStatement": 2,
    "CustomKeys": 30,  # each
    "TextTransformations": 10,  # each
}


def rules_of(web_acl: Place) -> dict[str, Place]:
    """By their names, in the order in which they stand."""
    return {rule["Name"].text(): rule for rule in web_acl["Rules"].items()}


@house_rule(
    "FirewallRulesAreInOrder",
    "who may call comes before how often, and both before what AWS manages; no rule is missing or unknown",
    subjects=edge_firewalls,
    source="docs/adr/0014-the-firewall-at-the-edge.md",
)
def firewall_rules_are_in_order(web_acl: Place) -> Iterator[Finding]:
    yield from web_acl["Scope"].must_be("CLOUDFRONT")
    rules = web_acl["Rules"].items()
    names = [rule["Name"].text() for rule in rules]
    if [rule["Priority"].number() for rule in rules] != list(range(len(rules))):
        yield web_acl["Rules"].wrong("is not in the order of the priorities 0, 1, 2 ...")
    if names != [name for name in ORDER if name in names] or not set(names) >= ALWAYS:
        yield web_acl["Rules"].wrong(f"is {', '.join(names)}; of {', '.join(ORDER)}, in this order")
    for group in GROUPS:
        if group in names:
            statement = rules_of(web_acl)[group]["Statement"]["ManagedRuleGroupStatement"]
            yield from statement["Name"].must_be(group)


@house_rule(
    "FirewallAllowsNobodyPastItsRules",
    "no rule allows, which would skip the rest, and who meets none is allowed",
    subjects=edge_firewalls,
    source="AWS WAF Developer Guide, Using rule actions in AWS WAF",
)
def firewall_allows_nobody_past_its_rules(web_acl: Place) -> Iterator[Finding]:
    yield from web_acl["DefaultAction"].must_be({"Allow": {}})
    for allowed in web_acl["Rules"].find("Allow"):
        yield allowed.wrong("skips all rules that follow")


@house_rule(
    "FirewallListsRefuseTheRightSide",
    "lists of denied ones refuse who is on them, lists of allowed ones who is not",
    subjects=edge_firewalls,
    source="docs/firewall.md",
)
def firewall_lists_refuse_the_right_side(web_acl: Place) -> Iterator[Finding]:
    for name, rule in rules_of(web_acl).items():
        if name not in LISTS:
            continue
        statement = rule["Statement"]
        listed = statement["NotStatement"]["Statement"] if name.startswith("Allowed") else statement
        several = listed.get("OrStatement")
        either = several["Statements"].items() if several else [listed]
        if several and len(either) < 2:
            yield several.wrong("is one statement, and WAF wants two")
        for one in either:
            if one.keys() != [LISTS[name]]:
                yield one.wrong(f"is not {LISTS[name]}")


@house_rule(
    "FirewallRatesCountWhatTheyAreNamedFor",
    "a rate counts all requests of an address, or those with a header by its value, one header for each rule",
    subjects=edge_firewalls,
    source="AWS WAF API Reference, RateBasedStatement and RateBasedStatementCustomKey",
)
def firewall_rates_count_what_they_are_named_for(web_acl: Place) -> Iterator[Finding]:
    rules = rules_of(web_acl)
    for name in (ADDRESS_RATE, *KEY_RATES):
        if name in rules:
            yield from _rate_findings(rules[name]["Statement"]["RateBasedStatement"], KEY_RATES.get(name))
    if set(rules) & set(KEY_RATES) and "KeyRate-x-api-key" not in rules:
        yield web_acl["Rules"].wrong("lacks KeyRate-x-api-key: API Gateway reads that header, listed or not")


def _rate_findings(rate: Place, header: str | None) -> Iterator[Finding]:
    if header is None:
        yield from rate["AggregateKeyType"].must_be("IP")
    else:
        yield from rate["AggregateKeyType"].must_be("CUSTOM_KEYS")
        keys = rate["CustomKeys"]
        if [key["Header"]["Name"].text() for key in keys.items()] != [header]:
            yield keys.wrong(f"is not the header {header} alone")
    yield from rate["EvaluationWindowSec"].must_be(60, 120, 300, 600)
    if rate["Limit"].number() < 10:
        yield rate["Limit"].wrong("is below WAF's least, 10")
    scope = rate.get("ScopeDownStatement")
    if scope is not None:
        yield scope.wrong("leaves requests out")


def capacity(web_acl: Place) -> int:
    """Of all its rules, in WCU, by the documented capacity of each statement. Errors: a group that is not known."""
    total = 0
    for found in web_acl["Rules"].find(*CAPACITY, "ManagedRuleGroupStatement"):
        match found.path[-1]:
            case "CustomKeys" | "TextTransformations" as each:
                total += CAPACITY[each] * len(found.items())
            case "ManagedRuleGroupStatement":
                total += _capacity_of(found["Name"])
            case kind:
                total += CAPACITY[str(kind)]
    return total


def _capacity_of(group: Place) -> int:
    if group.text() not in GROUPS:
        raise group.unreadable("is a group whose capacity is not known here")
    return GROUPS[group.text()]


@house_rule(
    "FirewallCostsNoExtraCapacity",
    f"a firewall's rules take no more than the {INCLUDED_CAPACITY} capacity units that its price includes",
    subjects=edge_firewalls,
    source="AWS WAF pricing; AWS WAF Developer Guide, Web ACL capacity units",
)
def firewall_costs_no_extra_capacity(web_acl: Place) -> Iterator[Finding]:
    taken = capacity(web_acl)
    if taken > INCLUDED_CAPACITY:
        yield web_acl["Rules"].wrong(f"takes {taken}")


FIREWALL_RULES: Final = (
    firewall_rules_are_in_order,
    firewall_allows_nobody_past_its_rules,
    firewall_lists_refuse_the_right_side,
    firewall_rates_count_what_they_are_named_for,
    firewall_costs_no_extra_capacity,
)
