"""What `edge:` and `alerts:` become, read from the templates: each part where it belongs, and off when absent."""

from typing import Any

import pytest

from ml_gateway import (
    AlertsConfig,
    ClientConfig,
    EdgeConfig,
    FirewallConfig,
    GatewayConfig,
    Percentage,
    PlanConfig,
    RequestRate,
    RequestWindow,
    define_gateway,
)
from tests.synthesis import Json, Templates, gateway_config, new_app, only, resources, synthesize

PARTS = {
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::MonitoringSubscription",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Logs::Delivery",
    "AWS::Logs::MetricFilter",
    "AWS::Route53::RecordSet",
    "AWS::SNS::Topic",
    "AWS::WAFv2::IPSet",
    "AWS::WAFv2::WebACL",
}
"""What stands in a template only if the file asks for it."""


@pytest.fixture(scope="module")
def edge(complete_templates: Templates) -> Json:
    return complete_templates["edge"]


def types(templates: Templates) -> set[str]:
    return {resource["Type"] for template in templates.values() for resource in template["Resources"].values()}


def settings(edge: Json) -> Json:
    found: Json = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def rules(edge: Json) -> dict[str, Json]:
    return {rule["Name"]: rule["Statement"] for rule in only(edge, "AWS::WAFv2::WebACL")["Rules"]}


def test_every_part_is_off_when_the_file_does_not_name_it() -> None:
    templates = synthesize(gateway_config())
    assert not types(templates) & PARTS
    distribution = settings(templates["edge"])
    absent = {"Aliases", "CacheBehaviors", "Logging", "Restrictions", "ViewerCertificate", "WebACLId"}
    assert not absent & distribution.keys()
    assert distribution["PriceClass"] == "PriceClass_All"


def test_every_part_is_there_when_the_file_names_it(complete_templates: Templates) -> None:
    assert types(complete_templates) >= PARTS


def test_the_default_file_has_a_firewall_that_guards_its_distribution(templates: Templates) -> None:
    edge = templates["edge"]
    (web_acl_id,) = resources(edge, "AWS::WAFv2::WebACL")
    assert settings(edge)["WebACLId"] == {"Fn::GetAtt": [web_acl_id, "Arn"]}
    assert list(rules(edge)) == [
        "AddressRate",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
    ]
    rate = rules(edge)["AddressRate"]["RateBasedStatement"]
    assert (rate["Limit"], rate["EvaluationWindowSec"], rate["AggregateKeyType"]) == (2000, 300, "IP")


def test_keys_have_the_rate_of_the_file_or_of_the_most_generous_plan(edge: Json) -> None:
    assert rules(edge)["KeyRate-bearer"]["RateBasedStatement"]["Limit"] == 60000
    other = gateway_config(
        plans={"free": PlanConfig(rate=RequestRate(1), burst=2), "gold": PlanConfig(rate=RequestRate(10), burst=50)},
        clients={"a": ClientConfig(plan="free"), "b": ClientConfig(plan="gold")},
        edge=EdgeConfig(firewall=FirewallConfig(rate=RequestWindow(2000, 5))),
    )
    limited = rules(synthesize(other)["edge"])["KeyRate-x-api-key"]["RateBasedStatement"]
    assert (limited["Limit"], limited["EvaluationWindowSec"]) == (10 * 300 + 50, 300)


def test_the_api_leaves_managed_rules_to_the_firewall_of_the_edge(
    complete_templates: Templates, multi_tenant_templates: Templates
) -> None:
    guarded, alone = (rules(templates["api"]) for templates in (complete_templates, multi_tenant_templates))
    assert list(guarded) == ["OriginLock"]
    assert list(alone) == ["OriginLock", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]


def test_refusals_of_the_firewall_speak_the_dialect_of_the_file(edge: Json, templates: Templates) -> None:
    said = only(edge, "AWS::WAFv2::WebACL")["CustomResponseBodies"]
    plain = only(templates["edge"], "AWS::WAFv2::WebACL")["CustomResponseBodies"]
    assert said.keys() == plain.keys()
    assert all('"error"' in body["Content"] for body in said.values())
    assert all('"message"' in body["Content"] and '"error"' not in body["Content"] for body in plain.values())


def test_models_with_a_cache_of_their_own_have_behaviors_in_order(edge: Json) -> None:
    behaviors = settings(edge)["CacheBehaviors"]
    kept = {behavior["PathPattern"]: behavior["CachePolicyId"] for behavior in behaviors}
    policies = resources(edge, "AWS::CloudFront::CachePolicy")
    lifetimes = {
        path: policies[policy["Ref"]]["CachePolicyConfig"]["MaxTTL"] if isinstance(policy, dict) else None
        for path, policy in kept.items()
    }
    assert lifetimes == {
        "*/v1/models": None, "*/v1/models/*": None,
        "/catalog": 86400, "/catalog/": 86400, "/scores": None, "/scores/": None, "/topics": 300, "/topics/": 300,
    }  # fmt: skip
    assert list(kept)[:2] == ["*/v1/models", "*/v1/models/*"]
    (catalog,) = (policies[kept["/catalog"]["Ref"]],)
    headers = catalog["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    assert headers == ["Authorization", "Accept", "x-api-key", "accept-language"]


def test_all_logs_end_when_the_file_says(complete_templates: Templates) -> None:
    ends = [
        (group.get("LogGroupName", "the API's"), group["RetentionInDays"])
        for template in complete_templates.values()
        for group in resources(template, "AWS::Logs::LogGroup").values()
    ]
    assert sorted(ends) == [
        ("/aws/vendedlogs/cloudfront/complete-ml", 30),
        ("aws-waf-logs-complete-ml-edge", 30),
        ("aws-waf-logs-complete-ml-origin-lock", 30),
        ("the API's", 30),
    ]


def test_alarms_stand_where_their_metrics_are(complete_templates: Templates) -> None:
    alarms = {name: resources(template, "AWS::CloudWatch::Alarm") for name, template in complete_templates.items()}
    assert {name: len(found) for name, found in alarms.items()} == {"keys": 0, "api": 5, "edge": 4}
    topics = {name: resources(template, "AWS::SNS::Topic") for name, template in complete_templates.items()}
    for name in ("api", "edge"):
        found, (topic,) = alarms[name], topics[name]
        assert all(alarm["AlarmActions"] == [{"Ref": topic}] for alarm in found.values())


def test_the_edge_shows_the_api_of_another_region_without_referring_to_it(edge: Json) -> None:
    (dashboard,) = resources(edge, "AWS::CloudWatch::Dashboard").values()
    assert "eu-west-1" in str(dashboard)
    assert "MlGateway/complete-ml/llama" in str(dashboard)
    assert "Fn::GetStackOutput" not in str(edge["Resources"])


@pytest.mark.parametrize(
    ("alerts", "api", "edge"),
    [
        ({"errors": Percentage(1)}, 1, 2),
        ({"latency_p95": "2s"}, 1, 1),
        ({"errors": Percentage(1), "latency_p95": "2s"}, 2, 2),
    ],
)
def test_each_alert_is_an_alarm_of_its_own(alerts: dict[str, Any], api: int, edge: int) -> None:
    templates = synthesize(gateway_config(alerts=AlertsConfig(email="ops@acme.com", **alerts)))
    count = {name: len(resources(template, "AWS::CloudWatch::Alarm")) for name, template in templates.items()}
    assert count == {"keys": 0, "api": api, "edge": edge}


def test_the_base_url_has_the_name_of_the_file_and_the_address_is_cloudfronts(edge: Json) -> None:
    (distribution_id,) = resources(edge, "AWS::CloudFront::Distribution")
    outputs = {name: output["Value"] for name, output in edge["Outputs"].items()}
    assert outputs.pop("DistributionDomainName") == {"Fn::GetAtt": [distribution_id, "DomainName"]}
    assert outputs["BaseUrl"] == "https://ml.acme.com"


def test_answers_name_the_region_of_the_api_where_no_other_one_may_answer(edge: Json, templates: Templates) -> None:
    policies = resources(templates["edge"], "AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = [policy["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"] for policy in policies]
    assert [(each["Header"], each["Value"]) for (each,) in headers] == [("x-gateway-region", "us-east-1")]
    # Behind an origin name another region may answer tomorrow, and no deploy of the edge comes with it.
    assert "CustomHeadersConfig" not in str(edge)


def test_tags_are_on_every_stack(complete_config: GatewayConfig) -> None:
    # CloudFormation puts the tags of a stack on all that it defines and that takes tags.
    app = new_app()
    define_gateway(app, complete_config)
    tags = {stack.stack_name: dict(stack.tags) for stack in app.synth().stacks}
    expected = {"team": "platform", "cost-center": "4711"}
    assert tags == {"complete-ml-keys": expected, "complete-ml-api": expected, "complete-ml-edge": expected}


UNTAGGED = {
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::UsagePlanKey",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::MonitoringSubscription",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::Route53::RecordSet",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACLAssociation",
}
"""Types that take no tags at all, by CloudFormation's schemas. The tags of their stack reach everything else."""


def test_all_that_takes_no_tags_is_known(complete_templates: Templates) -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    def taggable(resource_type: str) -> bool:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
        return bool(schema.get("tagging", {}).get("taggable", "Tags" in schema["properties"]))

    assert {kind for kind in types(complete_templates) if not taggable(kind)} == UNTAGGED
