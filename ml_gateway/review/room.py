"""Quotas that a deploy passes for a while, though what it ends with is within them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.review.assembly import Resource, Template
from ml_gateway.review.changes import StackChange
from ml_gateway.review.differences import Kind
from ml_gateway.review.wording import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class _Quota:
    """How many of a type an account has, in the region of the stack; or what `each` names, by that property."""

    most: int
    called: str
    way_out: str
    each: str | None = None


_OF_POLICIES: Final = "do it in two deploys, the first without what goes"

QUOTAS: Final[Mapping[str, _Quota]] = {
    "AWS::ApiGateway::UsagePlan": _Quota(
        most=300, called="usage plans", way_out="take a plan that nobody has away first"
    ),
    "AWS::ApiGatewayV2::VpcLink": _Quota(
        most=10,
        called="VPC links",
        way_out="take one away first, in a deploy of its own, or ask AWS for more (`service_quotas.vpc_links`)",
    ),
    "AWS::CloudFront::CachePolicy": _Quota(most=20, called="cache policies", way_out=_OF_POLICIES),
    "AWS::CloudFront::Function": _Quota(most=100, called="functions", way_out=_OF_POLICIES),
    "AWS::CloudFront::OriginRequestPolicy": _Quota(most=20, called="origin request policies", way_out=_OF_POLICIES),
    "AWS::CloudFront::ResponseHeadersPolicy": _Quota(most=20, called="response headers policies", way_out=_OF_POLICIES),
    "AWS::Logs::MetricFilter": _Quota(
        most=100,
        called="metric filters of one log group",
        way_out="take some away first: deploy the new names without `alerts`, and then with them",
        each="LogGroupName",
    ),
}
"""Resource type -> its quota: API Gateway, CloudFront and CloudWatch Logs, "Quotas" of each one's guide."""

_MADE_ANEW: Final = frozenset({Kind.REPLACED, Kind.MOVED})


def passed_quotas(change: StackChange) -> Iterator[Words]:
    """What there would be more of, for as long as both the old and the new are there, than the service takes.

    Not told where there is more than that before or after: AWS raised the quota then.
    """
    for type_, quota in QUOTAS.items():
        before, after = (_counted(template, type_, quota) for template in (change.old, change.new))
        for group in sorted(before.keys() & after.keys()):
            anew = {
                each.logical_id
                for each in change.resources
                if each.kind in _MADE_ANEW and each.old and each.old.type == type_ and _group(each.old, quota) == group
            }
            kept = before[group] & after[group] - anew
            at_once = len(before[group]) + len(after[group]) - len(kept)
            if at_once > quota.most >= max(len(before[group]), len(after[group])):
                yield (
                    f"for a while there would be {at_once} {quota.called}, of which AWS gives {quota.most}: "
                    f"CloudFormation makes the new ones before it deletes the old. So {quota.way_out}",
                )


def _counted(template: Template | None, type_: str, quota: _Quota) -> dict[str, set[str]]:
    """The logical ids of that type, by what the quota is for."""
    found: dict[str, set[str]] = {}
    for logical_id, resource in (template.resources if template else {}).items():
        if resource.type == type_:
            found.setdefault(_group(resource, quota), set()).add(logical_id)
    return found


def _group(resource: Resource, quota: _Quota) -> str:
    return json.dumps(resource.properties.get(quota.each), sort_keys=True) if quota.each else ""
