"""Countries whose callers are newly refused, by CloudFront's geographic restriction or by a firewall at the edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway.review.assembly import Json, Resource, Template
from ml_gateway.review.changes import StackChange
from ml_gateway.review.references import referenced
from ml_gateway.review.wording import Quoted, Words

_DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
_REFUSED: Final = " are refused once the edge is deployed (`countries`)"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Countries:
    """Who may call. `allowed`: nobody else; None lets everybody in. `denied`: nobody from there."""

    allowed: frozenset[str] | None
    denied: frozenset[str]


def refused_countries(change: StackChange) -> Iterator[Words]:
    """Of each distribution that stays. A list that goes to another setting, and keeps its countries, refuses nobody."""
    if change.old is None or change.new is None:
        return
    for logical_id, resource in change.new.resources.items():
        old = change.old.resources.get(logical_id)
        if old is not None and old.type == resource.type == _DISTRIBUTION:
            yield from _refused(_countries(change.old, old), _countries(change.new, resource))


def _refused(before: _Countries, now: _Countries) -> Iterator[Words]:
    if now.allowed is not None and before.allowed is None:
        yield ("callers from anywhere but ", Quoted(_listed(now.allowed)), _REFUSED)
        return
    gone = (before.allowed or frozenset()) - now.allowed if now.allowed is not None else frozenset[str]()
    denied = now.denied - before.denied
    refused = gone | (denied if before.allowed is None else denied & before.allowed)
    if refused:
        yield ("callers from ", Quoted(_listed(refused)), _REFUSED)


def _listed(countries: frozenset[str]) -> str:
    return ", ".join(sorted(countries))


def _countries(template: Template, distribution: Resource) -> _Countries:
    allowed: list[frozenset[str]] = []
    denied: set[str] = set()
    for is_allowed, countries in _lists(template, distribution):
        if is_allowed:
            allowed.append(countries)
        else:
            denied |= countries
    return _Countries(allowed=frozenset.intersection(*allowed) if allowed else None, denied=frozenset(denied))


def _lists(template: Template, distribution: Resource) -> Iterator[tuple[bool, frozenset[str]]]:
    """Each list of countries that refuses, and whether it says who is let in; also in the web ACL of the template that
    the distribution refers to."""
    config = distribution.properties.get("DistributionConfig")
    if not isinstance(config, dict):
        return
    match config.get("Restrictions"):
        case {"GeoRestriction": restriction}:
            yield from _of_cloudfront(restriction)
    for logical_id in referenced(config.get("WebACLId")):
        match template.resources.get(logical_id):
            case Resource(type="AWS::WAFv2::WebACL", properties={"Rules": [*rules]}):
                for rule in rules:
                    yield from _of_waf(rule)


def _of_cloudfront(restriction: Any) -> Iterator[tuple[bool, frozenset[str]]]:
    match restriction:
        case {"RestrictionType": "whitelist" | "blacklist" as kind, "Locations": [*countries]}:
            yield kind == "whitelist", frozenset(map(str, countries))


def _of_waf(rule: Json) -> Iterator[tuple[bool, frozenset[str]]]:
    """One that only counts refuses nobody."""
    match rule:
        case {"Action": {"Block": _}, "Statement": {"GeoMatchStatement": {"CountryCodes": [*countries]}}}:
            yield False, frozenset(map(str, countries))
        case {
            "Action": {"Block": _},
            "Statement": {"NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": [*countries]}}}},
        }:
            yield True, frozenset(map(str, countries))
