"""The origin lock in its header form, and how it relates to the other one."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from aws_cdk import Stack

from ml_gateway import ApiKeyLock, GatewayUsagePlan
from ml_gateway.constructs import HeaderLock
from ml_gateway.constructs.managed_rules import COMMON, KNOWN_BAD_INPUTS
from tests.constructs.multi_tenant import PLAN, define_api
from tests.policy.reading import everything_named, first_rule
from tests.synthesis import Json, bare_stack, only, resources, template_of

USUAL_RETENTION = timedelta(days=90)


def define_lock(
    stack: Stack, generation: int = 1, replica_regions: Sequence[str] = (), log_retention: timedelta = USUAL_RETENTION
) -> HeaderLock:
    return HeaderLock(
        stack,
        "OriginLock",
        gateway_name="fraud",
        generation=generation,
        stage=define_api(stack).stage,
        replica_regions=replica_regions,
        log_retention=log_retention,
    )


def locked(
    generation: int = 1, replica_regions: Sequence[str] = (), log_retention: timedelta = USUAL_RETENTION
) -> Json:
    stack = bare_stack()
    define_lock(stack, generation, replica_regions, log_retention)
    return template_of(stack)


def locked_by_api_key(generation: int) -> Json:
    stack = bare_stack()
    stage = define_api(stack).stage
    plan = GatewayUsagePlan(stack, "UsagePlan", stage=stage, plan=PLAN)
    ApiKeyLock(
        stack, "OriginLock", gateway_name="fraud", generation=generation, stage=stage, usage_plan=plan.usage_plan
    )
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
    template = locked(generation)
    assert accepted(template) == [reference(number) for number in numbers]
    assert [secret["Properties"]["Name"] for secret in secrets(template).values()] == [
        f"fraud/origin/{number}" for number in numbers
    ]


def test_the_distribution_is_to_send_the_newest_generation() -> None:
    assert define_lock(bare_stack(), generation=3).origin_headers == {"x-origin-verify": "fraud/origin/3"}


def test_one_generation_needs_no_or_and_two_do() -> None:
    one, two = (first_rule(only(locked(n), "AWS::WAFv2::WebACL"))["Statement"]["NotStatement"] for n in (1, 2))
    assert list(one["Statement"]) == ["ByteMatchStatement"]
    assert list(two["Statement"]) == ["OrStatement"]
    assert len(two["Statement"]["OrStatement"]["Statements"]) == 2


def test_a_generation_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="generation must be at least 1, got 0; the first one is 1"):
        locked(generation=0)


def test_the_rules_wait_for_the_secrets_that_they_name() -> None:
    template = locked(generation=2)
    (web_acl,) = resources(template, "AWS::WAFv2::WebACL")
    assert set(template["Resources"][web_acl]["DependsOn"]) == set(secrets(template))


@pytest.mark.parametrize("generation", [1, 2])
def test_another_lock_keeps_the_secrets_as_they_are(generation: int) -> None:
    assert secrets(locked(generation)) == secrets(locked_by_api_key(generation))
    assert "OriginLockGeneration1SecretB6ECBA9A" in secrets(locked(generation))


def test_the_settings_of_the_generator_are_frozen() -> None:
    (secret,) = secrets(locked()).values()
    assert secret["Properties"]["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}


def test_a_rotation_keeps_everything_but_the_oldest_secret() -> None:
    before, after = locked(generation=2)["Resources"], locked(generation=3)["Resources"]
    assert before.keys() - after.keys() == {"OriginLockGeneration1SecretB6ECBA9A"}
    assert after.keys() - before.keys() == {"OriginLockGeneration3SecretE7CDA401"}
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    (web_acl,) = (name for name in before if before[name]["Type"] == "AWS::WAFv2::WebACL")
    assert changed == {web_acl}
    # Whatever replaces a web ACL would meet its own name.
    assert all(before[web_acl]["Properties"][key] == after[web_acl]["Properties"][key] for key in ("Name", "Scope"))


def test_secrets_are_replicated_to_where_they_are_read() -> None:
    (secret,) = secrets(locked(replica_regions=["eu-west-1"])).values()
    assert secret["Properties"]["ReplicaRegions"] == [{"Region": "eu-west-1"}]


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
    stack = bare_stack()
    api = define_api(stack)
    HeaderLock(stack, "Lock", gateway_name="fraud", generation=1, stage=api.stage, managed_rules=False)
    web_acl = only(template_of(stack), "AWS::WAFv2::WebACL")
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


def test_the_lock_adds_six_resources_for_two_generations() -> None:
    stack = bare_stack()
    define_api(stack)
    assert len(locked(generation=2)["Resources"]) - len(template_of(stack)["Resources"]) == 6
