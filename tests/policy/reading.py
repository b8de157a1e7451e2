"""How rules read a template: what they look for, wherever it lies."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.synthesis import Json, resources

Rule = Callable[[Json], list[str]]
"""What breaks it in a template."""

DYNAMIC_REFERENCE = re.compile(r"^\{\{resolve:secretsmanager:[a-z0-9/-]+:SecretString:::\}\}$")
# The ids that AWS documents for its managed policies.
MANAGED_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
MANAGED_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CREDENTIALS = {"authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "x-origin-verify"}


def distributions(template: Json) -> dict[str, Json]:
    found = resources(template, "AWS::CloudFront::Distribution")
    return {logical_id: properties["DistributionConfig"] for logical_id, properties in found.items()}


def behaviors(template: Json) -> dict[str, Json]:
    """Every behavior of every distribution, the default one first, by a name that says which it is."""
    found: dict[str, Json] = {}
    for logical_id, settings in distributions(template).items():
        found[f"{logical_id} default"] = settings["DefaultCacheBehavior"]
        found |= {
            f"{logical_id} {behavior['PathPattern']}": behavior for behavior in settings.get("CacheBehaviors", [])
        }
    return found


def web_acls(template: Json, scope: str) -> dict[str, Json]:
    """Those of API stages (REGIONAL) or of distributions (CLOUDFRONT)."""
    found = resources(template, "AWS::WAFv2::WebACL")
    return {logical_id: web_acl for logical_id, web_acl in found.items() if web_acl["Scope"] == scope}


def first_rule(web_acl: Json) -> Json:
    rule: Json = min(web_acl["Rules"], key=lambda rule: rule["Priority"])
    return rule


def everything_named(key: str, value: Any) -> Iterator[Any]:
    """What lies under that key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from everything_named(key, inner)
    elif isinstance(value, list):
        for item in value:
            yield from everything_named(key, item)


def redacted_field(field: Json) -> str:
    """The header that is redacted, or `?` for the query."""
    return str(field["SingleHeader"]["Name"]) if "SingleHeader" in field else "?" if "QueryString" in field else ""
