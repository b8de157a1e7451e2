"""Every gateway keeps the house rules; those about APIs and edges refuse what was broken on purpose."""

import copy
import json
from collections.abc import Callable

import pytest

from ml_gateway import EdgeConfig, GatewayConfig, OriginLockConfig
from ml_gateway.policy import HOUSE_RULES, HouseRule, Template, api_rules, region_rules, secret_rules
from ml_gateway.policy.api_rules import API_RULES
from ml_gateway.policy.edge_rules import EDGE_RULES
from ml_gateway.policy.region_rules import REGION_RULES
from ml_gateway.policy.secret_rules import SECRET_RULES
from tests.constructs.multi_tenant import multi_tenant_template
from tests.policy.broken_edges import BROKEN_EDGES, CLEAR, JOINED, Broken, first, keep_answers, origin
from tests.policy.reading import broken_rules, in_one_line, template_of_methods
from tests.stacks.regional import DOMAIN
from tests.synthesis import Json, Templates, gateway_config, resources, synthesize

GATEWAYS = ["templates", "other_templates", "every_templates", "multi_tenant_templates", "identities_templates",
            "complete_templates", "rollouts_templates"]  # fmt: skip
"""Fixtures with the templates of a file each."""


@pytest.fixture(scope="module")
def gateways(request: pytest.FixtureRequest) -> dict[str, dict[str, Template]]:
    """The templates of each of them, read once for all rules."""
    found: dict[str, Templates] = {gateway: request.getfixturevalue(gateway) for gateway in GATEWAYS}
    return {
        gateway: {name: Template.of(its) for name, its in templates.items()} for gateway, templates in found.items()
    }


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_gateway_keeps_the_rule(rule: HouseRule, gateway: str, gateways: dict[str, dict[str, Template]]) -> None:
    templates = gateways[gateway]
    assert {"keys", "api", "edge"} <= templates.keys()
    assert {name: found for name, template in templates.items() if (found := rule.findings(template))} == {}


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_looks_at_something(rule: HouseRule, gateways: dict[str, dict[str, Template]], of_methods: Json) -> None:
    templates = [template for each in gateways.values() for template in each.values()] + [in_one_line(of_methods)]
    assert [subject for template in templates for subject in rule.subjects(template)] != []


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_is_silent_where_nothing_concerns_it(rule: HouseRule) -> None:
    bucket = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
    assert rule.findings(Template.of(bucket)) == []
    assert rule.findings(Template.of({})) == []


def test_no_stack_of_ours_imports_anything(request: pytest.FixtureRequest) -> None:
    templates = [template for each in GATEWAYS for template in request.getfixturevalue(each).values()]
    assert templates
    assert [template for template in templates if "Fn::ImportValue" in json.dumps(template)] == []


@pytest.fixture(scope="module")
def rotated() -> Templates:
    """A gateway that has something for every rule to look at: two generations, and a cache left out."""
    config: GatewayConfig = gateway_config(origin_lock=OriginLockConfig(generation=2))
    named = synthesize(gateway_config(edge=EdgeConfig(domain=DOMAIN)))["api"]
    return {
        **synthesize(config),
        "named": named,
        "methods": template_of_methods(),
        "one stack": multi_tenant_template(),
    }


@pytest.fixture(scope="module")
def of_methods() -> Json:
    """An API of somebody's own, of methods that are resources."""
    return template_of_methods()


def unchain_keys(template: Json) -> None:
    for logical_id in resources(template, "AWS::ApiGateway::UsagePlanKey"):
        template["Resources"][logical_id].pop("DependsOn", None)


def record(template: Json) -> Json:
    (found,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::Route53::RecordSet")
    resource: Json = found
    return resource


BROKEN: list[Broken] = [
    ("open method", api_rules.methods_require_keys, "methods",
     lambda t: first(t, "AWS::ApiGateway::Method").update(ApiKeyRequired=False)),
    ("method without the property", api_rules.methods_require_keys, "methods",
     lambda t: first(t, "AWS::ApiGateway::Method").pop("ApiKeyRequired")),
    ("key in clear", api_rules.api_keys_are_secrets, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").update(Value=CLEAR)),
    ("key that AWS makes up", api_rules.api_keys_are_secrets, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").pop("Value")),
    ("secret in clear", secret_rules.secrets_have_no_value_in_the_template, "keys",
     lambda t: first(t, "AWS::SecretsManager::Secret").update(SecretString=CLEAR)),
    ("key before its secret", secret_rules.secrets_come_first, "one stack",
     lambda t: t["Resources"][next(iter(resources(t, "AWS::ApiGateway::ApiKey")))].pop("DependsOn")),
    ("secret that is not kept", secret_rules.origin_secrets_are_kept, "one stack",
     lambda t: next(each for each in resources(t, "AWS::SecretsManager::Secret").values()
                    if each["Name"] == "fraud/origin/1").update(Name="fraud/origin/9")),
    ("plan without a throttle", api_rules.plans_throttle, "api",
     lambda t: first(t, "AWS::ApiGateway::UsagePlan").pop("Throttle")),
    ("keys at the same time", api_rules.keys_join_plans_in_turn, "api", unchain_keys),
    ("custom resource between regions", api_rules.stacks_are_not_tied, "edge",
     lambda t: t["Resources"].update(Reader={"Type": "Custom::CrossRegionExportReader"})),
    ("imported value", api_rules.stacks_are_not_tied, "edge",
     lambda t: origin(t).update(DomainName={"Fn::ImportValue": "api"})),
    ("joined dynamic reference", api_rules.references_are_literal, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
    ("record before the lock", region_rules.records_come_last, "named",
     lambda t: record(t).update(DependsOn=[each for each in record(t)["DependsOn"] if "OriginLock" not in each])),
    ("record that waits for nothing", region_rules.records_come_last, "named", lambda t: record(t).pop("DependsOn")),
    ("record whatever the API's health", region_rules.records_follow_the_health_of_apis, "named",
     lambda t: first(t, "AWS::Route53::RecordSet")["AliasTarget"].update(EvaluateTargetHealth=False)),
    ("origin name with TLS 1.0", region_rules.names_of_apis_speak_tls_1_2, "named",
     lambda t: first(t, "AWS::ApiGateway::DomainName").update(SecurityPolicy="TLS_1_0")),
    *BROKEN_EDGES,
]  # fmt: skip


@pytest.mark.parametrize(("rule", "stack", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant(
    rule: HouseRule, stack: str, break_it: Callable[[Json], object], rotated: Templates
) -> None:
    assert broken_rules(rotated[stack]) == {}
    broken = copy.deepcopy(rotated[stack])
    break_it(broken)
    found = broken_rules(broken)
    assert rule.id in found
    assert CLEAR not in str(found)


def test_a_second_behavior_like_the_first_is_sound(rotated: Templates) -> None:
    template = copy.deepcopy(rotated["edge"])
    assert keep_answers(template)["PathPattern"]
    assert broken_rules(template) == {}


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule.id for _, rule, _, _ in BROKEN} == {
        rule.id for rule in (*API_RULES, *SECRET_RULES, *EDGE_RULES, *REGION_RULES)
    }
