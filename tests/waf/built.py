"""Small web ACLs, to ask about one thing at a time."""

from collections.abc import Mapping
from typing import Any

from tests.synthesis import Json
from tests.waf.web_acl import WebAcl

BLOCK: Json = {"Block": {}}
COUNT: Json = {"Count": {}}
ALLOW: Json = {"Allow": {}}
EVERYBODY: Json = {"NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}}}
"""A statement that each request meets but one from Antarctica."""


def built(
    *rules: Json, resources: Mapping[str, Json] | None = None, secrets: Mapping[str, str] | None = None, **settings: Any
) -> WebAcl:
    """Of these rules, in the order of their priorities, for a distribution unless `settings` say otherwise."""
    web_acl = {"Name": "built", "Scope": "CLOUDFRONT", "DefaultAction": ALLOW, "Rules": list(rules), **settings}
    template = {"Resources": {**(resources or {}), "WebAcl": {"Type": "AWS::WAFv2::WebACL", "Properties": web_acl}}}
    return WebAcl(template, secrets=secrets or {})


def rule(statement: Json, name: str = "rule", priority: int = 0, action: Json = BLOCK, **settings: Any) -> Json:
    return {"Name": name, "Priority": priority, "Statement": statement, "Action": action, **settings}


def group(name: str, *overrides: tuple[str, Json], priority: int = 0, override: str = "None", **settings: Any) -> Json:
    """A managed group as a rule; `overrides`: what single rules of it do."""
    actions = [{"Name": each, "ActionToUse": action} for each, action in overrides]
    statement = {"VendorName": "AWS", "Name": name, "RuleActionOverrides": actions, **settings}
    return {
        "Name": name,
        "Priority": priority,
        "OverrideAction": {override: {}},
        "Statement": {"ManagedRuleGroupStatement": statement},
    }


def text_match(
    wanted: str, *, header: str = "x-test", constraint: str = "EXACTLY", kinds: tuple[str, ...] = ("NONE",)
) -> Json:
    transformations = [{"Priority": priority, "Type": kind} for priority, kind in enumerate(kinds)]
    return {
        "ByteMatchStatement": {
            "SearchString": wanted,
            "FieldToMatch": {"SingleHeader": {"Name": header}},
            "PositionalConstraint": constraint,
            "TextTransformations": transformations,
        }
    }


def body_match(wanted: str, oversize: str = "CONTINUE") -> Json:
    found = text_match(wanted, constraint="CONTAINS")
    found["ByteMatchStatement"]["FieldToMatch"] = {"Body": {"OversizeHandling": oversize}}
    return found
