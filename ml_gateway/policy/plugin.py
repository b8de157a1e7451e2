"""The house rules as a validation plugin of CDK: they look at every template of an app, in every synthesis."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyValidationStack,
    PolicyViolatingResource,
    PolicyViolation,
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
    def version(self) -> str:
        return "0.1.0"

    @property
    def rule_ids(self) -> list[str]:
        return [rule.id for rule in HOUSE_RULES]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        violations = [
            violation
            for stack in context.stack_templates
            for violation in _violations(stack, _source(context.app_construct, stack.stack_construct_path))
        ]
        return PolicyValidationPluginReport(success=not violations, violations=violations)


def _violations(stack: PolicyValidationStack, source: str | None) -> list[PolicyViolation]:
    template: Json = json.loads(Path(stack.template_path).read_text())
    return [
        PolicyViolation(
            rule_name=rule.id,
            description=_description(rule, [name for name in broken if not _is_resource(name, template)], source),
            severity="fatal" if rule.fatal else "error",
            violating_resources=[_resource(name, template, stack) for name in broken],
        )
        for rule in HOUSE_RULES
        if (broken := rule(template))
    ]


def _description(rule: HouseRule, broken: Sequence[str], source: str | None) -> str:
    """What has to hold, who says so, what of the whole template breaks it, and where in a file that is described."""
    counted = f": {', '.join(broken)}" if broken else ""
    return f"{rule.sentence} ({rule.source}){counted}" + (f"; see {source}" if source else "")


def _is_resource(name: str, template: Json) -> bool:
    return name.partition(" ")[0] in template["Resources"]


def _resource(name: str, template: Json, stack: PolicyValidationStack) -> PolicyViolatingResource:
    """Where a name of a rule stands: a resource, or something of it; else the stack as a whole."""
    logical_id, _, place = name.partition(" ")
    if not _is_resource(name, template):
        return PolicyViolatingResource(
            construct_path=stack.stack_construct_path, template_path=stack.template_path, locations=[name]
        )
    path = template["Resources"][logical_id].get("Metadata", {}).get("aws:cdk:path", stack.stack_construct_path)
    return PolicyViolatingResource(
        construct_path=path,
        resource_logical_id=logical_id,
        template_path=stack.template_path,
        locations=[place] if place else [],
    )


def _source(app: IConstruct, stack_path: str) -> str | None:
    """Where in a file the stack is described, if it was read from one."""
    node = app.node
    for step in stack_path.split("/"):
        child = node.try_find_child(step)
        if child is None:
            return None
        node = child.node
    return next((str(entry.data) for entry in node.metadata if entry.type == SOURCE_METADATA), None)
