"""Rules leave other web ACLs alone, and a lock or a firewall that loses some of its marks is still one."""

import copy
from collections.abc import Callable

import pytest
from aws_cdk import Stack
from aws_cdk import aws_wafv2 as wafv2

from ml_gateway import HttpBackend, ProxyApi, Route
from ml_gateway.policy import Template
from ml_gateway.policy.gateway_web_acls import edge_firewalls, origin_locks
from tests.constructs.firewalls import full_firewall
from tests.constructs.multi_tenant import multi_tenant_template
from tests.policy.reading import broken_rules
from tests.synthesis import Json, bare_stack, only, template_of


@pytest.fixture(scope="module")
def multi_tenant() -> Json:
    return multi_tenant_template()


@pytest.mark.parametrize("scope", ["CLOUDFRONT", "REGIONAL"])
def test_a_web_acl_of_something_else_is_left_alone(scope: str) -> None:
    stack = bare_stack()
    web_acl(stack, scope)
    assert only(template_of(stack), "AWS::WAFv2::WebACL")
    assert broken_rules(template_of(stack)) == {}


def test_a_web_acl_in_front_of_an_api_without_clients_is_left_alone() -> None:
    stack = bare_stack()
    routes = {Route(http_method="POST", path="/score"): HttpBackend(url="https://fraud.example.com/score")}
    api = ProxyApi(stack, "Api", routes=routes, name="fraud", description="Scores payments")
    arn = web_acl(stack, "REGIONAL").attr_arn
    wafv2.CfnWebACLAssociation(stack, "Association", resource_arn=api.stage.stage_arn, web_acl_arn=arn)
    assert broken_rules(template_of(stack)) == {}


def web_acl(stack: Stack, scope: str) -> wafv2.CfnWebACL:
    visibility = wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name="own", sampled_requests_enabled=True
    )
    group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(name="AWSManagedRulesCommonRuleSet", vendor_name="AWS")
    rule = wafv2.CfnWebACL.RuleProperty(
        name="AWS-AWSManagedRulesCommonRuleSet",
        priority=3,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        visibility_config=visibility,
    )
    return wafv2.CfnWebACL(
        stack,
        "WebAcl",
        scope=scope,
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        rules=[rule],
        visibility_config=visibility,
    )


def lock(template: Json) -> Json:
    return only(template, "AWS::WAFv2::WebACL")


def other_header(template: Json) -> None:
    lock(template)["Rules"][0]["Statement"] = {"GeoMatchStatement": {"CountryCodes": ["DE"]}}


def other_name(template: Json) -> None:
    lock(template)["Rules"][0]["Name"] = "Other"


def no_association(template: Json) -> None:
    only(template, "AWS::WAFv2::WebACLAssociation")["WebACLArn"] = "another"


STILL_A_LOCK: list[tuple[str, list[Callable[[Json], object]]]] = [
    ("of its name alone", [other_header, no_association]),
    ("of its header alone", [other_name, no_association]),
    ("of what it guards alone", [other_header, other_name]),
    ("of rules that cannot be read", [lambda t: lock(t).update(Rules={"Ref": "Rules"}), no_association]),
    ("of a scope that cannot be read", [lambda t: lock(t).update(Scope={"Ref": "Scope"}), no_association]),
]


@pytest.mark.parametrize("changes", [case[1] for case in STILL_A_LOCK], ids=[case[0] for case in STILL_A_LOCK])
def test_a_lock_cannot_hide(changes: list[Callable[[Json], object]], multi_tenant: Json) -> None:
    template = copy.deepcopy(multi_tenant)
    for change in changes:
        change(template)
    assert len(list(origin_locks(Template.of(template)))) == 1
    assert broken_rules(template) != {}


STILL_A_FIREWALL: list[tuple[str, Callable[[Json], object]]] = [
    ("without its answers", lambda t: lock(t).pop("CustomResponseBodies")),
    ("with names of its own", lambda t: [rule.update(Name=f"Own{rule['Priority']}") for rule in lock(t)["Rules"]]),
    ("with rules that cannot be read", lambda t: lock(t).update(Rules={"Ref": "Rules"}, CustomResponseBodies={})),
    ("with a scope that cannot be read", lambda t: lock(t).update(Scope={"Ref": "Scope"})),
]


@pytest.mark.parametrize("change", [case[1] for case in STILL_A_FIREWALL], ids=[case[0] for case in STILL_A_FIREWALL])
def test_a_firewall_at_the_edge_cannot_hide(change: Callable[[Json], object]) -> None:
    template = full_firewall()
    change(template)
    assert len(list(edge_firewalls(Template.of(template)))) == 1
    assert broken_rules(template) != {}
