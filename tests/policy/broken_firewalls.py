"""Firewalls at the edge that were broken on purpose: each with the rule that has to refuse it."""

from collections.abc import Callable

from ml_gateway.policy import HouseRule
from ml_gateway.policy import firewall_action_rules as actions
from ml_gateway.policy import firewall_rules as rules
from tests.synthesis import Json, only

PLAIN: Json = {"Block": {}}
COUNT: Json = {"Count": {}}


def web_acl(template: Json) -> Json:
    return only(template, "AWS::WAFv2::WebACL")


def log(template: Json) -> Json:
    return only(template, "AWS::WAFv2::LoggingConfiguration")


def rule(template: Json, name: str) -> Json:
    found: Json
    (found,) = (one for one in web_acl(template)["Rules"] if one["Name"] == name)
    return found


def statement(template: Json, name: str) -> Json:
    found: Json = rule(template, name)["Statement"]
    return found


def rate(template: Json, name: str) -> Json:
    found: Json = statement(template, name)["RateBasedStatement"]
    return found


def override(template: Json, group: str, name: str) -> Json:
    found: Json
    managed = statement(template, group)["ManagedRuleGroupStatement"]
    (found,) = (one for one in managed["RuleActionOverrides"] if one["Name"] == name)
    return found


def answer(template: Json, name: str) -> Json:
    found: Json = rule(template, name)["Action"]["Block"]["CustomResponse"]
    return found


def remove_rule(template: Json, name: str) -> None:
    web_acl(template)["Rules"].remove(rule(template, name))
    for priority, one in enumerate(web_acl(template)["Rules"]):
        one["Priority"] = priority


def allow_listed_first(template: Json) -> None:
    listed = rule(template, "AllowedAddresses")
    listed.update(Action={"Allow": {}}, Statement=listed["Statement"]["NotStatement"]["Statement"])


def take_the_not_away(template: Json, name: str) -> None:
    rule(template, name)["Statement"] = statement(template, name)["NotStatement"]["Statement"]


def negate(template: Json, name: str) -> None:
    rule(template, name)["Statement"] = {"NotStatement": {"Statement": statement(template, name)}}


def one_in_an_or(template: Json) -> None:
    statement(template, "DeniedAddresses")["OrStatement"]["Statements"].pop()


def all_keys_in_one(template: Json) -> None:
    rate(template, "KeyRate-x-api-key")["CustomKeys"] += rate(template, "KeyRate-bearer")["CustomKeys"]


def protections(template: Json) -> list[Json]:
    found: list[Json] = web_acl(template)["DataProtectionConfig"]["DataProtections"]
    return found


def protection(template: Json, kind: str) -> Json:
    found: Json
    (found,) = (one for one in protections(template) if one["Field"]["FieldType"] == kind)
    return found


def protect_all_but(details: str) -> Callable[[Json], None]:
    def break_it(template: Json) -> None:
        for one in protections(template):
            one[f"Exclude{details}Details"] = True

    return break_it


def unprotect(kind: str) -> Callable[[Json], None]:
    return lambda template: protections(template).remove(protection(template, kind))


def forget_the_query(template: Json) -> None:
    log(template)["RedactedFields"].remove({"QueryString": {}})


def forget(header: str) -> Callable[[Json], None]:
    def break_it(template: Json) -> None:
        log(template)["RedactedFields"].remove({"SingleHeader": {"Name": header}})

    return break_it


def first_managed(template: Json) -> None:
    priorities = {"AddressRate": "AWSManagedRulesCommonRuleSet", "AWSManagedRulesCommonRuleSet": "AddressRate"}
    places = {name: rule(template, name)["Priority"] for name in priorities}
    for name, other in priorities.items():
        rule(template, name)["Priority"] = places[other]


COMMON = "AWSManagedRulesCommonRuleSet"
KNOWN_BAD = "AWSManagedRulesKnownBadInputsRuleSet"
REPUTATION = "AWSManagedRulesAmazonIpReputationList"

BROKEN_FIREWALLS: list[tuple[str, HouseRule, str, Callable[[Json], object]]] = [
    ("managed rules before the rate", rules.firewall_rules_are_in_order, "blocking", first_managed),
    ("two rules in one place", rules.firewall_rules_are_in_order, "blocking",
     lambda t: rule(t, "AllowedAddresses").update(Priority=0)),
    ("no rate", rules.firewall_rules_are_in_order, "small", lambda t: remove_rule(t, "AddressRate")),
    ("no reputation", rules.firewall_rules_are_in_order, "small", lambda t: remove_rule(t, REPUTATION)),
    ("another rule", rules.firewall_rules_are_in_order, "small", lambda t: rule(t, "AddressRate").update(Name="Other")),
    ("another group under the name", rules.firewall_rules_are_in_order, "small",
     lambda t: statement(t, COMMON)["ManagedRuleGroupStatement"].update(Name="AWSManagedRulesBotControlRuleSet")),
    ("allow first", rules.firewall_allows_nobody_past_its_rules, "blocking", allow_listed_first),
    ("a managed rule that allows", rules.firewall_allows_nobody_past_its_rules, "blocking",
     lambda t: override(t, COMMON, "NoUserAgent_HEADER").update(ActionToUse={"Allow": {}})),
    ("closed by default", rules.firewall_allows_nobody_past_its_rules, "small",
     lambda t: web_acl(t).update(DefaultAction={"Block": {}})),
    ("blocks who is allowed", rules.firewall_lists_refuse_the_right_side, "blocking",
     lambda t: take_the_not_away(t, "AllowedAddresses")),
    ("blocks the countries that are allowed", rules.firewall_lists_refuse_the_right_side, "blocking",
     lambda t: take_the_not_away(t, "AllowedCountries")),
    ("blocks all but who is denied", rules.firewall_lists_refuse_the_right_side, "blocking",
     lambda t: negate(t, "DeniedAddresses")),
    ("blocks all but the countries that are denied", rules.firewall_lists_refuse_the_right_side, "denying",
     lambda t: negate(t, "DeniedCountries")),
    ("an Or of one", rules.firewall_lists_refuse_the_right_side, "blocking", one_in_an_or),
    ("a window that WAF does not have", rules.firewall_rates_count_what_they_are_named_for, "blocking",
     lambda t: rate(t, "AddressRate").update(EvaluationWindowSec=5)),
    ("all addresses together", rules.firewall_rates_count_what_they_are_named_for, "blocking",
     lambda t: rate(t, "AddressRate").update(AggregateKeyType="CONSTANT")),
    ("a rate for some requests", rules.firewall_rates_count_what_they_are_named_for, "small",
     lambda t: rate(t, "AddressRate").update(ScopeDownStatement={"GeoMatchStatement": {"CountryCodes": ["DE"]}})),
    ("a header after the edge function", rules.firewall_rates_count_what_they_are_named_for, "blocking",
     lambda t: rate(t, "KeyRate-bearer")["CustomKeys"][0]["Header"].update(Name="x-api-key")),
    ("a header in capitals", rules.firewall_rates_count_what_they_are_named_for, "blocking",
     lambda t: rate(t, "KeyRate-bearer")["CustomKeys"][0]["Header"].update(Name="Authorization")),
    ("all keys of a request as one", rules.firewall_rates_count_what_they_are_named_for, "blocking", all_keys_in_one),
    ("the form that API Gateway reads is free", rules.firewall_rates_count_what_they_are_named_for, "blocking",
     lambda t: remove_rule(t, "KeyRate-x-api-key")),
    ("long prompts blocked", actions.firewall_counts_long_bodies, "blocking",
     lambda t: override(t, COMMON, "SizeRestrictions_BODY").update(ActionToUse=PLAIN)),
    ("little of a body inspected", actions.firewall_counts_long_bodies, "small",
     lambda t: web_acl(t).pop("AssociationConfig")),
    ("inspection of something else", actions.firewall_counts_long_bodies, "small",
     lambda t: web_acl(t)["AssociationConfig"].update(RequestBody={"API_GATEWAY": "KB_64"})),
    ("a managed rule skipped", actions.firewall_skips_no_rule, "blocking",
     lambda t: override(t, KNOWN_BAD, "Log4JRCE_HEADER").update(ActionToUse=COUNT)),
    ("a managed rule answered with a puzzle", actions.firewall_skips_no_rule, "blocking",
     lambda t: override(t, KNOWN_BAD, "Log4JRCE_HEADER").update(ActionToUse={"Captcha": {}})),
    ("a rule of ours that asks a puzzle", actions.firewall_skips_no_rule, "small",
     lambda t: rule(t, "AddressRate").update(Action={"Captcha": {}})),
    ("a group skipped", actions.rehearsal_blocks_nothing, "blocking",
     lambda t: rule(t, COMMON).update(OverrideAction=COUNT)),
    ("a rule of ours skipped", actions.rehearsal_blocks_nothing, "blocking",
     lambda t: rule(t, "AddressRate").update(Action=COUNT)),
    ("a rehearsal that blocks", actions.rehearsal_blocks_nothing, "rehearsal",
     lambda t: rule(t, "DeniedAddresses").update(Action=PLAIN)),
    ("a rehearsal with a group that blocks", actions.rehearsal_blocks_nothing, "rehearsal",
     lambda t: rule(t, REPUTATION).update(OverrideAction={"None": {}})),
    ("a rehearsal with a managed rule that blocks", actions.rehearsal_blocks_nothing, "rehearsal",
     lambda t: override(t, COMMON, "GenericLFI_URIPATH").update(ActionToUse=PLAIN)),
    ("a page of WAF", actions.who_is_blocked_reads_json, "blocking",
     lambda t: rule(t, "DeniedAddresses").update(Action=PLAIN)),
    ("a page of WAF from a group", actions.who_is_blocked_reads_json, "blocking",
     lambda t: override(t, COMMON, "GenericLFI_URIPATH").update(ActionToUse=PLAIN)),
    ("a body that is missing", actions.who_is_blocked_reads_json, "small",
     lambda t: web_acl(t)["CustomResponseBodies"].pop("blocked")),
    ("a body that is no JSON", actions.who_is_blocked_reads_json, "small",
     lambda t: web_acl(t)["CustomResponseBodies"]["blocked"].update(Content="no")),
    ("JSON that is called a page", actions.who_is_blocked_reads_json, "small",
     lambda t: web_acl(t)["CustomResponseBodies"]["blocked"].update(ContentType="TEXT_HTML")),
    ("a rate that forbids", actions.who_is_blocked_reads_json, "small",
     lambda t: answer(t, "AddressRate").update(ResponseCode=403)),
    ("a rate that does not say until when", actions.who_is_blocked_reads_json, "small",
     lambda t: answer(t, "AddressRate").pop("ResponseHeaders")),
    ("queries in the log", actions.waf_stores_no_credential, "blocking", forget_the_query),
    ("cookies in the log", actions.waf_stores_no_credential, "blocking", forget("cookie")),
    ("the origin secret in the log", actions.waf_stores_no_credential, "blocking", forget("x-origin-verify")),
    ("keys in what the log says of rates", actions.waf_stores_no_credential, "blocking",
     lambda t: web_acl(t).pop("DataProtectionConfig")),
    ("rates left out of the protection", actions.waf_stores_no_credential, "blocking", protect_all_but("RateBased")),
    ("matches left out of the protection", actions.waf_stores_no_credential, "blocking", protect_all_but("RuleMatch")),
    ("pieces of queries in the log", actions.waf_stores_no_credential, "blocking", unprotect("QUERY_STRING")),
    ("arguments of queries in the log", actions.waf_stores_no_credential, "blocking",
     unprotect("SINGLE_QUERY_ARGUMENT")),
    ("pieces of bodies in the log", actions.waf_stores_no_credential, "blocking", unprotect("BODY")),
    ("pages with their queries in the log", actions.waf_stores_no_credential, "blocking", forget("referer")),
    ("keys of proxies in the log", actions.waf_stores_no_credential, "blocking", forget("proxy-authorization")),
    ("one argument protected", actions.waf_stores_no_credential, "blocking",
     lambda t: protection(t, "SINGLE_QUERY_ARGUMENT")["Field"].update(FieldKeys=["code"])),
    ("credentials in samples", actions.waf_stores_no_credential, "blocking",
     lambda t: rule(t, COMMON)["VisibilityConfig"].update(SampledRequestsEnabled=True)),
    ("no log", actions.waf_stores_no_credential, "small", lambda t: log(t).update(ResourceArn="another")),
    ("everything logged", actions.firewall_logs_what_is_refused, "small", lambda t: log(t).pop("LoggingFilter")),
    ("counts not logged", actions.firewall_logs_what_is_refused, "small",
     lambda t: log(t)["LoggingFilter"]["Filters"][0]["Conditions"].pop()),
    ("a rehearsal that does not log the managed rules", actions.firewall_logs_what_is_refused, "rehearsal",
     lambda t: log(t)["LoggingFilter"]["Filters"][0]["Conditions"].pop()),
    ("a filter for what meets all conditions", actions.firewall_logs_what_is_refused, "small",
     lambda t: log(t)["LoggingFilter"]["Filters"][0].update(Requirement="MEETS_ALL")),
    ("more capacity than included", rules.firewall_costs_no_extra_capacity, "blocking",
     lambda t: web_acl(t)["Rules"].append(rule(t, COMMON))),
]  # fmt: skip
