"""The house rules as a validation plugin of CDK: they look at every template of an app, in every synthesis."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import jsii
from aws_cdk import (
    CfnElement,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyValidationStack,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
)
from constructs import IConstruct

from ml_gateway.policy.api_rules import API_RULES
from ml_gateway.policy.client_rules import CLIENT_RULES
from ml_gateway.policy.edge_rules import EDGE_RULES
from ml_gateway.policy.firewall_rules import FIREWALL_RULES
from ml_gateway.policy.house_rule import HouseRule
from ml_gateway.policy.size_rules import SIZE_RULES
from ml_gateway.policy.template import Json

HOUSE_RULES: Final[tuple[HouseRule, ...]] = (*API_RULES, *EDGE_RULES, *CLIENT_RULES, *FIREWALL_RULES, *SIZE_RULES)
"""All rules that every template keeps."""

SOURCE_METADATA: Final = "ml-gateway:source"
"""The type of a stack's metadata that says where in a file it is described, such as `gateway.yaml:7: models`."""


@jsii.implements(IPolicyValidationPlugin)
class HouseRules:
    """Fails a synthesis in which a template breaks one of the `HOUSE_RULES`.

    The report names the rule, what has to hold, who says so, and each resource that breaks it. A rule is acknowledged
    on a construct as any other (`acknowledge`), but for those that CloudFormation itself would enforce.
    """

    @property
    def name(self) -> str:
        return "MlGateway"

    @property
    def version(self) -> None:
        """Counted by nobody: a report names rules, whose ids do not change."""

    @property
    def rule_ids(self) -> list[str]:
        return [rule.id for rule in HOUSE_RULES]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        violations = [
            violation for stack in context.stack_templates for violation in _violations(stack, context.app_construct)
        ]
        return PolicyValidationPluginReport(success=not violations, violations=violations)


def _violations(stack: PolicyValidationStack, app: IConstruct) -> list[PolicyViolation]:
    template: Json = json.loads(Path(stack.template_path).read_text())
    broken = {rule: names for rule in HOUSE_RULES if (names := rule(template))}
    if not broken:
        return []
    construct = _find(app, stack.stack_construct_path)
    paths, source = _paths_of(construct), _source_of(construct)
    return [_violation(rule, names, stack, paths=paths, source=source) for rule, names in broken.items()]


def _violation(
    rule: HouseRule,
    names: Sequence[str],
    stack: PolicyValidationStack,
    *,
    paths: Mapping[str, str],
    source: str | None,
) -> PolicyViolation:
    """What has to hold, who says so, and what breaks it: resources, or what is counted of the whole stack."""
    counted = [name for name in names if name.partition(" ")[0] not in paths]
    beside = f": {', '.join(counted)}" if counted else ""
    return PolicyViolation(
        rule_name=rule.id,
        description=f"{rule.sentence} ({rule.source}){beside}" + (f"; see {source}" if source else ""),
        severity="fatal" if rule.fatal else "error",
        violating_resources=[_resource(name, stack, paths) for name in names],
    )


def _resource(name: str, stack: PolicyValidationStack, paths: Mapping[str, str]) -> PolicyViolatingResource:
    """Where a name of a rule stands: a resource, or something of it; else the stack as a whole."""
    logical_id, _, place = name.partition(" ")
    known = logical_id in paths
    return PolicyViolatingResource(
        construct_path=paths.get(logical_id, stack.stack_construct_path),
        resource_logical_id=logical_id if known else None,
        template_path=stack.template_path,
        locations=[place] if known and place else [],
    )


def _find(app: IConstruct, path: str) -> Stack:
    """The stack at that path of the tree."""
    found = next(each for each in app.node.find_all() if each.node.path == path)
    return Stack.of(found)


def _paths_of(stack: Stack) -> dict[str, str]:
    """The path of each resource's construct, by logical id: rules are acknowledged at it, or above it."""
    elements = [each for each in stack.node.find_all() if isinstance(each, CfnElement)]
    return {str(stack.resolve(element.logical_id)): element.node.path for element in elements}


def _source_of(stack: Stack) -> str | None:
    """Where in a file the stack is described, if it was read from one."""
    return next((str(entry.data) for entry in stack.node.metadata if entry.type == SOURCE_METADATA), None)
