"""Where clients have keys of their own each rule holds, and refuses what was broken on purpose."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App

from ml_gateway import add_policy_checks
from ml_gateway.policy import HouseRule, Template
from ml_gateway.policy import client_rules as rules
from ml_gateway.policy.client_rules import CLIENT_RULES
from ml_gateway.policy.gateway_web_acls import origin_locks
from tests.constructs.multi_tenant import define_multi_tenant_gateway, multi_tenant_template
from tests.policy.reading import MANAGED_CACHING_OPTIMIZED, behaviors, broken_rules, everything_named, first_rule
from tests.synthesis import CONTEXT, Json, Templates, bare_stack, only, resources


@pytest.fixture(scope="module")
def template() -> Json:
    """A small gateway in one stack that is not ours."""
    return multi_tenant_template()


def looked_at(rule: HouseRule, *templates: Json) -> int:
    return sum(len(list(rule.subjects(Template.of(template)))) for template in templates)


@pytest.mark.parametrize("gateway", ["multi_tenant_templates", "complete_templates"])
@pytest.mark.parametrize("rule", CLIENT_RULES, ids=lambda rule: rule.check.__name__)
def test_gateway_with_clients_keeps_the_rule(rule: HouseRule, gateway: str, request: pytest.FixtureRequest) -> None:
    templates: Templates = request.getfixturevalue(gateway)
    about_the_lock = rule.subjects is origin_locks
    of_the_edge = len(behaviors(templates["edge"]))
    assert looked_at(rule, *templates.values()) == (1 if about_the_lock else of_the_edge) > 0
    assert {name: found for name, template in templates.items() if (found := broken_rules(template, [rule]))} == {}


@pytest.mark.parametrize("rule", CLIENT_RULES, ids=lambda rule: rule.check.__name__)
def test_rule_leaves_a_gateway_without_clients_alone(rule: HouseRule, templates: Templates) -> None:
    assert looked_at(rule, *templates.values()) == 0


def test_stack_with_clients_keeps_every_rule(template: Json) -> None:
    assert [looked_at(rule, template) for rule in CLIENT_RULES] == [1] * len(CLIENT_RULES)
    assert broken_rules(template) == {}


def lock(template: Json) -> Json:
    return first_rule(only(template, "AWS::WAFv2::WebACL"))


def match(template: Json) -> Json:
    return next(everything_named("ByteMatchStatement", lock(template)))


def behavior(template: Json) -> Json:
    (one,) = behaviors(template).values()
    return one


def allow_first(template: Json) -> None:
    """The tempting form: allow what is proven, and block the rest. It skips every later rule."""
    web_acl = only(template, "AWS::WAFv2::WebACL")
    rule = first_rule(web_acl)
    rule.update(Action={"Allow": {}}, Statement=rule["Statement"]["NotStatement"]["Statement"])
    web_acl["DefaultAction"] = {"Block": {}}


def drop(resource_type: str) -> Callable[[Json], object]:
    def break_it(template: Json) -> None:
        for name in resources(template, resource_type):
            del template["Resources"][name]

    return break_it


COOKIE = {"Name": "cookie"}


def forget_header_in_log(template: Json) -> None:
    only(template, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"].pop(0)


def key_cache_without_the_client(template: Json) -> None:
    key = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    key["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"].remove("x-api-key")


def know_no_clients(template: Json) -> None:
    function = only(template, "AWS::CloudFront::Function")
    function["FunctionCode"] = re.sub(r'"keyForms":\[.*?\]', '"keyForms":null', function["FunctionCode"], count=1)


def guard_another_api(template: Json) -> None:
    parts = only(template, "AWS::WAFv2::WebACLAssociation")["ResourceArn"]["Fn::Join"][1]
    parts[-1] = {"Ref": "AnotherStage"}


BROKEN: list[tuple[str, HouseRule, Callable[[Json], object]]] = [
    ("managed rules first", rules.lock_blocks_what_is_not_proven, lambda t: lock(t).update(Priority=99)),
    ("allow first", rules.lock_blocks_what_is_not_proven, allow_first),
    ("only counted", rules.lock_blocks_what_is_not_proven, lambda t: lock(t).update(Action={"Count": {}})),
    ("blocks what is proven", rules.lock_blocks_what_is_not_proven,
     lambda t: lock(t).update(Statement=lock(t)["Statement"]["NotStatement"]["Statement"])),
    ("part of the secret", rules.lock_compares_the_secret_as_it_is,
     lambda t: match(t).update(PositionalConstraint="STARTS_WITH")),
    ("any capitals", rules.lock_compares_the_secret_as_it_is,
     lambda t: match(t)["TextTransformations"][0].update(Type="LOWERCASE")),
    ("header in capitals", rules.lock_compares_the_secret_as_it_is,
     lambda t: match(t)["FieldToMatch"]["SingleHeader"].update(Name="X-Origin-Verify")),
    ("another header", rules.lock_compares_the_secret_as_it_is,
     lambda t: match(t).update(FieldToMatch={"SingleHeader": {"Name": "x-api-key"}})),
    ("secret in clear", rules.lock_compares_the_secret_as_it_is, lambda t: match(t).update(SearchString="in-clear")),
    ("secret taken for base64", rules.lock_compares_the_secret_as_it_is,
     lambda t: match(t).update(SearchStringBase64=match(t).pop("SearchString"))),
    ("no association", rules.lock_guards_a_stage, drop("AWS::WAFv2::WebACLAssociation")),
    ("association with another stage", rules.lock_guards_a_stage, guard_another_api),
    ("origin secret in the log", rules.lock_logs_no_credential, forget_header_in_log),
    ("cookies in the log", rules.lock_logs_no_credential,
     lambda t: only(t, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"].remove({"SingleHeader": COOKIE})),
    ("queries in the log", rules.lock_logs_no_credential,
     lambda t: only(t, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"].pop()),
    ("nothing redacted", rules.lock_logs_no_credential,
     lambda t: only(t, "AWS::WAFv2::LoggingConfiguration").pop("RedactedFields")),
    ("what matched in the log", rules.lock_logs_no_credential,
     lambda t: only(t, "AWS::WAFv2::WebACL").pop("DataProtectionConfig")),
    ("no log", rules.lock_logs_no_credential, drop("AWS::WAFv2::LoggingConfiguration")),
    ("credentials in samples", rules.lock_logs_no_credential,
     lambda t: lock(t)["VisibilityConfig"].update(SampledRequestsEnabled=True)),
    ("redirect", rules.keys_travel_over_https_alone,
     lambda t: behavior(t).update(ViewerProtocolPolicy="redirect-to-https")),
    ("no function", rules.keys_are_taken_at_viewer_request, lambda t: behavior(t).pop("FunctionAssociations")),
    ("function too late", rules.keys_are_taken_at_viewer_request,
     lambda t: behavior(t)["FunctionAssociations"][0].update(EventType="viewer-response")),
    ("function that knows of no clients", rules.keys_are_taken_at_viewer_request, know_no_clients),
    ("cached for all clients", rules.clients_have_answers_of_their_own, key_cache_without_the_client),
    ("cached as AWS likes", rules.clients_have_answers_of_their_own,
     lambda t: behavior(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant(rule: HouseRule, break_it: Callable[[Json], object], template: Json) -> None:
    broken = copy.deepcopy(template)
    break_it(broken)
    assert rule.id in broken_rules(broken)


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule.id for _, rule, _ in BROKEN} == {rule.id for rule in CLIENT_RULES}


def test_gateway_with_clients_passes_all_checks(tmp_path: Path) -> None:
    app = App(context=CONTEXT, outdir=str(tmp_path))
    add_policy_checks(app)
    define_multi_tenant_gateway(bare_stack(app=app))
    app.synth()
    assert json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"] == []


def test_no_secret_of_the_gateway_is_in_an_output_or_a_description(template: Json) -> None:
    described = [
        resource["Properties"]["Description"]
        for resource in template["Resources"].values()
        if isinstance(resource.get("Properties", {}).get("Description"), str)
    ]
    assert described
    assert "{{resolve" not in json.dumps([described, template.get("Outputs", {})])
