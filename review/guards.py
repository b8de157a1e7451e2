"""What no change may replace or remove unless somebody says that it is meant."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from ml_gateway import naming
from review.assembly import Assembly, Resource, StackId
from review.changes import ResourceChange, StackChange
from review.differences import Kind
from review.losses import address, losses
from review.wording import Words

LABEL: Final = "replacement-ok"

GUARDED: Final[Mapping[str, str]] = {
    "AWS::ApiGateway::ApiKey": "its key is refused from then on; a new key of the same value is refused as a duplicate",
    "AWS::ApiGateway::RestApi": "the API gets another address",
    "AWS::ApiGateway::Stage": "the API answers at another address, or nowhere",
    "AWS::ApiGateway::UsagePlan": "the keys in it are refused, and quotas are counted from zero",
    "AWS::ApiGateway::UsagePlanKey": "its key is refused; joining a second plan of the stage makes the deploy fail",
    "AWS::CertificateManager::Certificate": "a new one has to be validated first; without one the domain has no TLS",
    "AWS::CloudFormation::Stack": "everything in the nested stack goes with it",
    "AWS::CloudFront::Distribution": "callers lose the address that they know",
    "AWS::Logs::LogGroup": "its lines are lost",
    "AWS::Route53::RecordSet": "the name does not resolve, or leads elsewhere",
    "AWS::SNS::Topic": "its subscriptions are gone and have to be confirmed again",
    "AWS::SecretsManager::Secret": "its value is lost, and whoever sends it is refused",
}
"""Resource type -> what callers or operators lose with a resource of it."""

GUARDED_PROPERTIES: Final[Mapping[tuple[str, str], str]] = {
    ("AWS::SecretsManager::Secret", "GenerateSecretString"): "a new value is generated; the keys keep the old one",
    ("AWS::SecretsManager::Secret", "SecretString"): "the value changes; the keys keep the old one",
}
"""Resource type and property -> what is lost when it changes, though the resource stays."""

REMOVED_STACK: Final = "a deploy leaves it in the account, where nothing manages it any more"

_LOST: Final = frozenset({Kind.REMOVED, Kind.MOVED, Kind.REPLACED, Kind.MAYBE_REPLACED})
_DYNAMIC_REFERENCE: Final = re.compile(r"\{\{resolve:secretsmanager:([^:]+):.*\}\}")

Generation = tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something guarded that would be lost, and why that matters."""

    stack: StackId
    what: Words


def findings(changes: list[StackChange], *, old: Assembly, new: Assembly) -> list[Finding]:
    """Everything guarded that `changes` would replace or remove, and all that callers of an API would lose."""
    rotated_out = _rotated_out(_generations(old), _generations(new))
    found: list[Finding] = []
    for change in changes:
        if change.new is None:
            found.append(Finding(stack=change.stack, what=("the whole stack, removed: ", REMOVED_STACK)))
        elif change.old is not None:
            resources = change.old.resources
            found += [
                Finding(stack=change.stack, what=(*resource.name, f", {resource.kind}: {reason}"))
                for resource in change.resources
                if not (resource.kind is Kind.REMOVED and _generation(resource.old, resources) in rotated_out)
                for reason in _reasons(resource)
            ]
            before, now = address(old, change.stack), address(new, change.stack)
            found += [
                Finding(stack=change.stack, what=loss)
                for resource in change.resources
                if resource.api
                for loss in losses(resource.api, before=before, now=now)
            ]
    return found


def _rotated_out(before: Set[Generation], after: Set[Generation]) -> Set[Generation]:
    """The generations of the origin secret that nothing sends any more, which is not to lose them.

    The one after it was there before and still is, and so is the one after that.
    """
    return {
        (gateway, number)
        for gateway, number in before
        if (gateway, number + 1) in before & after and (gateway, number + 2) in after
    }


def _reasons(change: ResourceChange) -> Iterator[str]:
    if change.old is None:
        return
    if change.kind in _LOST and change.old.type in GUARDED:
        yield GUARDED[change.old.type]
    elif change.kind is Kind.CHANGED:
        for name in {difference.path.partition(".")[0] for difference in change.differences}:
            if (change.old.type, name) in GUARDED_PROPERTIES:
                yield GUARDED_PROPERTIES[change.old.type, name]


def _generations(assembly: Assembly) -> frozenset[Generation]:
    """Each generation of each gateway's origin secret that the assembly defines."""
    found = (
        _generation(resource, template.resources)
        for template in assembly.values()
        for resource in template.resources.values()
        if resource.type == "AWS::SecretsManager::Secret"
    )
    return frozenset(generation for generation in found if generation)


def _generation(resource: Resource | None, resources: Mapping[str, Resource]) -> Generation | None:
    """The generation that a secret holds, or that a key or its place in a plan was made from."""
    return naming.origin_generation(_secret_name(resource, resources))


def _secret_name(resource: Resource | None, resources: Mapping[str, Resource]) -> str:
    match resource:
        case Resource(type="AWS::SecretsManager::Secret"):
            return str(resource.properties.get("Name"))
        case Resource(type="AWS::ApiGateway::ApiKey"):
            reference = _DYNAMIC_REFERENCE.fullmatch(str(resource.properties.get("Value")))
            return reference[1] if reference else ""
        case Resource(type="AWS::ApiGateway::UsagePlanKey", properties={"KeyId": {"Ref": str(key)}}):
            held = resources.get(key)
            return _secret_name(held, resources) if held and held.type == "AWS::ApiGateway::ApiKey" else ""
    return ""
