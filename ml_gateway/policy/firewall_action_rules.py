"""Rules about firewalls at the edge: what their rules do, what who is refused reads, and what is stored of it."""

import json
from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.client_rules import log_findings
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.firewall_rules import COMMON, rules_of
from ml_gateway.policy.gateway_web_acls import edge_firewalls, firewall_logs
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place
from ml_gateway.policy.tokens import Json

MAY_COUNT: Final = frozenset(
    {
        "SizeRestrictions_BODY", "CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY",
        "GenericRFI_BODY", "NoUserAgent_HEADER",
    }
)  # fmt: skip
COUNT: Final[Json] = {"Count": {}}


def action(rule: Place) -> Place:
    """What it does: a rule has one of the two."""
    return rule.get("Action") or rule["OverrideAction"]


def overrides(rule: Place) -> dict[str, Place]:
    """Which single rules of a managed group do something else, by their names."""
    found = rule["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides")
    return {one["Name"].text(): one for one in (found.items() if found else [])}


def rehearses(web_acl: Place) -> bool:
    """Whether any rule of ours, or any whole group, only counts: then all of them should."""
    does = [action(rule).keys() for rule in web_acl["Rules"].items()]
    return ["Count"] in does


@house_rule(
    "FirewallCountsLongBodies",
    "long bodies are counted and not blocked, and as much of them is inspected as WAF can",
    subjects=edge_firewalls,
    source="AWS WAF Developer Guide, Considerations for managing body inspection; docs/firewall.md",
)
def firewall_counts_long_bodies(web_acl: Place) -> Iterator[Finding]:
    rule = rules_of(web_acl).get(COMMON)
    if rule is not None:
        override = overrides(rule).get("SizeRestrictions_BODY")
        if override is None:
            yield rule.wrong("does not override SizeRestrictions_BODY, which blocks any longer prompt")
        else:
            yield from override["ActionToUse"].must_be(COUNT)
    inspected = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_64"}}}
    yield from web_acl["AssociationConfig"].must_be(inspected)


@house_rule(
    "FirewallSkipsNoRule",
    "a firewall that blocks blocks by each of its rules, but for those that misread prompts",
    subjects=edge_firewalls,
    source="docs/adr/0014-the-firewall-at-the-edge.md",
)
def firewall_skips_no_rule(web_acl: Place) -> Iterator[Finding]:
    if rehearses(web_acl):
        return
    for rule in web_acl["Rules"].items():
        own = rule.get("Action")
        if own is not None:
            own["Block"].keys()
            continue
        yield from rule["OverrideAction"].must_be({"None": {}})
        for name, override in overrides(rule).items():
            if override["ActionToUse"].value != COUNT or name not in MAY_COUNT:
                override["ActionToUse"]["Block"].keys()


@house_rule(
    "RehearsalBlocksNothing",
    "in a rehearsal each rule of ours counts, and each group as a whole: so do the rules that AWS adds later",
    subjects=edge_firewalls,
    source="AWS WAF Developer Guide, Testing and tuning; docs/firewall.md",
)
def rehearsal_blocks_nothing(web_acl: Place) -> Iterator[Finding]:
    if not rehearses(web_acl):
        return
    for rule in web_acl["Rules"].items():
        yield from action(rule).must_be(COUNT)
        for blocked in rule.find("Block"):
            yield blocked.wrong("blocks in a rehearsal")


@house_rule(
    "WhoIsBlockedReadsJson",
    "who is refused reads JSON: 403, or by a rate 429 and when to come again",
    subjects=edge_firewalls,
    source="AWS WAF Developer Guide, Customized web requests and responses; docs/firewall.md",
)
def who_is_blocked_reads_json(web_acl: Place) -> Iterator[Finding]:
    for rule in web_acl["Rules"].items():
        rate = rule["Statement"].get("RateBasedStatement") is not None
        for block in rule.find("Block"):
            answer = block["CustomResponse"]
            yield from answer["ResponseCode"].must_be(429 if rate else 403)
            headers = answer.get("ResponseHeaders")
            names = {header["Name"].text().lower() for header in (headers.items() if headers else [])}
            if rate != ("retry-after" in names):
                yield answer.wrong("lacks Retry-After" if rate else "has Retry-After")
            body = web_acl["CustomResponseBodies"][answer["CustomResponseBodyKey"].text()]
            yield from body["ContentType"].must_be("APPLICATION_JSON")
            if not _is_json(body["Content"].text()):
                yield body["Content"].wrong("is no object in JSON")


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


@house_rule(
    "WafStoresNoCredential",
    "no credential and nothing of a query or a body is in a firewall's log, its samples, or what matched there",
    subjects=edge_firewalls,
    source="AWS WAF Developer Guide, Data protection exceptions: a log's redaction leaves rates and matches out",
)
def waf_stores_no_credential(web_acl: Place) -> Iterator[Finding]:
    yield from log_findings(web_acl)
    if len(firewall_logs(web_acl)) > 1:
        yield web_acl.wrong("has more than one log")


@house_rule(
    "FirewallLogsWhatIsRefused",
    "a firewall logs what it refuses, and what a rehearsal would; the rest is in CloudFront's own log",
    subjects=edge_firewalls,
    source="docs/adr/0013-which-log-says-what.md",
)
def firewall_logs_what_is_refused(web_acl: Place) -> Iterator[Finding]:
    kept: set[str] = set()
    for log in firewall_logs(web_acl):
        yield from log["LoggingFilter"]["DefaultBehavior"].must_be("DROP")
        for one in log["LoggingFilter"]["Filters"].items():
            if (one["Behavior"].text(), one["Requirement"].text()) == ("KEEP", "MEETS_ANY"):
                kept |= {each["ActionCondition"]["Action"].text() for each in one["Conditions"].items()}
    wanted = {"BLOCK", "COUNT", *(["EXCLUDED_AS_COUNT"] if rehearses(web_acl) else [])}
    if missing := sorted(wanted - kept):
        yield web_acl.wrong(f"has a log that lacks {', '.join(missing)}")


FIREWALL_ACTION_RULES: Final = (
    firewall_counts_long_bodies,
    firewall_skips_no_rule,
    rehearsal_blocks_nothing,
    who_is_blocked_reads_json,
    waf_stores_no_credential,
    firewall_logs_what_is_refused,
)
