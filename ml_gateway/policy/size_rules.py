"""Rules about how large a stack may get: what was really defined, counted in its template.

All from the CloudFormation User Guide, "Understand CloudFormation quotas". None of them can be raised.
"""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import holds_a_gateway
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place, Template

MOST_RESOURCES: Final = 500
MOST_OUTPUTS: Final = 200
MOST_REFERENCES: Final = 60
MOST_BYTES: Final = 1_000_000
"""Of a template in S3, where CDK puts each: "Template may not exceed 1000000 bytes in size"."""

_QUOTAS: Final = "CloudFormation User Guide, Understand CloudFormation quotas"


def the_whole(template: Template) -> list[Place]:
    return [template.whole]


_TO_ANOTHER_STACK: Final = "move some of what it defines to another stack"


def _too_many(
    whole: Place, section: str, count: int, most: int, *, gateway_may: str | None = None
) -> Iterator[Finding]:
    """`gateway_may`: what to take out of the file; None where nothing in a file makes more."""
    if count > most:
        in_the_file = gateway_may is not None and holds_a_gateway(whole.template)
        way_out = f"{gateway_may}, or put them in another gateway" if in_the_file else _TO_ANOTHER_STACK
        found = f"this one has {count}; {way_out}"
        yield Finding(logical_id="", location=section, found=found)


@house_rule(
    "StackHasAtMost500Resources",
    f"a stack has at most {MOST_RESOURCES} resources",
    subjects=the_whole,
    source=_QUOTAS,
)
def stack_has_at_most_500_resources(whole: Place) -> Iterator[Finding]:
    # Models make none: they are in the API's document.
    gateway_may = "take out backends, keys or alerts"
    yield from _too_many(whole, "Resources", len(whole.template.resources), MOST_RESOURCES, gateway_may=gateway_may)


@house_rule(
    "StackHasAtMost200Outputs",
    f"a stack has at most {MOST_OUTPUTS} outputs",
    subjects=the_whole,
    source=_QUOTAS,
)
def stack_has_at_most_200_outputs(whole: Place) -> Iterator[Finding]:
    outputs = whole.get("Outputs")
    yield from _too_many(whole, "Outputs", len(outputs.keys()) if outputs else 0, MOST_OUTPUTS)


@house_rule(
    "TemplateHasAtMost60References",
    f"a template has at most {MOST_REFERENCES} dynamic references",
    subjects=the_whole,
    source="CloudFormation User Guide, Get values stored in other services using dynamic references",
)
def template_has_at_most_60_references(whole: Place) -> Iterator[Finding]:
    gateway_may = "take out keys, or models of backends that are sent secrets"
    yield from _too_many(whole, "Resources", whole.template.references, MOST_REFERENCES, gateway_may=gateway_may)


@house_rule(
    "TemplateHasAtMost1000000Bytes",
    f"a template has at most {MOST_BYTES} bytes",
    subjects=the_whole,
    source=_QUOTAS,
)
def template_has_at_most_1000000_bytes(whole: Place) -> Iterator[Finding]:
    yield from _too_many(whole, "Resources", whole.template.size, MOST_BYTES, gateway_may="take out models")


SIZE_RULES: Final = (
    stack_has_at_most_500_resources,
    stack_has_at_most_200_outputs,
    template_has_at_most_60_references,
    template_has_at_most_1000000_bytes,
)
