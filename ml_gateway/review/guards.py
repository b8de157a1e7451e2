"""What no change may replace or remove unless somebody says that it is meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.naming import origin_generation, origin_secrets
from ml_gateway.review.assembly import Assembly, Resource, StackId
from ml_gateway.review.changes import ResourceChange, StackChange
from ml_gateway.review.clients import changed_callers
from ml_gateway.review.countries import refused_countries
from ml_gateway.review.credentials import SECRET, removed_client_keys, removed_key, rotations, secret_of
from ml_gateway.review.differences import Kind
from ml_gateway.review.documents import REST_API
from ml_gateway.review.edge import lost_at_the_edge, lost_names
from ml_gateway.review.interruptions import changed_locks, changed_stage
from ml_gateway.review.losses import address, losses
from ml_gateway.review.plans import moved_key, removed_plan
from ml_gateway.review.regions import arrives, is_drained, removed_stack, unanswered
from ml_gateway.review.rollouts import shares_of
from ml_gateway.review.room import passed_quotas
from ml_gateway.review.wording import Words

LABEL: Final = "replacement-ok"

GUARDED: Final[Mapping[str, str]] = {
    "AWS::ApiGateway::ApiKey": "its key is refused from then on; a new key of the same value is refused as a duplicate",
    "AWS::ApiGateway::BasePathMapping": "nothing answers at the name that the distribution asks",
    "AWS::ApiGateway::DomainName": "nothing answers at the name that the distribution asks",
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

LEFT_A_KEY: Final = "lines from before stay under the key that it leaves: keep that one until they have expired"
"""What a log group's old key is still needed for."""

_LOST: Final = frozenset({Kind.REMOVED, Kind.MOVED, Kind.REPLACED, Kind.MAYBE_REPLACED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something guarded that would be lost, and why that matters."""

    stack: StackId
    what: Words


def findings(changes: list[StackChange], *, old: Assembly, new: Assembly) -> list[Finding]:
    """Everything guarded that `changes` would replace or remove, and all that callers of an API would lose."""
    found: list[Finding] = []
    for change in changes:
        if change.new is None:
            found.append(Finding(stack=change.stack, what=removed_stack(change.stack, old, new)))
        elif change.old is None:
            found += [Finding(stack=change.stack, what=what) for what in arrives(change, old)]
        else:
            found += [
                Finding(stack=change.stack, what=what)
                for what in (
                    *_of_credentials(change, old, new),
                    *_of_resources(change, old, new),
                    *unanswered(change, old, new),
                    *lost_at_the_edge(change),
                    *lost_names(change),
                    *refused_countries(change),
                    *passed_quotas(change),
                )
            ]
    return found


def _of_credentials(change: StackChange, old: Assembly, new: Assembly) -> Iterator[Words]:
    """What a stack that defines secrets would lose of them, in words of the file."""
    defined = {secret_of(each.old or each.new, {}) for each in change.resources if _is_secret(each)}
    for rotation in rotations(old, new).values():
        refusal = rotation.refusal()
        if refusal and any(name.startswith(origin_secrets(rotation.gateway)) for name in defined):
            yield refusal
    yield from changed_locks(defined, old, new)
    yield from (removed_key(secret, new) for secret in sorted(defined & removed_client_keys(old, new)))


def _of_resources(change: StackChange, old: Assembly, new: Assembly) -> Iterator[Words]:
    before, now = address(old, change.stack), address(new, change.stack)
    excused = _excused(change, old, new)
    for resource in change.resources:
        said = changed_stage(resource, change) or _of_plans(resource, change)
        if said is not None:
            yield from (said,) if said else ()
        elif resource.logical_id not in excused:
            yield from ((*resource.name, f", {resource.kind}: {reason}") for reason in _reasons(resource))
        if resource.old and resource.new and resource.old.type == resource.new.type == REST_API:
            yield from changed_callers(resource.old, resource.new)
        if resource.api:
            yield from losses(resource.api, before=before, now=now, shares=shares_of(old, change.stack))


def _of_plans(resource: ResourceChange, change: StackChange) -> Words | None:
    """What there is to say in words of the file of a plan that goes, or of a key that changes plans."""
    resources = change.old.resources if change.old else {}
    moved = moved_key(resource, secret_of(resource.old, resources))
    return removed_plan(resource) if moved is None else moved


def _excused(change: StackChange, old: Assembly, new: Assembly) -> frozenset[str]:
    """The logical ids of what is removed rightly: its generation is over, its client's own line says so, or its region
    is drained."""
    resources = change.old.resources if change.old else {}
    known, lost = rotations(old, new), removed_client_keys(old, new)

    def is_right(resource: Resource) -> bool:
        secret = secret_of(resource, resources)
        gateway, number = origin_generation(secret) or ("", 0)
        is_over = gateway in known and known[gateway].is_over(resource, number)
        return secret in lost or is_over or is_drained(resource, old, new)

    removed = (each for each in change.resources if each.kind is Kind.REMOVED and each.old)
    return frozenset(each.logical_id for each in removed if each.old and is_right(each.old))


def _is_secret(change: ResourceChange) -> bool:
    resource = change.old or change.new
    return resource is not None and resource.type == SECRET


def _reasons(change: ResourceChange) -> Iterator[str]:
    if change.old is None:
        return
    if change.kind in _LOST and change.old.type in GUARDED:
        yield GUARDED[change.old.type]
    elif change.kind is Kind.CHANGED:
        for name in {difference.path.partition(".")[0] for difference in change.differences}:
            if (change.old.type, name) in GUARDED_PROPERTIES:
                yield GUARDED_PROPERTIES[change.old.type, name]
            if (change.old.type, name) == ("AWS::Logs::LogGroup", "KmsKeyId") and name in change.old.properties:
                yield LEFT_A_KEY
