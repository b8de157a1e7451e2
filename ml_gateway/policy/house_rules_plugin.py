"""House rules as a part of each synthesis: a validation plugin of CDK."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    NestedStack,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stage,
    Token,
)
from constructs import IConstruct

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import NAMESPACE, HouseRule
from ml_gateway.policy.house_rules import HOUSE_RULES
from ml_gateway.policy.size_rules import SIZE_RULES
from ml_gateway.policy.template import Template, make_one_app

SOURCE_METADATA: Final = "ml-gateway:source"
"""The type of a stack's metadata entry that says where in a file it comes from: `gateway.yaml:7: models`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _WrittenStack:
    construct_path: str
    template_path: Path
    template: Template


@jsii.implements(IPolicyValidationPlugin)
class HouseRulesPlugin:
    """Runs every house rule over every template of an app, those of nested stacks and of stages too.

    A finding names the rule, what must hold, the place in the template, and the construct. It can be acknowledged like
    those of any plugin. One about a stack as a whole begins with the line of the file that the stack comes from, where
    the stack's metadata have it (`SOURCE_METADATA`).
    """

    @property
    def name(self) -> str:
        return NAMESPACE

    @property
    def rule_ids(self) -> list[str]:
        return [rule.id for rule in HOUSE_RULES]

    @property
    def version(self) -> None:
        """The rules have no version of their own."""

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        found: defaultdict[tuple[HouseRule, str], list[PolicyViolatingResource]] = defaultdict(list)
        stacks = list(_written_stacks(context))
        make_one_app([stack.template for stack in stacks])
        for stack in stacks:
            for rule in HOUSE_RULES:
                for finding in rule.findings(stack.template):
                    description = _describe(rule, finding, stack, context)
                    found[rule, description].append(_violating(finding, stack))
        return PolicyValidationPluginReport(
            success=not found,
            violations=[
                PolicyViolation(
                    rule_name=rule.id,
                    description=description,
                    fix=f"see {rule.source}",
                    severity=_severity(rule),
                    violating_resources=resources,
                )
                for (rule, description), resources in found.items()
            ],
        )


def _severity(rule: HouseRule) -> str:
    """A quota that nobody can raise is `fatal`: CDK shows it first, and lets nobody acknowledge it.

    All others are said to be errors, because CDK takes a violation without a severity for a success as soon as another
    one of the report is acknowledged.
    """
    return "fatal" if rule in SIZE_RULES else "error"


def _written_stacks(context: IPolicyValidationContext) -> Iterator[_WrittenStack]:
    """Each stack, and if there are any the nested ones, of which the context says nothing."""
    has_nested = False
    for stack in context.stack_templates:
        written = _read(stack.stack_construct_path, Path(stack.template_path), stack.region)
        has_nested = has_nested or bool(written.template.all_of("AWS::CloudFormation::Stack"))
        yield written
    if has_nested:
        for construct in context.app_construct.node.find_all():
            if isinstance(construct, NestedStack) and (stage := Stage.of(construct)):
                region = None if Token.is_unresolved(construct.region) else construct.region
                yield _read(construct.node.path, Path(stage.outdir) / construct.template_file, region)


def _read(construct_path: str, path: Path, region: str | None) -> _WrittenStack:
    template = Template(path.read_text(encoding="utf-8"), region=region)
    return _WrittenStack(construct_path=construct_path, template_path=path, template=template)


def _describe(rule: HouseRule, finding: Finding, stack: _WrittenStack, context: IPolicyValidationContext) -> str:
    if finding.logical_id:
        return f"{rule.sentence}: {finding.location} {finding.found}"
    source = _source_of(stack, context.app_construct)
    return f"{f'{source}: ' if source else ''}{rule.sentence}: {finding.found}"


def _source_of(stack: _WrittenStack, construct: IConstruct) -> str | None:
    for construct_id in stack.construct_path.split("/"):
        construct = construct.node.find_child(construct_id)
    said: list[Any] = [entry.data for entry in construct.node.metadata if entry.type == SOURCE_METADATA]
    return str(said[0]) if said else None


def _violating(finding: Finding, stack: _WrittenStack) -> PolicyViolatingResource:
    return PolicyViolatingResource(
        construct_path=None if finding.logical_id else stack.construct_path,
        resource_logical_id=finding.logical_id or None,
        template_path=str(stack.template_path),
        locations=[finding.location],
    )
