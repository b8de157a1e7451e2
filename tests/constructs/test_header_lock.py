"""The origin lock in its header form."""

from datetime import timedelta
from typing import Any

import pytest

from ml_gateway.constructs.managed_rules import COMMON, KNOWN_BAD_INPUTS
from tests.constructs.multi_tenant import define_api, define_header_lock
from tests.policy.reading import everything_named, first_rule
from tests.synthesis import Json, bare_stack, only, resources, template_of


def locked(generation: int = 1, **settings: Any) -> Json:
    stack = bare_stack()
    define_header_lock(stack, define_api(stack), generation, **settings)
    return template_of(stack)


def reference(generation: int) -> str:
    return f"{{{{resolve:secretsmanager:fraud/origin/{generation}:SecretString:::}}}}"


def accepted(template: Json) -> list[str]:
    rule = first_rule(only(template, "AWS::WAFv2::WebACL"))
    return [match["SearchString"] for match in everything_named("ByteMatchStatement", rule)]


def secrets(template: Json) -> dict[str, Json]:
    """Whole resources, with what surrounds their properties."""
    return {name: template["Resources"][name] for name in resources(template, "AWS::SecretsManager::Secret")}


@pytest.mark.parametrize(("generation", "numbers"), [(1, [1]), (2, [1, 2]), (7, [6, 7])])
def test_the_generation_and_the_one_before_it_are_accepted(generation: int, numbers: list[int]) -> None:
    assert accepted(locked(generation)) == [reference(number) for number in numbers]


def test_the_distribution_is_to_send_the_newest_generation() -> None:
    stack = bare_stack()
    lock = define_header_lock(stack, define_api(stack), generation=3)
    assert lock.origin_headers == {"x-origin-verify": "fraud/origin/3"}


def test_one_generation_needs_no_or_and_two_do() -> None:
    one, two = (first_rule(only(locked(n), "AWS::WAFv2::WebACL"))["Statement"]["NotStatement"] for n in (1, 2))
    assert list(one["Statement"]) == ["ByteMatchStatement"]
    assert list(two["Statement"]) == ["OrStatement"]
    assert [list(each) for each in two["Statement"]["OrStatement"]["Statements"]] == [["ByteMatchStatement"]] * 2


def test_the_rules_wait_for_the_secrets_that_they_name() -> None:
    template = locked(generation=2)
    (web_acl,) = resources(template, "AWS::WAFv2::WebACL")
    assert set(template["Resources"][web_acl]["DependsOn"]) == set(secrets(template))


def test_a_rotation_changes_the_web_acl_and_adds_a_secret_alone() -> None:
    before, after = locked(generation=2)["Resources"], locked(generation=3)["Resources"]
    assert before.keys() <= after.keys()
    assert [after[name]["Type"] for name in after.keys() - before.keys()] == ["AWS::SecretsManager::Secret"]
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    (web_acl,) = (name for name in before if before[name]["Type"] == "AWS::WAFv2::WebACL")
    assert changed == {web_acl}
    # Whatever replaces a web ACL would meet its own name.
    assert all(before[web_acl]["Properties"][key] == after[web_acl]["Properties"][key] for key in ("Name", "Scope"))


def test_the_web_acl_is_regional_lets_the_rest_pass_and_is_named_for_its_metrics() -> None:
    web_acl = only(locked(), "AWS::WAFv2::WebACL")
    assert web_acl["Scope"] == "REGIONAL"
    assert web_acl["DefaultAction"] == {"Allow": {}}
    assert web_acl["Name"] == "fraud-origin-lock"
    assert web_acl["AssociationConfig"] == {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}}


def test_every_rule_has_metrics_of_its_own_and_a_place_of_its_own() -> None:
    web_acl = only(locked(), "AWS::WAFv2::WebACL")
    configs = [rule["VisibilityConfig"] for rule in web_acl["Rules"]] + [web_acl["VisibilityConfig"]]
    assert all(config["CloudWatchMetricsEnabled"] for config in configs)
    assert len({config["MetricName"] for config in configs}) == len(configs) == 4
    assert [rule["Priority"] for rule in web_acl["Rules"]] == [0, 1, 2]


def test_managed_groups_follow_the_lock_and_count_what_a_model_is_sent() -> None:
    groups = {
        group["Name"]: [override["Name"] for override in group.get("RuleActionOverrides", [])]
        for group in everything_named("ManagedRuleGroupStatement", only(locked(), "AWS::WAFv2::WebACL"))
    }
    assert groups == {group.name: list(group.counted) for group in (COMMON, KNOWN_BAD_INPUTS)}
    assert "SizeRestrictions_BODY" in groups["AWSManagedRulesCommonRuleSet"]
    assert not groups.keys() & {"AWSManagedRulesAnonymousIpList", "AWSManagedRulesBotControlRuleSet"}


def test_without_managed_rules_the_lock_stands_alone_and_no_body_is_inspected() -> None:
    web_acl = only(locked(managed_rules=False), "AWS::WAFv2::WebACL")
    assert [rule["Name"] for rule in web_acl["Rules"]] == ["OriginLock"]
    assert "AssociationConfig" not in web_acl


def test_managed_groups_block_what_they_do_not_count() -> None:
    rules = only(locked(), "AWS::WAFv2::WebACL")["Rules"][1:]
    overrides = [one["ActionToUse"] for rule in rules for found in everything_named("RuleActionOverrides", rule)
                 for one in found]  # fmt: skip
    assert rules
    assert all(rule["OverrideAction"] == {"None": {}} for rule in rules)
    assert overrides
    assert all(action == {"Count": {}} for action in overrides)


def test_the_log_has_a_name_that_waf_accepts_and_ends() -> None:
    template = locked(log_retention=timedelta(days=14))
    (name,) = (
        name
        for name, log in resources(template, "AWS::Logs::LogGroup").items()
        if log.get("LogGroupName") == "aws-waf-logs-fraud-origin-lock"
    )
    assert template["Resources"][name]["Properties"]["RetentionInDays"] == 14
    (destination,) = only(template, "AWS::WAFv2::LoggingConfiguration")["LogDestinationConfigs"]
    assert destination["Fn::Join"][1][-2:] == [":log-group:", {"Ref": name}]


def test_the_lock_adds_a_web_acl_and_its_log_beside_its_secrets() -> None:
    stack = bare_stack()
    define_api(stack)
    template = locked(generation=2)
    added = template["Resources"].keys() - secrets(template).keys() - template_of(stack)["Resources"].keys()
    assert sorted(template["Resources"][name]["Type"] for name in added) == [
        "AWS::Logs::LogGroup",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACL",
        "AWS::WAFv2::WebACLAssociation",
    ]
