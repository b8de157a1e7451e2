"""Every gateway keeps the house rules; those about APIs and edges refuse what was broken on purpose."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from ml_gateway import GatewayConfig, OriginLockConfig
from ml_gateway.policy import HOUSE_RULES, HouseRule, Template, api_rules, edge_rules
from ml_gateway.policy.api_rules import API_RULES
from ml_gateway.policy.edge_rules import EDGE_RULES
from tests.policy.reading import MANAGED_CACHING_OPTIMIZED, broken_rules, template_of_methods
from tests.synthesis import Json, Templates, gateway_config, resources, synthesize

GATEWAYS = ["templates", "other_templates", "every_templates", "multi_tenant_templates", "complete_templates"]
"""Fixtures with the templates of a file each."""


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_gateway_keeps_the_rule(rule: HouseRule, gateway: str, request: pytest.FixtureRequest) -> None:
    templates: Templates = request.getfixturevalue(gateway)
    assert {"api", "edge"} <= templates.keys()
    assert {name: found for name, template in templates.items() if (found := broken_rules(template, [rule]))} == {}


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_looks_at_something(rule: HouseRule, request: pytest.FixtureRequest, of_methods: Json) -> None:
    templates = [template for each in GATEWAYS for template in request.getfixturevalue(each).values()] + [of_methods]
    assert [subject for template in templates for subject in rule.subjects(Template.of(template))] != []


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
    return {**synthesize(config), "methods": template_of_methods()}


@pytest.fixture(scope="module")
def of_methods() -> Json:
    """An API of somebody's own, of methods that are resources."""
    return template_of_methods()


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
MANAGED_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def additional(template: Json) -> Json:
    """A second behavior like the first, for a path."""
    settings = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    found = {**copy.deepcopy(settings["DefaultCacheBehavior"]), "PathPattern": "/models/*"}
    settings.setdefault("CacheBehaviors", []).append(found)
    return found


def define_cache(template: Json, **changes: Any) -> Json:
    """A reference to a sound cache policy with `changes` in its key."""
    key = {
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Authorization", "Accept"]},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
        "CookiesConfig": {"CookieBehavior": "all"},
    }
    config = {"MinTTL": 0, "ParametersInCacheKeyAndForwardedToOrigin": {**key, **changes}}
    template["Resources"]["Cache"] = {
        "Type": "AWS::CloudFront::CachePolicy",
        "Properties": {"CachePolicyConfig": config},
    }
    return {"Ref": "Cache"}


def cached_by_format_alone(template: Json) -> None:
    headers = {"HeaderBehavior": "whitelist", "Headers": ["Accept"]}
    behavior(template)["CachePolicyId"] = define_cache(template, HeadersConfig=headers)


def cached_without_queries(template: Json) -> None:
    queries = {"QueryStringBehavior": "none"}
    additional(template)["CachePolicyId"] = define_cache(template, QueryStringsConfig=queries)


def cached_without_cookies(template: Json) -> None:
    additional(template)["CachePolicyId"] = define_cache(template, CookiesConfig={"CookieBehavior": "none"})


def kept_for_a_minute_whatever_it_says(template: Json) -> None:
    behavior(template)["CachePolicyId"] = define_cache(template)
    first(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]["MinTTL"] = 60


def associate_function(template: Json, behavior: Json, event: str = "viewer-request") -> Json:
    template["Resources"]["Function"] = {"Type": "AWS::CloudFront::Function", "Properties": {}}
    arn = {"Fn::GetAtt": ["Function", "FunctionARN"]}
    behavior["FunctionAssociations"] = [{"EventType": event, "FunctionARN": arn}]
    return behavior


def headers_policy(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    return found


def error(template: Json, status: int) -> Json:
    errors: list[Json] = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["CustomErrorResponses"]
    (found,) = (one for one in errors if one["ErrorCode"] == status)
    return found


def unchain_keys(template: Json) -> None:
    for logical_id in resources(template, "AWS::ApiGateway::UsagePlanKey"):
        template["Resources"][logical_id].pop("DependsOn", None)


BROKEN: list[tuple[str, HouseRule, str, Callable[[Json], object]]] = [
    ("open method", api_rules.methods_require_keys, "methods",
     lambda t: first(t, "AWS::ApiGateway::Method").update(ApiKeyRequired=False)),
    ("method without the property", api_rules.methods_require_keys, "methods",
     lambda t: first(t, "AWS::ApiGateway::Method").pop("ApiKeyRequired")),
    ("no header on the origin", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t).pop("OriginCustomHeaders")),
    ("header in clear", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=CLEAR)),
    ("header from a joined reference", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
    ("http to the origin", edge_rules.origins_are_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginProtocolPolicy="http-only")),
    ("old TLS to the origin", edge_rules.origins_are_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginSSLProtocols=["TLSv1", "TLSv1.2"])),
    ("key in clear", api_rules.api_keys_are_secrets, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").update(Value=CLEAR)),
    ("key that AWS makes up", api_rules.api_keys_are_secrets, "api",
     lambda t: first(t, "AWS::ApiGateway::ApiKey").pop("Value")),
    ("secret in clear", api_rules.secrets_have_no_value_in_the_template, "api",
     lambda t: first(t, "AWS::SecretsManager::Secret").update(SecretString=CLEAR)),
    ("key before its secret", api_rules.secrets_come_first, "api",
     lambda t: t["Resources"][next(iter(resources(t, "AWS::ApiGateway::ApiKey")))].pop("DependsOn")),
    ("viewers in clear", edge_rules.viewers_are_not_served_in_clear, "edge",
     lambda t: behavior(t).update(ViewerProtocolPolicy="allow-all")),
    ("viewers of one path in clear", edge_rules.viewers_are_not_served_in_clear, "edge",
     lambda t: additional(t).update(ViewerProtocolPolicy="allow-all")),
    ("read-only distribution", edge_rules.behaviors_take_posts, "edge",
     lambda t: behavior(t).update(AllowedMethods=["GET", "HEAD"])),
    ("read-only path", edge_rules.behaviors_take_posts, "edge",
     lambda t: additional(t).update(AllowedMethods=["GET", "HEAD"])),
    ("Host forwarded", edge_rules.headers_but_host_are_forwarded, "edge",
     lambda t: behavior(t).update(OriginRequestPolicyId=MANAGED_ALL_VIEWER)),
    ("headers lost", edge_rules.headers_but_host_are_forwarded, "edge",
     lambda t: behavior(t).pop("OriginRequestPolicyId")),
    ("headers of one path lost", edge_rules.headers_but_host_are_forwarded, "edge",
     lambda t: additional(t).pop("OriginRequestPolicyId")),
    ("cached for everybody", edge_rules.cached_answers_are_keyed_by_who_asks, "edge",
     lambda t: behavior(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
    ("cached without Authorization", edge_rules.cached_answers_are_keyed_by_who_asks, "edge",
     cached_by_format_alone),
    ("one path cached for everybody", edge_rules.cached_answers_are_keyed_by_who_asks, "edge",
     lambda t: additional(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
    ("cached without the query", edge_rules.cached_answers_are_keyed_by_who_asks, "edge", cached_without_queries),
    ("cached without cookies", edge_rules.cached_answers_are_keyed_by_who_asks, "edge", cached_without_cookies),
    ("kept against its will", edge_rules.answers_are_not_kept_against_their_will, "edge",
     kept_for_a_minute_whatever_it_says),
    ("function of one path alone", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: associate_function(t, additional(t))),
    ("path that the function misses", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: additional(t) and associate_function(t, behavior(t))),
    ("function that sees answers", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: associate_function(t, behavior(t), "viewer-response")),
    ("no response headers policy", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: behavior(t).pop("ResponseHeadersPolicyId")),
    ("one path without response headers policy", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: additional(t).pop("ResponseHeadersPolicyId")),
    ("credentials of browsers", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: headers_policy(t).update(CorsConfig={"AccessControlAllowCredentials": True})),
    ("Server told", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: headers_policy(t).pop("RemoveHeadersConfig")),
    ("page instead of a body", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 503).update(ResponsePagePath="/sorry.html", ResponseCode=503)),
    ("refusals kept", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 403).update(ErrorCachingMinTTL=10)),
    ("errors as CloudFront likes", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: first(t, "AWS::CloudFront::Distribution")["DistributionConfig"].pop("CustomErrorResponses")),
    ("errors of one code as CloudFront likes", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 504).update(ErrorCode=418)),
    ("plan without a throttle", api_rules.plans_throttle, "api",
     lambda t: first(t, "AWS::ApiGateway::UsagePlan").pop("Throttle")),
    ("keys at the same time", api_rules.keys_join_plans_in_turn, "api", unchain_keys),
    ("custom resource between regions", api_rules.stacks_are_not_tied, "edge",
     lambda t: t["Resources"].update(Reader={"Type": "Custom::CrossRegionExportReader"})),
    ("imported value", api_rules.stacks_are_not_tied, "edge",
     lambda t: origin(t).update(DomainName={"Fn::ImportValue": "api"})),
    ("joined dynamic reference", api_rules.references_are_literal, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
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
    additional(template)["CachePolicyId"] = define_cache(template)
    assert broken_rules(template) == {}


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule.id for _, rule, _, _ in BROKEN} == {rule.id for rule in (*API_RULES, *EDGE_RULES)}
