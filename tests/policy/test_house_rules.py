"""Every template keeps the house rules, and each rule refuses a template that was broken on purpose."""

import copy
from collections.abc import Callable

import pytest

from ml_gateway import GatewayConfig, OriginLockConfig
from tests.policy import house_rules
from tests.policy.house_rules import HOUSE_RULES, Rule
from tests.synthesis import Json, Templates, gateway_config, resources, synthesize


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.__name__)
def test_default_gateway_keeps_the_rule(rule: Rule, templates: Templates) -> None:
    assert {name: rule(template) for name, template in templates.items()} == {"api": [], "edge": []}


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.__name__)
def test_other_gateway_keeps_the_rule(rule: Rule, other_templates: Templates) -> None:
    broken = {name: rule(template) for name, template in other_templates.items()}
    assert broken == {"account": [], "api": [], "edge": []}


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.__name__)
def test_gateway_with_every_backend_keeps_the_rule(rule: Rule, every_templates: Templates) -> None:
    assert {name: rule(template) for name, template in every_templates.items()} == {"api": [], "edge": []}


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.__name__)
def test_gateway_with_clients_keeps_the_rule(rule: Rule, multi_tenant_templates: Templates) -> None:
    assert {name: rule(template) for name, template in multi_tenant_templates.items()} == {"api": [], "edge": []}


@pytest.fixture(scope="module")
def rotated() -> Templates:
    """A gateway that has something for every rule to look at: two generations, and a cache left out."""
    config: GatewayConfig = gateway_config(origin_lock=OriginLockConfig(generation=2))
    return synthesize(config)


def first(template: Json, resource_type: str) -> Json:
    """The properties of the first resource of that type."""
    return next(iter(resources(template, resource_type).values()))


def behavior(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    return found


def origin(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"][0]
    return found


CLEAR = "a-secret-that-stands-in-the-template"
JOINED = {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:::}}"]]}
MANAGED_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
MANAGED_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def cached_by_format_alone(template: Json) -> None:
    headers = {"HeaderBehavior": "whitelist", "Headers": ["Accept"]}
    template["Resources"]["Cache"] = {
        "Type": "AWS::CloudFront::CachePolicy",
        "Properties": {"CachePolicyConfig": {"ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": headers}}},
    }
    behavior(template)["CachePolicyId"] = {"Ref": "Cache"}


def unchain_keys(template: Json) -> None:
    for logical_id in resources(template, "AWS::ApiGateway::UsagePlanKey"):
        template["Resources"][logical_id].pop("DependsOn", None)


BROKEN: list[tuple[str, Rule, str, Callable[[Json], object]]] = [
    ("open method", house_rules.every_method_requires_a_key, "api",
     lambda t: first(t, "AWS::ApiGateway::Method").update(ApiKeyRequired=False)),
    ("method without the property", house_rules.every_method_requires_a_key, "api",
     lambda t: first(t, "AWS::ApiGateway::Method").pop("ApiKeyRequired")),
    ("no header on the origin", house_rules.every_origin_gets_the_secret, "edge",
     lambda t: origin(t).pop("OriginCustomHeaders")),
    ("header in clear", house_rules.every_origin_gets_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=CLEAR)),
    ("header from a joined reference", house_rules.every_origin_gets_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
    ("http to the origin", house_rules.every_origin_is_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginProtocolPolicy="http-only")),
    ("old TLS to the origin", house_rules.every_origin_is_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginSSLProtocols=["TLSv1", "TLSv1.2"])),
    ("key in clear", house_rules.every_key_is_a_secret, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").update(Value=CLEAR)),
    ("key that AWS makes up", house_rules.every_key_is_a_secret, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").pop("Value")),
    ("secret in clear", house_rules.no_secret_has_a_value_in_the_template, "api",
     lambda t: first(t, "AWS::SecretsManager::Secret").update(SecretString=CLEAR)),
    ("viewers in clear", house_rules.viewers_are_never_served_in_clear, "edge",
     lambda t: behavior(t).update(ViewerProtocolPolicy="allow-all")),
    ("read-only distribution", house_rules.every_distribution_takes_posts, "edge",
     lambda t: behavior(t).update(AllowedMethods=["GET", "HEAD"])),
    ("Host forwarded", house_rules.every_header_but_host_is_forwarded, "edge",
     lambda t: behavior(t).update(OriginRequestPolicyId=MANAGED_ALL_VIEWER)),
    ("headers lost", house_rules.every_header_but_host_is_forwarded, "edge",
     lambda t: behavior(t).pop("OriginRequestPolicyId")),
    ("cached for everybody", house_rules.cached_answers_are_keyed_by_who_asks, "edge",
     lambda t: behavior(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
    ("cached without Authorization", house_rules.cached_answers_are_keyed_by_who_asks, "edge",
     cached_by_format_alone),
    ("plan without a throttle", house_rules.every_plan_throttles, "api",
     lambda t: first(t, "AWS::ApiGateway::UsagePlan").pop("Throttle")),
    ("keys at the same time", house_rules.every_key_of_a_plan_waits_for_the_one_before, "api", unchain_keys),
    ("custom resource between regions", house_rules.stacks_are_not_tied_together, "edge",
     lambda t: t["Resources"].update(Reader={"Type": "Custom::CrossRegionExportReader"})),
    ("imported value", house_rules.stacks_are_not_tied_together, "edge",
     lambda t: origin(t).update(DomainName={"Fn::ImportValue": "api"})),
    ("joined dynamic reference", house_rules.dynamic_references_are_literal, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "stack", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant(
    rule: Rule, stack: str, break_it: Callable[[Json], object], rotated: Templates
) -> None:
    assert rule(rotated[stack]) == []
    broken = copy.deepcopy(rotated[stack])
    break_it(broken)
    assert rule(broken)


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule for _, rule, _, _ in BROKEN} == set(HOUSE_RULES)
