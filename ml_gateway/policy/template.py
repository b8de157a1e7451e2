"""How rules read a template: what they look for, wherever it lies, under names that say which resource it is.

A name is the logical id of a resource, and behind a space what of it. What is there but cannot be read raises KeyError,
TypeError, AttributeError, IndexError or ValueError: for a rule that is as bad as what is wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Json = dict[str, Any]
Subjects = Mapping[str, Any]
"""Name -> what a rule looks at."""

DYNAMIC_REFERENCE: Final = re.compile(r"^\{\{resolve:secretsmanager:[A-Za-z0-9/_+=.@-]+:SecretString:::\}\}$")
"""A reference to the newest value of a secret by its literal name, which each region resolves for itself."""

# The ids that AWS documents for its managed policies.
MANAGED_CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
MANAGED_CACHING_OPTIMIZED: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
MANAGED_ALL_VIEWER_EXCEPT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

# Spelled out, and not taken from what defines them: a rule proves nothing that reads its expectation from there.
API_KEY: Final = "x-api-key"
ORIGIN_VERIFY: Final = "x-origin-verify"
CREDENTIALS: Final = frozenset({"authorization", "cookie", API_KEY, "api-key", "x-goog-api-key", ORIGIN_VERIFY})


def resources(template: Json, resource_type: str) -> dict[str, Json]:
    """Logical id -> properties of every resource of that type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template.get("Resources", {}).items()
        if resource["Type"] == resource_type
    }


def every_resource(template: Json) -> Subjects:
    """All resources, whole."""
    return dict(template.get("Resources", {}).items())


def distributions(template: Json) -> dict[str, Json]:
    """The configuration of every distribution."""
    found = resources(template, "AWS::CloudFront::Distribution")
    return {name: properties["DistributionConfig"] for name, properties in found.items()}


def gateway_distributions(template: Json) -> dict[str, Json]:
    """The distributions in front of an API: with an origin at execute-api, or one that gets a credential of a gateway.

    One that has lost its credential still has that origin, and one whose origin has another name the credential. A
    distribution that has neither has nothing to do with a gateway.
    """
    return {
        name: config
        for name, config in distributions(template).items()
        if any(map(_is_of_a_gateway, config["Origins"]))
    }


def _is_of_a_gateway(origin: Json) -> bool:
    return ".execute-api." in json.dumps(origin["DomainName"]) or bool({API_KEY, ORIGIN_VERIFY} & headers_sent(origin))


def headers_sent(origin: Json) -> set[str]:
    """The names of the origin custom headers, in lower case."""
    return {header["HeaderName"].lower() for header in origin.get("OriginCustomHeaders", [])}


def origins(template: Json) -> Subjects:
    """Every origin of a distribution in front of an API."""
    return {
        f"{name} {origin['Id']}": origin
        for name, config in gateway_distributions(template).items()
        for origin in config["Origins"]
    }


def behaviors(template: Json) -> dict[str, Json]:
    """Every behavior of every distribution, the default one first."""
    return _behaviors_of(distributions(template))


def gateway_behaviors(template: Json) -> dict[str, Json]:
    """Every behavior of a distribution in front of an API."""
    return _behaviors_of(gateway_distributions(template))


def client_behaviors(template: Json) -> dict[str, Json]:
    """Those in front of an API whose clients have keys: the distribution proves itself by a header of its own."""
    return _behaviors_of(
        {
            name: config
            for name, config in gateway_distributions(template).items()
            if any(ORIGIN_VERIFY in headers_sent(origin) for origin in config["Origins"])
        }
    )


def _behaviors_of(configs: Mapping[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, config in configs.items():
        found[f"{name} default"] = config["DefaultCacheBehavior"]
        found |= {f"{name} {behavior['PathPattern']}": behavior for behavior in config.get("CacheBehaviors", [])}
    return found


def web_acls(template: Json, scope: str) -> dict[str, Json]:
    """Those of API stages (REGIONAL) or of distributions (CLOUDFRONT)."""
    found = resources(template, "AWS::WAFv2::WebACL")
    unknown = [name for name, web_acl in found.items() if web_acl["Scope"] not in ("REGIONAL", "CLOUDFRONT")]
    if unknown:
        raise ValueError(f"{unknown[0]} does not say what it guards")
    return {name: web_acl for name, web_acl in found.items() if web_acl["Scope"] == scope}


def first_rule(web_acl: Json) -> Json:
    """The rule that WAF asks first."""
    rule: Json = min(web_acl["Rules"], key=lambda rule: int(rule["Priority"]))
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


def logs_of(web_acl: str, template: Json) -> list[Json]:
    """The logging configurations of a web ACL."""
    logs = resources(template, "AWS::WAFv2::LoggingConfiguration").values()
    return [log for log in logs if log["ResourceArn"] == {"Fn::GetAtt": [web_acl, "Arn"]}]


def is_secret(value: Any) -> bool:
    """Whether a value is a dynamic reference to a secret by its literal name."""
    return isinstance(value, str) and bool(DYNAMIC_REFERENCE.match(value))
