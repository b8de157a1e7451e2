"""The firewall at the edge: which rules there are, in which order, and what each looks at."""

import json
from typing import Any

import pytest

from ml_gateway import AddressesConfig, CountriesConfig, FirewallDesign, RequestWindow
from ml_gateway.constructs.managed_rules import COMMON, IP_REPUTATION, KNOWN_BAD_INPUTS, ManagedGroup
from ml_gateway.credentials import KeyForm
from tests.constructs.firewalls import KEY_RATE, RATE, firewalled, full_firewall, overrides, small_firewall
from tests.policy.reading import everything_named
from tests.synthesis import Json, only, resources

MANAGED = [
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
]


def web_acl(template: Json) -> Json:
    return only(template, "AWS::WAFv2::WebACL")


def rules(template: Json) -> dict[str, Json]:
    return {rule["Name"]: rule for rule in web_acl(template)["Rules"]}


def guarded_by(*, addresses: AddressesConfig | None = None, countries: CountriesConfig | None = None) -> Json:
    return firewalled(FirewallDesign(rate=RATE, addresses=addresses, countries=countries))


def body(template: Json, rule: str) -> Any:
    answer = rules(template)[rule]["Action"]["Block"]["CustomResponse"]
    return json.loads(web_acl(template)["CustomResponseBodies"][answer["CustomResponseBodyKey"]]["Content"])


def addresses_of(template: Json) -> dict[str, list[list[str]]]:
    """Rule -> the addresses of each IP set that it names."""
    sets = resources(template, "AWS::WAFv2::IPSet")
    named = {
        name: [one["Arn"]["Fn::GetAtt"][0] for one in everything_named("IPSetReferenceStatement", rule)]
        for name, rule in rules(template).items()
    }
    return {name: [sets[one]["Addresses"] for one in found] for name, found in named.items() if found}


def test_the_smallest_firewall_has_a_rate_and_the_managed_groups() -> None:
    assert list(rules(small_firewall())) == ["AddressRate", *MANAGED]
    assert not resources(small_firewall(), "AWS::WAFv2::IPSet")


def test_rules_ask_who_may_call_then_how_often_then_what_is_known_to_be_bad() -> None:
    found = web_acl(full_firewall())["Rules"]
    assert [rule["Name"] for rule in found] == [
        "DeniedAddresses",
        "AllowedAddresses",
        "AllowedCountries",
        "AddressRate",
        "KeyRate-x-api-key",
        "KeyRate-bearer",
        "KeyRate-api-key",
        "KeyRate-x-goog-api-key",
        *MANAGED,
    ]
    assert [rule["Priority"] for rule in found] == list(range(11))


def test_the_web_acl_is_for_distributions_lets_the_rest_pass_and_is_named_for_its_metrics() -> None:
    found = web_acl(small_firewall())
    assert (found["Scope"], found["DefaultAction"], found["Name"]) == ("CLOUDFRONT", {"Allow": {}}, "fraud-edge")
    assert found["AssociationConfig"] == {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_64"}}}


def test_every_rule_has_metrics_of_its_own_and_no_samples() -> None:
    configs = list(everything_named("VisibilityConfig", web_acl(full_firewall())))
    assert len({config["MetricName"] for config in configs}) == len(configs) == 12
    assert all(config["CloudWatchMetricsEnabled"] and not config["SampledRequestsEnabled"] for config in configs)


def test_denied_addresses_are_blocked_in_both_versions() -> None:
    template = guarded_by(addresses=AddressesConfig(deny=("2001:db8:2::/48", "198.51.100.0/24", "192.0.2.7/32")))
    assert addresses_of(template) == {"DeniedAddresses": [["198.51.100.0/24", "192.0.2.7/32"], ["2001:db8:2::/48"]]}
    assert list(rules(template)["DeniedAddresses"]["Statement"]) == ["OrStatement"]
    sets = resources(template, "AWS::WAFv2::IPSet").values()
    assert [(one["IPAddressVersion"], one["Scope"]) for one in sets] == [("IPV4", "CLOUDFRONT"), ("IPV6", "CLOUDFRONT")]


def test_who_is_not_on_the_list_of_allowed_addresses_is_blocked() -> None:
    template = guarded_by(addresses=AddressesConfig(allow=("203.0.113.0/24",)))
    rule = rules(template)["AllowedAddresses"]
    assert list(rule["Action"]) == ["Block"]
    assert list(rule["Statement"]) == ["NotStatement"]
    # One version alone needs no Or, and WAF would refuse one.
    assert list(rule["Statement"]["NotStatement"]["Statement"]) == ["IPSetReferenceStatement"]
    assert addresses_of(template) == {"AllowedAddresses": [["203.0.113.0/24"]]}


def test_countries_are_denied_as_they_are_and_allowed_by_blocking_all_others() -> None:
    denied = rules(guarded_by(countries=CountriesConfig(deny=("AQ", "BV"))))["DeniedCountries"]
    allowed = rules(guarded_by(countries=CountriesConfig(allow=("DE",))))["AllowedCountries"]
    assert denied["Statement"] == {"GeoMatchStatement": {"CountryCodes": ["AQ", "BV"]}}
    assert allowed["Statement"] == {"NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["DE"]}}}}


@pytest.mark.parametrize(("written", "limit", "seconds"), [("10/1m", 10, 60), ("2000/5m", 2000, 300)])
def test_each_address_has_the_rate_of_the_file(written: str, limit: int, seconds: int) -> None:
    rule = rules(firewalled(FirewallDesign(rate=RequestWindow.parse(written))))["AddressRate"]
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "Limit": limit,
        "EvaluationWindowSec": seconds,
    }


def key_rates(template: Json) -> dict[str, Json]:
    """Form -> what is counted."""
    return {
        name.removeprefix("KeyRate-"): rule["Statement"]["RateBasedStatement"]
        for name, rule in rules(template).items()
        if name.startswith("KeyRate-")
    }


def test_each_key_has_a_rate_in_the_header_in_which_its_client_sends_it() -> None:
    found = key_rates(full_firewall())
    assert {form: [key["Header"]["Name"] for key in rate["CustomKeys"]] for form, rate in found.items()} == {
        "x-api-key": ["x-api-key"],
        "bearer": ["authorization"],
        "api-key": ["api-key"],
        "x-goog-api-key": ["x-goog-api-key"],
    }
    assert {(rate["Limit"], rate["EvaluationWindowSec"]) for rate in found.values()} == {(30_000, 600)}


def test_a_key_counts_once_however_its_scheme_is_written() -> None:
    (key,) = key_rates(full_firewall())["bearer"]["CustomKeys"]
    kinds = [one["Type"] for one in sorted(key["Header"]["TextTransformations"], key=lambda one: one["Priority"])]
    assert kinds == ["COMPRESS_WHITE_SPACE", "LOWERCASE"]


def test_keys_have_a_rate_in_each_form_in_the_order_of_the_forms() -> None:
    rates: dict[KeyForm, RequestWindow] = {"bearer": KEY_RATE, "x-api-key": KEY_RATE}
    assert list(key_rates(firewalled(FirewallDesign(rate=RATE, key_rates=rates)))) == ["x-api-key", "bearer"]


def test_the_form_that_api_gateway_reads_has_to_have_a_rate() -> None:
    with pytest.raises(ValueError, match=r"key_rates for bearer lack x-api-key, which API Gateway itself reads"):
        FirewallDesign(rate=RATE, key_rates={"bearer": KEY_RATE})


def test_a_form_that_does_not_exist_is_refused() -> None:
    rates: Any = {"x-api-key": KEY_RATE, "query": KEY_RATE}
    message = "a key cannot be counted as 'query'; choose from x-api-key, bearer, api-key, x-goog-api-key"
    with pytest.raises(ValueError, match=message):
        FirewallDesign(rate=RATE, key_rates=rates)


@pytest.mark.parametrize("group", [IP_REPUTATION, KNOWN_BAD_INPUTS, COMMON], ids=lambda group: group.name)
def test_a_managed_group_answers_for_each_rule_that_blocks_and_counts_what_a_model_is_sent(group: ManagedGroup) -> None:
    rule = rules(small_firewall())[group.name]
    assert rule["OverrideAction"] == {"None": {}}
    actions = {name: kind for name, action in overrides(rule).items() for kind in action}
    assert actions == {**dict.fromkeys(group.blocking, "Block"), **dict.fromkeys(group.counted, "Count")}
    assert len(actions) == len(group.blocking) + len(group.counted)


def test_a_list_that_counts_by_itself_stays_as_aws_has_it() -> None:
    assert "AWSManagedIPDDoSList" not in overrides(rules(small_firewall())["AWSManagedRulesAmazonIpReputationList"])


def test_a_rehearsal_counts_each_rule_and_each_group() -> None:
    found = rules(full_firewall(mode="count"))
    own = {name: rule["Action"] for name, rule in found.items() if name not in MANAGED}
    groups = {name: rule["OverrideAction"] for name, rule in found.items() if name in MANAGED}
    assert list(own) == [
        "DeniedAddresses", "AllowedAddresses", "AllowedCountries", "AddressRate", "KeyRate-x-api-key", "KeyRate-bearer",
        "KeyRate-api-key", "KeyRate-x-goog-api-key",
    ]  # fmt: skip
    assert list(groups) == MANAGED
    assert [*own.values(), *groups.values()] == [{"Count": {}}] * 11
    assert not list(everything_named("Block", found))


def test_a_rehearsal_changes_nothing_but_the_actions_and_the_log_s_filter() -> None:
    block, count = full_firewall()["Resources"], full_firewall(mode="count")["Resources"]
    changed = {block[name]["Type"] for name in block if block[name] != count[name]}
    assert block.keys() == count.keys()
    assert changed == {"AWS::WAFv2::WebACL", "AWS::WAFv2::LoggingConfiguration"}


def test_who_is_blocked_reads_the_reason_in_the_callers_dialect() -> None:
    plain = {"message": "the request was blocked by a firewall rule", "code": "blocked", "source": "gateway"}
    assert body(guarded_by(countries=CountriesConfig(deny=("AQ",))), "DeniedCountries") == plain
    openai = body(full_firewall(), "DeniedAddresses")
    assert openai == {
        "type": "error",
        "error": {"message": plain["message"], "type": "permission_error", "param": None, "code": "blocked"},
        "source": "gateway",
    }


def test_who_calls_too_often_reads_when_to_come_again() -> None:
    answer = rules(small_firewall())["AddressRate"]["Action"]["Block"]["CustomResponse"]
    assert answer["ResponseCode"] == 429
    assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "30"}]
    assert body(small_firewall(), "AddressRate")["code"] == "rate_limit_exceeded"


def test_browsers_may_read_every_refusal_where_cors_is_on_and_none_where_it_is_off() -> None:
    header = {"Name": "access-control-allow-origin", "Value": "*"}
    readable, unreadable = (
        [header in answer.get("ResponseHeaders", []) for answer in everything_named("CustomResponse", template)]
        for template in (small_firewall(cors=True), small_firewall())
    )
    assert len(readable) == len(unreadable) == 31
    assert all(readable)
    assert not any(unreadable)


def test_the_log_has_a_name_that_waf_accepts_ends_and_leaves_out_what_passed() -> None:
    template = full_firewall()
    ((name, group),) = resources(template, "AWS::Logs::LogGroup").items()
    assert (group["LogGroupName"], group["RetentionInDays"]) == ("aws-waf-logs-fraud-edge", 14)
    logging = only(template, "AWS::WAFv2::LoggingConfiguration")
    (destination,) = logging["LogDestinationConfigs"]
    assert destination["Fn::Join"][1][-2:] == [":log-group:", {"Ref": name}]
    assert logging["LoggingFilter"] == {
        "DefaultBehavior": "DROP",
        "Filters": [
            {
                "Behavior": "KEEP",
                "Requirement": "MEETS_ANY",
                "Conditions": [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")],
            }
        ],
    }


def test_a_firewall_in_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="a firewall for CloudFront cannot be defined in eu-west-1"):
        small_firewall(region="eu-west-1")


def test_a_stack_that_leaves_its_region_open_is_taken_at_its_word() -> None:
    assert list(rules(small_firewall(region=None))) == ["AddressRate", *MANAGED]
