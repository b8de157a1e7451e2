"""Which distributions fetch from a gateway, by which origins and behaviors, and which are somebody's own affair.

One template is looked at alone. An origin counts as a gateway's by any one of several marks, and when it cannot be
read: to pass unseen, a broken gateway would have to lose all of them at once. docs/policy.md says the same for people.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import Json, is_token, reference, tokens_in

API_KEY_HEADER: Final = "x-api-key"
ORIGIN_VERIFY_HEADER: Final = "x-origin-verify"
ORIGIN_HEADERS: Final = (API_KEY_HEADER, ORIGIN_VERIFY_HEADER)

_ADDED_BY_APIS: Final = "x-amzn-remapped-server"

_ORIGIN_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:[^:]+/origin/\d+:")


def holds_a_gateway(template: Template) -> bool:
    """Whether there is an API, or a distribution that fetches from a gateway."""
    return bool(template.all_of("AWS::ApiGateway::RestApi")) or any(True for _ in gateway_distributions(template))


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
    targeted = {target for one in _behaviors(config) if _is_in_front_of_an_api(one) for target in _targets(one, config)}
    for origin in config["Origins"].items():
        if _is_of_a_gateway(origin) or origin["Id"].text() in targeted:
            yield origin


def _behaviors_of_gateways(config: Place) -> Iterator[Place]:
    known = {origin["Id"].text(): _is_of_a_gateway(origin) for origin in config["Origins"].items()}
    for behavior in _behaviors(config):
        if _is_in_front_of_an_api(behavior) or any(known.get(target, True) for target in _targets(behavior, config)):
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
    headers = origin.value.get("OriginCustomHeaders", []) if isinstance(origin.value, dict) else None
    if not isinstance(headers, list):
        return True
    said = [header.get("HeaderName") if isinstance(header, dict) else None for header in headers]
    return any(not isinstance(name, str) or name.lower() in names for name in said)


def _is_elsewhere(domain: Any, template: Template) -> bool:
    """Whether a domain name is known to be no API's: a text, or made of other resources of this template."""
    if domain is None or "execute-api" in json.dumps(domain):
        return False
    return all(_is_of_another_service(token, template) for token in tokens_in(domain))


def _is_of_another_service(token: Json, template: Template) -> bool:
    target = reference(token)
    if target is None:
        # Fn::Join and the like: what they are made of is looked at by itself.
        return not any(name in token for name in ("Fn::ImportValue", "Fn::GetStackOutput", "Fn::Sub", "Fn::If"))
    known = template.type_of(target)
    return target.startswith("AWS::") or (known is not None and not known.startswith("AWS::ApiGateway"))


def _is_in_front_of_an_api(behavior: Place) -> bool:
    """By what only a gateway's does: turn keys into the header that an API reads, or remove what an API adds."""
    associations = behavior.get("FunctionAssociations")
    functions = [one["FunctionARN"].value for one in associations.items()] if associations else []
    policy = behavior.value.get("ResponseHeadersPolicyId")
    marks = [*((function, API_KEY_HEADER) for function in functions), (policy, _ADDED_BY_APIS)]
    return any(mark in _text_of(named, behavior.template) for named, mark in marks)


def _text_of(value: Any, template: Template) -> str:
    """What the resource that a value refers to says, in lower case."""
    logical_id = reference(value)
    if logical_id is None or template.type_of(logical_id) is None:
        return ""
    return json.dumps(template.properties(logical_id).value).lower()
