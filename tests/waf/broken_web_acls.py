"""Web ACLs that were broken on purpose, each where it is that of a firewall or a lock: beside those of other tests."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from tests.constructs.test_multi_tenant import match
from tests.policy.broken_firewalls import COMMON, COUNT, PLAIN, answer, rate, remove_rule, rule, web_acl
from tests.synthesis import Json, resources
from tests.waf.managed_groups import COUNTS_BY_ITSELF, MANAGED_GROUPS
from tests.waf.refused import COUNTED

Break = Callable[[Json], object]

BROKEN_LOCKS: Final[list[tuple[str, Break]]] = [
    ("part of the secret anywhere", lambda t: match(t).update(PositionalConstraint="CONTAINS")),
    ("the end of the secret", lambda t: match(t).update(PositionalConstraint="ENDS_WITH")),
    ("another generation", lambda t: match(t).update(SearchString=match(t)["SearchString"].replace("/1:", "/2:"))),
    ("the gateway's key instead", lambda t: match(t)["FieldToMatch"]["SingleHeader"].update(Name="x-api-key")),
]


def swap(template: Json, name: str, other: str) -> None:
    one, two = rule(template, name), rule(template, other)
    one["Priority"], two["Priority"] = two["Priority"], one["Priority"]


def transform(template: Json, *kinds: str) -> None:
    """What of a bearer's header is made alike."""
    key = rate(template, "KeyRate-bearer")["CustomKeys"][0]["Header"]
    key["TextTransformations"] = [{"Priority": number, "Type": kind} for number, kind in enumerate(kinds)]


def allow_in_front(template: Json) -> None:
    statement = {"GeoMatchStatement": {"CountryCodes": ["DE"]}}
    for each in web_acl(template)["Rules"]:
        each["Priority"] += 1
    web_acl(template)["Rules"].append(
        {"Name": "AllowCountry", "Priority": 0, "Statement": statement, "Action": {"Allow": {}}}
    )


def addresses(template: Json, role: str) -> list[str]:
    """Of the IPv4 set of that role."""
    found: list[str]
    (found,) = (each["Addresses"] for name, each in resources(template, "AWS::WAFv2::IPSet").items()
                if f"{role}IPv4" in name)  # fmt: skip
    return found


BROKEN_BLOCKING: Final[list[tuple[str, Break]]] = [
    ("allow in front", allow_in_front),
    ("a key's rate behind the managed rules", lambda t: swap(t, "KeyRate-bearer", COMMON)),
    ("a bearer in other capitals is another", lambda t: transform(t, "COMPRESS_WHITE_SPACE")),
    ("a bearer with more spaces is another", lambda t: transform(t, "LOWERCASE")),
    ("all keys are alike", lambda t: transform(t, "MD5")),
    ("a rate ten times as high", lambda t: rate(t, "AddressRate").update(Limit=20_000)),
    ("a rate a tenth as high", lambda t: rate(t, "AddressRate").update(Limit=200)),
    ("a shorter window", lambda t: rate(t, "AddressRate").update(EvaluationWindowSec=60)),
    ("a longer window", lambda t: rate(t, "AddressRate").update(EvaluationWindowSec=600)),
    ("an answer of a rate for a list", lambda t: answer(t, "DeniedAddresses").update(
        CustomResponseBodyKey="rate_limit_exceeded")),
    ("an answer of a list for a rate", lambda t: answer(t, "KeyRate-bearer").update(CustomResponseBodyKey="blocked")),
    ("an answer that no page may read", lambda t: answer(t, "DeniedAddresses").pop("ResponseHeaders")),
    ("another status", lambda t: answer(t, "AddressRate").update(ResponseCode=503)),
    ("all addresses allowed", lambda t: addresses(t, "AllowedAddresses").append("0.0.0.0/0")),
    ("nobody denied", lambda t: addresses(t, "DeniedAddresses").clear()),
]  # fmt: skip


def override_with(template: Json, group: str, name: str, action: Json) -> None:
    """What a single rule of a managed group does instead, whether or not it is overridden."""
    managed = rule(template, group)["Statement"]["ManagedRuleGroupStatement"]
    others = [one for one in managed.get("RuleActionOverrides", []) if one["Name"] != name]
    managed["RuleActionOverrides"] = [*others, {"Name": name, "ActionToUse": action}]


def only_count(template: Json, name: str) -> None:
    rule(template, name).update({"OverrideAction" if name in MANAGED_GROUPS else "Action": COUNT})


def broken_rule_by_rule(names: list[str]) -> Iterator[tuple[str, str, Break]]:
    """Which of these rules is broken, how, and that: each removed and only counting, each of a group the other way."""
    for name in dict.fromkeys(name.partition("/")[0] for name in names):
        yield name, "removed", partial(remove_rule, name=name)
        yield name, "only counts", partial(only_count, name=name)
    counted = {row.rule for row in COUNTED}
    for name in names:
        group, _, managed = name.partition("/")
        if managed and managed not in COUNTS_BY_ITSELF:
            action, how = (PLAIN, "blocks") if name in counted else (COUNT, "only counts")
            yield name, how, partial(override_with, group=group, name=managed, action=action)
