"""Rules about versions of models: the edge alone leads to one, and nothing else writes the shares that it reads."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from ml_gateway.policy.api_documents import operations
from ml_gateway.policy.edge_functions import our_function, our_settings
from ml_gateway.policy.finding import Finding, UnreadableError
from ml_gateway.policy.gateway_distributions import gateway_behaviors
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.secret_rules import gateways_named_in
from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import Json, named_in

STORE: Final = "AWS::CloudFront::KeyValueStore"
STORE_ACTIONS: Final = frozenset(
    f"cloudfront-keyvaluestore:{action}" for action in ("describekeyvaluestore", "getkey", "putkey", "deletekey")
)
_SERVICE: Final = "cloudfront-keyvaluestore"
_POLICIES: Final = tuple(f"AWS::IAM::{kind}Policy" for kind in ("", "Managed", "Role", "User", "Group"))
_WITH_POLICIES: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")

_VERSION: Final = re.compile(r"/([a-z][a-z0-9-]*)--[a-z][a-z0-9-]*(/|$)")
_PAGE: Final = "docs/rollouts.md"


def _operations_of_versions(template: Template) -> Iterator[Place]:
    for operation in operations(template):
        if _VERSION.match(str(operation.path[-2])):
            yield operation


@house_rule(
    "VersionsAreReachedByTheEdgeAlone",
    "where the API has the path of a model's version each edge function of its gateway hides it from callers",
    subjects=_operations_of_versions,
    source=_PAGE,
)
def versions_are_reached_by_the_edge_alone(operation: Place) -> Iterator[Finding]:
    path = str(operation.path[-2])
    found = _VERSION.match(path)
    model = found[1] if found else ""
    behaviors = [behavior for template in operation.template.app for behavior in gateway_behaviors(template)]
    for behavior in behaviors:
        if _are_of_two_gateways(operation, behavior):
            continue
        hidden = {split["model"] for split in _splits(behavior)}
        if model not in hidden:
            yield operation.wrong(f"is a version's, and a behavior of {behavior.logical_id} lets callers ask for it")
            return


def _are_of_two_gateways(operation: Place, behavior: Place) -> bool:
    """Whether an API and a distribution have origin secrets of other names. Where one has none, nobody can tell."""
    of_edge = gateways_named_in(behavior.template.written[behavior.logical_id])
    of_api = gateways_named_in(*operation.template.written.values())
    return bool(of_api and of_edge) and of_api.isdisjoint(of_edge)


def _splits(behavior: Place) -> list[Json]:
    """Those that its function knows; none of another function, which OneFunctionSeesEveryRequestFirst refuses."""
    try:
        return list(our_settings(behavior).get("splits", ()))
    except UnreadableError:
        return []


def _functions_with_versions(template: Template) -> Iterator[Place]:
    """The configuration of each."""
    for behavior in gateway_behaviors(template):
        if _splits(behavior):
            yield our_function(behavior)["FunctionConfig"]


@house_rule(
    "VersionsHaveAStore",
    "an edge function that picks versions reads one store of the same template",
    subjects=_functions_with_versions,
    source="CloudFront Developer Guide, Associate a key value store with a function; without one no override counts",
)
def versions_have_a_store(function: Place) -> Iterator[Finding]:
    stores = function["KeyValueStoreAssociations"]
    if [store["KeyValueStoreARN"].refers_to(STORE) is None for store in stores.items()] != [False]:
        yield stores.wrong("is not one store of this template")


def _statements_about_stores(template: Template) -> Iterator[Place]:
    """In any policy of a template that has a store; what else a policy of other people's says is theirs."""
    if not template.all_of(STORE):
        return
    for policy in (found for kind in _POLICIES for found in template.all_of(kind)):
        yield from _of_stores(policy["PolicyDocument"])
    for owner in (found for kind in _WITH_POLICIES for found in template.all_of(kind)):
        inline = owner.get("Policies")
        for policy in inline.items() if inline else ():
            yield from _of_stores(policy["PolicyDocument"])


def _of_stores(document: Place) -> Iterator[Place]:
    for statement in document["Statement"].items():
        if any(fnmatchcase(_SERVICE, action.partition(":")[0]) for action in _actions(statement)):
            yield statement


def _actions(statement: Place) -> list[str]:
    """In small letters, as IAM compares them. None of a statement that says which ones are left out."""
    said = statement.get("Action")
    if said is None:
        return []
    return [action.lower() for action in ([said.text()] if isinstance(said.value, str) else said.texts())]


@house_rule(
    "StoresAreWrittenByName",
    "whoever may write a store may do nothing else to it, and to no other one",
    subjects=_statements_about_stores,
    source="Service Authorization Reference, Amazon CloudFront KeyValueStore; docs/security.md",
)
def stores_are_written_by_name(statement: Place) -> Iterator[Finding]:
    for action in _actions(statement):
        if action not in STORE_ACTIONS:
            yield statement["Action"].wrong(f"has {action}")
    resource = statement["Resource"]
    if resource.refers_to(STORE) is None:
        yield resource.wrong(f"is not one store of this template, but {json.dumps(resource.value)[:80]}")


def _rules_of_events(template: Template) -> Iterator[Place]:
    """Those that invoke a function which knows a store."""
    stores = {store.logical_id for store in template.all_of(STORE)}
    functions = {each.logical_id for each in template.all_of("AWS::Lambda::Function") if named_in(each.value) & stores}
    for rule in template.all_of("AWS::Events::Rule"):
        if functions & named_in(rule.value.get("Targets")):
            yield rule


@house_rule(
    "RollbacksHearAlarmsAlone",
    "what rolls a version back is told by CloudWatch alone, of alarms by their names that go off",
    subjects=_rules_of_events,
    source="EventBridge API Reference, PutEventsRequestEntry: nobody else puts events whose source begins with aws.",
)
def rollbacks_hear_alarms_alone(rule: Place) -> Iterator[Finding]:
    pattern = rule["EventPattern"]
    if pattern["source"].texts() != ["aws.cloudwatch"]:
        yield pattern["source"].wrong("is not CloudWatch alone")
    if pattern["detail"]["state"]["value"].texts() != ["ALARM"]:
        yield pattern["detail"].wrong("is not an alarm that goes off")
    if not pattern["detail"]["alarmName"].texts():
        yield pattern["detail"].wrong("names no alarm")


VERSION_RULES: Final = (
    versions_are_reached_by_the_edge_alone,
    versions_have_a_store,
    stores_are_written_by_name,
    rollbacks_hear_alarms_alone,
)
