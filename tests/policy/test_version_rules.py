"""What was broken on purpose in a gateway with versions is refused by the rule that it breaks, and by no other."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from ml_gateway import EdgeDesign, Keyed
from ml_gateway.config import GatewayConfig
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.policy import HouseRule, Template, version_rules
from ml_gateway.policy.version_rules import STORE, VERSION_RULES
from tests.documents import document_of
from tests.files import changed
from tests.policy.broken_edges import additional, behavior, first
from tests.policy.reading import broken_in_app, broken_rules
from tests.synthesis import Json, Templates, bare_stack, resources, synthesize, template_of

FUNCTION = "AWS::CloudFront::Function"
POLICY = "AWS::IAM::Policy"
RULE = "AWS::Events::Rule"
WITHOUT_VERSIONS = render_edge_function(Keyed(("x-api-key",)), EdgeDesign())
ELSEWHERE = "arn:aws:cloudfront::123456789012:key-value-store/0123abcd-0123-4567-89ab-0123456789ab"
SERVICE = "cloudfront-keyvaluestore"


def knowing(template: Json, *models: str) -> None:
    """The function knows versions of these models, in place of those that it knew."""
    function = first(template, FUNCTION)
    for known, other in zip(("fraud", "llama", "predict"), models, strict=True):
        assert f'"model":"{known}"' in function["FunctionCode"]
        function["FunctionCode"] = function["FunctionCode"].replace(f'"model":"{known}"', f'"model":"{other}"')


def open_behavior(template: Json) -> None:
    """A second behavior, whose function hides nothing."""
    (function,) = (each for each in template["Resources"].values() if each["Type"] == FUNCTION)
    template["Resources"]["Open"] = {**function, "Properties": {**function["Properties"]}}
    template["Resources"]["Open"]["Properties"]["FunctionCode"] = WITHOUT_VERSIONS
    additional(template)["FunctionAssociations"] = [
        {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Open", "FunctionARN"]}}
    ]


def unknown_version(template: Json) -> None:
    paths = document_of(template)["paths"]
    paths["/ping-pong--v2/ping-pong"] = paths["/fraud--v2/fraud"]


def stores(template: Json) -> list[Json]:
    found: list[Json] = first(template, FUNCTION)["FunctionConfig"]["KeyValueStoreAssociations"]
    return found


def second_store(template: Json) -> Json:
    template["Resources"]["Second"] = {"Type": STORE, "Properties": {"Name": "second"}}
    return {"Fn::GetAtt": ["Second", "Arn"]}


def statement(template: Json) -> Json:
    """That about the store."""
    (found,) = (
        each
        for policy in resources(template, POLICY).values()
        for each in policy["PolicyDocument"]["Statement"]
        if SERVICE in json.dumps(each)
    )
    assert isinstance(found, dict)
    return found


def allowing(actions: Any, resource: Any = "*") -> Json:
    return {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}], "Version": "2012-10-17"}


def inline(kind: str) -> Callable[[Json], None]:
    """A policy in a role, user or group of somebody else's."""
    policies = [{"PolicyName": "all", "PolicyDocument": allowing(f"{SERVICE}:*")}]
    resource = {"Type": kind, "Properties": {"AssumeRolePolicyDocument": {}, "Policies": policies}}
    return lambda template: template["Resources"].update(Theirs=resource)


def of_its_own(kind: str) -> Callable[[Json], None]:
    properties = {"PolicyDocument": allowing(f"{SERVICE}:*"), "PolicyName": "all", "Roles": ["theirs"]}
    return lambda template: template["Resources"].update(Theirs={"Type": kind, "Properties": properties})


def pattern(template: Json) -> Json:
    found: Json = first(template, RULE)["EventPattern"]
    return found


REACHED, READ, WRITTEN, HEARD = VERSION_RULES
"""By what the table below is about: who reaches versions, which store is read, who writes it, and what is heard."""

BROKEN: list[tuple[str, HouseRule, str, Callable[[Json], object]]] = [
    ("an edge function of other models", REACHED, "edge", lambda t: knowing(t, "embed", "llama", "predict")),
    ("an edge function of a model with a longer name", REACHED, "edge",
     lambda t: knowing(t, "fraud", "llama-2", "predict")),
    ("an edge function of a single version less", REACHED, "edge", lambda t: knowing(t, "fraud", "llama", "p")),
    ("an edge function of a gateway without versions", REACHED, "edge",
     lambda t: first(t, FUNCTION).update(FunctionCode=WITHOUT_VERSIONS)),
    ("a second behavior that hides nothing", REACHED, "edge", open_behavior),
    ("a version that the edge does not know", REACHED, "api", unknown_version),
    ("no store", READ, "edge", lambda t: first(t, FUNCTION)["FunctionConfig"].pop("KeyValueStoreAssociations")),
    ("an empty list of stores", READ, "edge", lambda t: stores(t).clear()),
    ("two stores", READ, "edge", lambda t: stores(t).append({"KeyValueStoreARN": second_store(t)})),
    ("another template's store", READ, "edge", lambda t: stores(t)[0].update(KeyValueStoreARN=ELSEWHERE)),
    ("what is no store", READ, "edge",
     lambda t: stores(t)[0].update(KeyValueStoreARN={"Fn::GetAtt": [next(iter(resources(t, RULE))), "Arn"]})),
    ("all stores", WRITTEN, "edge", lambda t: statement(t).update(Resource="*")),
    ("another store", WRITTEN, "edge", lambda t: statement(t).update(Resource=ELSEWHERE)),
    ("the store and another one", WRITTEN, "edge",
     lambda t: statement(t).update(Resource=[statement(t)["Resource"], ELSEWHERE])),
    ("all stores but one", WRITTEN, "edge",
     lambda t: statement(t).update(NotResource=statement(t).pop("Resource"))),
    ("another action", WRITTEN, "edge", lambda t: statement(t)["Action"].append(f"{SERVICE}:UpdateKeys")),
    ("another action alone", WRITTEN, "edge", lambda t: statement(t).update(Action=f"{SERVICE}:ListKeys")),
    ("another action in capitals", WRITTEN, "edge",
     lambda t: statement(t).update(Action=["CloudFront-KeyValueStore:UPDATEKEYS"])),
    ("the same actions in capitals, of all stores", WRITTEN, "edge",
     lambda t: statement(t).update(Action=f"{SERVICE}:PutKey".upper(), Resource="*")),
    ("all actions of the service", WRITTEN, "edge", lambda t: statement(t).update(Action=f"{SERVICE}:*")),
    ("some actions of the service", WRITTEN, "edge", lambda t: statement(t).update(Action=[f"{SERVICE}:?etKey"])),
    ("all actions", WRITTEN, "edge", lambda t: statement(t).update(Action="*")),
    ("all actions of all services", WRITTEN, "edge", lambda t: statement(t).update(Action="*:*")),
    ("actions that cannot be read", WRITTEN, "edge", lambda t: statement(t).update(Action={"Ref": "Actions"})),
    ("a statement that cannot be read", WRITTEN, "edge",
     lambda t: first(t, POLICY)["PolicyDocument"].update(Statement=[{"Fn::If": ["A", statement(t), {"Ref": "B"}]}])),
    ("no statement", WRITTEN, "edge", lambda t: first(t, POLICY)["PolicyDocument"]["Statement"].append("Allow")),
    ("an inline policy of a role", WRITTEN, "edge", inline("AWS::IAM::Role")),
    ("an inline policy of a user", WRITTEN, "edge", inline("AWS::IAM::User")),
    ("a managed policy", WRITTEN, "edge", of_its_own("AWS::IAM::ManagedPolicy")),
    ("a policy of a role, as a resource", WRITTEN, "edge", of_its_own("AWS::IAM::RolePolicy")),
    ("another source", HEARD, "edge", lambda t: pattern(t).update(source=["acme.app"])),
    ("a second source", HEARD, "edge", lambda t: pattern(t)["source"].append("acme.app")),
    ("whatever begins like the source", HEARD, "edge", lambda t: pattern(t).update(source=[{"prefix": "aws."}])),
    ("any source", HEARD, "edge", lambda t: pattern(t).pop("source")),
    ("an alarm that ends", HEARD, "edge", lambda t: pattern(t)["detail"].update(state={"value": ["OK"]})),
    ("an alarm that ends, too", HEARD, "edge", lambda t: pattern(t)["detail"]["state"]["value"].append("OK")),
    ("any state", HEARD, "edge", lambda t: pattern(t)["detail"].pop("state")),
    ("no names", HEARD, "edge", lambda t: pattern(t)["detail"].update(alarmName=[])),
    ("any name", HEARD, "edge", lambda t: pattern(t)["detail"].pop("alarmName")),
    ("names that begin so", HEARD, "edge", lambda t: pattern(t)["detail"].update(alarmName=[{"prefix": "acme-"}])),
    ("a clock", HEARD, "edge",
     lambda t: [first(t, RULE).pop("EventPattern"), first(t, RULE).update(ScheduleExpression="rate(5 minutes)")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "stack", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant_and_no_other_does(
    rule: HouseRule, stack: str, break_it: Callable[[Json], object], rollouts_templates: Templates
) -> None:
    broken = copy.deepcopy(rollouts_templates)
    break_it(broken[stack])
    assert broken != rollouts_templates
    assert broken_in_app(broken) == {"api" if rule is REACHED else "edge": {rule.id}}


def test_each_rule_has_a_broken_variant() -> None:
    assert [rule for rule in VERSION_RULES if rule not in [case[1] for case in BROKEN]] == []


def test_the_example_keeps_every_rule_and_each_rule_of_versions_looks_at_it(rollouts_templates: Templates) -> None:
    assert broken_in_app(rollouts_templates) == {}
    subjects = {
        rule.id: [place for each in rollouts_templates.values() for place in rule.subjects(Template.of(each))]
        for rule in VERSION_RULES
    }
    assert {rule for rule, found in subjects.items() if not found} == set()
    # A method of each path: of fraud's two versions, of llama's, which have nine each, and of predict's only one.
    assert len(subjects[version_rules.versions_are_reached_by_the_edge_alone.id]) == 2 + 2 * 9 + 1


def test_a_behavior_without_the_function_is_refused_by_both_rules(rollouts_templates: Templates) -> None:
    broken = copy.deepcopy(rollouts_templates)
    behavior(broken["edge"]).pop("FunctionAssociations")
    found = broken_in_app(broken)
    assert found["api"] == {REACHED.id}
    assert "MlGateway::OneFunctionSeesEveryRequestFirst" in found["edge"]


@pytest.mark.parametrize("other", ["theirs", "ours"])
def test_another_gateway_of_the_app_has_nothing_to_hide(
    other: str, rollouts_templates: Templates, multi_tenant_templates: Templates
) -> None:
    versions = {"models.fraud": {"versions": {"v1": {"url": "https://a.b/c"}}}, "name": "other-ml"}
    more = multi_tenant_templates if other == "theirs" else synthesize(GatewayConfig(**changed(versions)))
    both = {**rollouts_templates, **{f"{other}-{name}": template for name, template in more.items()}}
    assert broken_in_app(both) == {}
    knowing(copied := copy.deepcopy(rollouts_templates)["edge"], "embed", "llama", "predict")
    assert broken_in_app({**both, "edge": copied}) == {"api": {REACHED.id}}


# What is somebody else's


THEIRS: list[tuple[str, str, Json]] = [
    ("all but some actions", POLICY, {"PolicyDocument": {"Statement": [{"NotAction": "iam:*", "Resource": "*"}]}}),
    ("a store of another stack", POLICY, {"PolicyDocument": allowing(f"{SERVICE}:UpdateKeys", ELSEWHERE)}),
    ("everything", POLICY, {"PolicyDocument": allowing("*")}),
    ("actions that cannot be read", POLICY, {"PolicyDocument": allowing({"Ref": "Actions"})}),
    ("a document that cannot be read", POLICY, {"PolicyDocument": {"Ref": "Document"}}),
    ("inline policies that cannot be read", "AWS::IAM::Role", {"Policies": {"Ref": "Policies"}}),
    ("alarms that end, for people", RULE,
     {"EventPattern": {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["OK"]}}}}),
    ("any alarm, for people", RULE,
     {"EventPattern": {"source": ["aws.cloudwatch"]}, "Targets": [{"Arn": {"Ref": "Topic"}}]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "properties"), [case[1:] for case in THEIRS], ids=[case[0] for case in THEIRS])
def test_what_other_people_have_in_their_stacks_is_left_alone(kind: str, properties: Json) -> None:
    template = template_of(bare_stack())
    template["Resources"] = {"Theirs": {"Type": kind, "Properties": properties}}
    assert broken_rules(template) == {}


def test_what_somebody_else_hears_beside_a_rollback_is_left_alone(rollouts_templates: Templates) -> None:
    beside = copy.deepcopy(rollouts_templates)
    theirs = {"EventPattern": {"source": ["aws.cloudwatch"]}, "Targets": [{"Id": "A", "Arn": {"Ref": "Topic"}}]}
    beside["edge"]["Resources"]["Theirs"] = {"Type": RULE, "Properties": theirs}
    assert broken_in_app(beside) == {}
