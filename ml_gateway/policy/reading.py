"""What of a template belongs to a gateway, and what is somebody's own affair.

One template is looked at alone. An origin, a web ACL or a distribution counts as a gateway's by any one of several
marks, and when it cannot be read: to pass unseen, a broken gateway would have to lose all of them at once.
docs/policy.md says the same for people.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from ml_gateway.policy.template import Json, Place, Template, is_token, reference

API_KEY_HEADER: Final = "x-api-key"
ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
ORIGIN_HEADERS: Final = (API_KEY_HEADER, ORIGIN_VERIFY_HEADER)

CREDENTIALS: Final = frozenset({"authorization", "cookie", "api-key", "x-goog-api-key", *ORIGIN_HEADERS})
"""Headers that no log may show."""

LISTS: Final = {
    "DeniedAddresses": "IPSetReferenceStatement",
    "AllowedAddresses": "IPSetReferenceStatement",
    "DeniedCountries": "GeoMatchStatement",
    "AllowedCountries": "GeoMatchStatement",
}
"""Rules of a firewall at the edge that say who may call -> what their statement is made of."""

ADDRESS_RATE: Final = "AddressRate"

KEY_RATES: Final = {
    "KeyRate-x-api-key": API_KEY_HEADER,
    "KeyRate-bearer": "authorization",
    "KeyRate-api-key": "api-key",
    "KeyRate-x-goog-api-key": "x-goog-api-key",
}
"""Its rules that say how often a key may be used -> the header in which it comes."""

_ANSWERS: Final = frozenset({"blocked", "rate_limit_exceeded"})
"""The texts that such a firewall refuses with."""

_ORIGIN_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:[^:]+/origin/\d+:")
_CLIENTS_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:[^:]+/clients/[^:]+:")


def all_of(resource_type: str) -> Callable[[Template], list[Place]]:
    """The properties of every resource of that type."""
    return lambda template: template.all_of(resource_type)


def depends_on(resource: Place) -> list[str]:
    found = resource.get("DependsOn")
    if found is None:
        return []
    return [found.text()] if isinstance(found.value, str) else found.texts()


def holds_a_gateway(template: Template) -> bool:
    return bool(template.all_of("AWS::ApiGateway::RestApi")) or any(True for _ in gateway_distributions(template))


# Distributions


def gateway_distributions(template: Template) -> Iterator[Place]:
    """The configuration of each distribution that fetches from a gateway."""
    for config in _configurations(template):
        if any(True for _ in _behaviors_of_gateways(config)) or any(True for _ in _origins_of_gateways(config)):
            yield config


def gateway_origins(template: Template) -> Iterator[Place]:
    for config in _configurations(template):
        yield from _origins_of_gateways(config)


def gateway_behaviors(template: Template) -> Iterator[Place]:
    """The behaviors that fetch from a gateway, in all distributions."""
    for config in _configurations(template):
        yield from _behaviors_of_gateways(config)


def behaviors_of(config: Place) -> list[Place]:
    """Those of one distribution that fetch from a gateway."""
    return list(_behaviors_of_gateways(config))


def behaviors_with_clients(template: Template) -> Iterator[Place]:
    """Behaviors that fetch from a gateway whose callers have keys of their own: it is locked by a header of its own."""
    for config in _configurations(template):
        with_clients = {
            origin["Id"].text() for origin in _origins_of_gateways(config) if _sends(origin, ORIGIN_VERIFY_HEADER)
        }
        for behavior in _behaviors_of_gateways(config):
            if _targets(behavior, config) & with_clients:
                yield behavior


def _configurations(template: Template) -> Iterator[Place]:
    for distribution in template.all_of("AWS::CloudFront::Distribution"):
        yield distribution["DistributionConfig"]


def _origins_of_gateways(config: Place) -> Iterator[Place]:
    targeted = {target for one in _behaviors(config) if _speaks_of_keys(one) for target in _targets(one, config)}
    for origin in config["Origins"].items():
        if _is_of_a_gateway(origin) or origin["Id"].text() in targeted:
            yield origin


def _behaviors_of_gateways(config: Place) -> Iterator[Place]:
    known = {origin["Id"].text(): _is_of_a_gateway(origin) for origin in config["Origins"].items()}
    for behavior in _behaviors(config):
        if _speaks_of_keys(behavior) or any(known.get(target, True) for target in _targets(behavior, config)):
            yield behavior


def _behaviors(config: Place) -> list[Place]:
    others = config.get("CacheBehaviors")
    return [config["DefaultCacheBehavior"], *(others.items() if others else [])]


def _targets(behavior: Place, config: Place) -> set[str]:
    """The ids of the origins that a behavior fetches from: of its own, or of all in its group."""
    target = behavior["TargetOriginId"].text()
    groups = config.get("OriginGroups")
    for group in groups["Items"].items() if groups else []:
        if group["Id"].text() == target:
            return {member["OriginId"].text() for member in group["Members"]["Items"].items()}
    return {target}


def _is_of_a_gateway(origin: Place) -> bool:
    """By a header of ours, by our secret, or by an address that is, or may be, an API's."""
    value = origin.value
    if not isinstance(value, dict) or is_token(value) or _sends(origin, *ORIGIN_HEADERS):
        return True
    if _ORIGIN_SECRET.search(json.dumps(value.get("OriginCustomHeaders"))):
        return True
    if "S3OriginConfig" in value or "VpcOriginConfig" in value:
        return False
    return not _is_elsewhere(value.get("DomainName"), origin.template)


def _sends(origin: Place, *names: str) -> bool:
    """Whether one of the headers has one of these names, or cannot be read."""
    headers = origin.value.get("OriginCustomHeaders", [])
    if not isinstance(headers, list):
        return True
    said = [header.get("HeaderName") if isinstance(header, dict) else None for header in headers]
    return any(not isinstance(name, str) or name.lower() in names for name in said)


def _is_elsewhere(domain: Any, template: Template) -> bool:
    """Whether a domain name is known to be no API's: a text, or made of other resources of this template."""
    if domain is None or "execute-api" in json.dumps(domain):
        return False
    return all(_is_of_another_service(token, template) for token in _tokens(domain))


def _is_of_another_service(token: Json, template: Template) -> bool:
    target = reference(token)
    if target is None:
        # Fn::Join and the like: what they are made of is looked at by itself.
        return not any(name in token for name in ("Fn::ImportValue", "Fn::GetStackOutput", "Fn::Sub", "Fn::If"))
    known = template.type_of(target)
    return target.startswith("AWS::") or (known is not None and not known.startswith("AWS::ApiGateway"))


def _tokens(value: Any) -> Iterator[Json]:
    if is_token(value):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _tokens(one)


def _speaks_of_keys(behavior: Place) -> bool:
    """Whether one of its functions does: only a gateway's turns keys into the header that an API reads."""
    associations = behavior.get("FunctionAssociations")
    functions = [
        one["FunctionARN"].refers_to("AWS::CloudFront::Function")
        for one in (associations.items() if associations else [])
    ]
    return any(API_KEY_HEADER in json.dumps(function.value.get("FunctionCode")) for function in functions if function)


# Web ACLs


def origin_locks(template: Template) -> Iterator[Place]:
    """Web ACLs of APIs that let through what the distribution sends."""
    for web_acl in template.all_of("AWS::WAFv2::WebACL"):
        if web_acl.value.get("Scope") != "CLOUDFRONT" and (
            ORIGIN_VERIFY_HEADER in json.dumps(web_acl.value).lower()
            or _rule_names(web_acl) & {None, "OriginLock"}
            or (_clients_have_keys(template) and guards_a_stage(web_acl))
        ):
            yield web_acl


def edge_firewalls(template: Template) -> Iterator[Place]:
    """Web ACLs of distributions that have rules, or answers, of a gateway's firewall."""
    ours = {None, ADDRESS_RATE, *LISTS, *KEY_RATES}
    for web_acl in template.all_of("AWS::WAFv2::WebACL"):
        answers = web_acl.value.get("CustomResponseBodies")
        refuses = isinstance(answers, dict) and answers.keys() >= _ANSWERS
        if web_acl.value.get("Scope") != "REGIONAL" and (_rule_names(web_acl) & ours or refuses):
            yield web_acl


def guards_a_stage(web_acl: Place) -> bool:
    """Whether it is associated with a stage of an API of the same template."""
    template = web_acl.template
    stages = {stage.logical_id for stage in template.all_of("AWS::ApiGateway::Stage")}
    for association in template.all_of("AWS::WAFv2::WebACLAssociation"):
        joined = association["ResourceArn"].value
        parts = joined.get("Fn::Join", []) if isinstance(joined, dict) else []
        # A separator and a list: among them a text, and a reference to the stage.
        is_a_stage = "/stages/" in json.dumps(parts) and any(reference(each) in stages for each in _tokens(parts))
        if is_a_stage and reference(association["WebACLArn"].value) == web_acl.logical_id:
            return True
    return False


def firewall_logs(web_acl: Place) -> list[Place]:
    """The logging configurations of a web ACL."""
    logs = web_acl.template.all_of("AWS::WAFv2::LoggingConfiguration")
    return [log for log in logs if log["ResourceArn"].value == {"Fn::GetAtt": [web_acl.logical_id, "Arn"]}]


def _rule_names(web_acl: Place) -> set[str | None]:
    """Of its rules; None for one that cannot be read."""
    rules = web_acl.value.get("Rules", [])
    if not isinstance(rules, list):
        return {None}
    names = [rule.get("Name") if isinstance(rule, dict) else None for rule in rules]
    return {name if isinstance(name, str) else None for name in names}


def _clients_have_keys(template: Template) -> bool:
    keys = template.all_of("AWS::ApiGateway::ApiKey")
    return any(_CLIENTS_SECRET.search(json.dumps(key.value)) for key in keys)
