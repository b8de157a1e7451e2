"""What a policy is meant to allow, and what is asked because of it: that, and what is like it and is not meant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tests.iam.concrete import ACCOUNT
from tests.iam.policies import Policies
from tests.iam.simulator import ANONYMOUS, Case
from tests.synthesis import Json

OTHER_ACCOUNT: Final = "999999999999"
OTHER_REGION: Final = "eu-west-3"
NOTHING: Final = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
EVERYTHING: Final[Json] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUSTED: Final = {
    "Effect": "Allow",
    "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in (ACCOUNT, OTHER_ACCOUNT)]},
    "Action": "kms:*",
    "Resource": "*",
}
"""What a key's own policy has to say before IAM decides who uses it."""

ANYBODY: Final = f"arn:aws:iam::{ACCOUNT}:role/anybody"
"""Who asks through a VPC endpoint, whose policy alone holds him back."""

ALWAYS_KNOWN: Final = {"aws:SecureTransport": "false"}
"""Condition keys that no request is without, and the other value that they have."""

WORDS: Final = {
    "endpoint", "event-bus", "foundation-model", "function", "key", "key-value-store", "log-group", "log-stream",
    "repository", "role", "secret", "security-group", "stack",
}  # fmt: skip
"""Parts of the ARNs of resources that are no names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """What is meant to be allowed. In `resource` and the values of `context`, `*` stands for whatever is there.

    `who`: a service or an ARN; None is the role itself, by its own policy. `named`: the policy names the resource; else
    it is about what it is attached to. `more`: other actions of the service are, too.
    """

    actions: Sequence[str]
    resource: str
    who: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    named: bool = True
    more: bool = False


Meant = Sequence[Allowed | str]
"""All that the policies about one thing are meant to allow. A text is a policy of AWS that a role has."""


def may(actions: str, resource: str, **context: str) -> Allowed:
    """A role may do that. `context`: the condition key of the one service that has it, after its prefix."""
    service = actions.partition(":")[0]
    return Allowed(
        actions=actions.split(), resource=resource, context={f"{service}:{key}": its for key, its in context.items()}
    )


def trusts(who: str, action: str = "sts:AssumeRole", context: Mapping[str, str] | None = None) -> Allowed:
    """That service, or who comes from that provider of identities, may take the role on."""
    role = f"arn:aws:iam::{ACCOUNT}:role/its"
    return Allowed(who=who, actions=[action], resource=role, context=context or {}, named=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """`expected`: the actions that are to be allowed."""

    name: str
    case: Case
    expected: frozenset[str]


def questions_of(meant: Meant, policies: Policies) -> Iterator[Question]:
    """What is asked of the policies about one thing, as they are meant."""
    rows = [row for row in meant if isinstance(row, Allowed)]
    for row in rows:
        for action in row.actions:
            asked = _case(row, action, policies)
            yield Question(name=f"{action} is allowed", case=asked, expected=frozenset([action]))
            yield from (Question(name=name, case=case, expected=frozenset()) for name, case in _like(row, asked))
        if not row.more:
            service = row.actions[0].partition(":")[0]
            known = frozenset(action for its in rows if _holds_for(its, row) for action in its.actions)
            yield Question(
                name=f"no action but {', '.join(sorted(known))}",
                case=_case(row, f"{service}:*", policies),
                expected=known,
            )


def _holds_for(one: Allowed, other: Allowed) -> bool:
    """Whether what is meant of one is allowed as well where the other is asked about. Everything has each resource."""
    who = one.who == other.who and other.resource in (one.resource, "*")
    service = one.actions[0].partition(":")[0] == other.actions[0].partition(":")[0]
    return who and service and one.context.items() <= other.context.items()


def _case(row: Allowed, action: str, policies: Policies) -> Case:
    context = {key: _some(value) for key, value in row.context.items()}
    case = Case(principal=row.who, action=action, resource=_some(row.resource), context=context)
    if row.who is None:
        key = _document([TRUSTED]) if action.startswith("kms:") else None
        return replace(case, policy=_document(policies.identity), resource_policy=key)
    if row.who == ANYBODY:
        # An endpoint that has no policy would let everything through.
        return replace(case, policy=EVERYTHING, endpoint_policy=_document(policies.endpoint or [NOTHING]))
    policy = EVERYTHING if ":role/" in row.who else None
    return replace(case, policy=policy, resource_policy=_document(policies.attached))


def _document(statements: Sequence[Json]) -> Json | None:
    return {"Version": "2012-10-17", "Statement": list(statements)} if statements else None


def _some(pattern: str) -> str:
    return pattern if pattern == "*" else pattern.replace("*", "x1")


def _like(row: Allowed, asked: Case) -> Iterator[tuple[str, Case]]:
    """Requests like that one, which are not meant."""
    if row.named:
        for resource in neighbours(row.resource):
            yield f"{asked.action} on {resource}", replace(asked, resource=resource)
    for key, value in row.context.items():
        rest = {its: known for its, known in asked.context.items() if its != key}
        if key not in ALWAYS_KNOWN:
            yield f"{asked.action} without {key}", replace(asked, context=rest)
        for other in _other_values(key, value):
            yield f"{asked.action} with {key} {other}", replace(asked, context={**rest, key: other})
    if row.who not in (None, ANYBODY):
        for who, policy in _strangers(row):
            yield f"{asked.action} by {who}", replace(asked, principal=who, policy=policy)


def _other_values(key: str, value: str) -> list[str]:
    """Of an ARN also that of another service."""
    if key in ALWAYS_KNOWN:
        return [ALWAYS_KNOWN[key]]
    of_others = [re.sub("^arn:aws:[^:]+", "arn:aws:other", _some(value))] if value.startswith("arn:") else []
    return [*neighbours(value), *of_others]


def _strangers(row: Allowed) -> Iterator[tuple[str, Json | None]]:
    """Who else could ask, with what he may do by his own policy."""
    yield "s3.amazonaws.com", None
    yield f"arn:aws:iam::{OTHER_ACCOUNT}:role/stranger", EVERYTHING
    yield f"arn:aws:iam::{ACCOUNT}:role/nobody", None
    yield ANONYMOUS, None
    if not row.named and not row.more:
        yield f"arn:aws:iam::{ACCOUNT}:role/administrator", EVERYTHING


def neighbours(pattern: str) -> list[str]:
    """What is like that and does not fit it: in another region or account, or with one letter more in a name."""
    if pattern == "*":
        return []
    head, rest = [], pattern
    if pattern.startswith("arn:"):
        *head, rest = pattern.split(":", 5)
    found = [":".join([*head, changed]) for changed in _with_a_letter_more(rest)]
    for place, other in ((3, OTHER_REGION), (4, OTHER_ACCOUNT)):
        if head and head[place] not in ("", "*"):
            found.append(":".join([*head[:place], other, *head[place + 1 :], rest]))
    return [_some(each) for each in found]


def _with_a_letter_more(text: str) -> Iterator[str]:
    """Not beside `*`, which stands for such a letter, too."""
    for part in re.finditer(r"[^:/]+", text):
        if part[0] not in WORDS:
            for at in range(part.start(), part.end() + 1):
                if "*" not in text[max(at - 1, part.start()) : at + 1]:
                    yield f"{text[:at]}b{text[at:]}"
