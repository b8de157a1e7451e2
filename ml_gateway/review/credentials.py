"""The credentials of a gateway in an assembly: generations of origin secrets, and clients' keys."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway import naming
from ml_gateway.credentials import ACCEPTED_GENERATIONS, KEPT_GENERATIONS
from ml_gateway.review.assembly import Assembly, Resource
from ml_gateway.review.wording import Quoted, Words

SECRET: Final = "AWS::SecretsManager::Secret"  # noqa: S105 (a type)

REMOVED_KEY: Final = (
    "refused once the API is deployed. Finish a deploy that fails before that, do not revert it: the secret is gone by "
    "then, and a client that came back would get another one, which its API key does not have. Who has to come back "
    "at once gets a key of another name, such as `keys: [b]`"
)
"""What the removal of a client's key means, and what not to do half way."""

_DYNAMIC_REFERENCE: Final = re.compile(r"\{\{resolve:secretsmanager:([^:]+):.*\}\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """The newest generation of a gateway's origin secret, before and after."""

    gateway: str
    before: int
    after: int

    def is_over(self, resource: Resource, generation: int) -> bool:
        """Whether nothing needs the generation any more that a secret or a key is of: its turn has come to go."""
        kept = KEPT_GENERATIONS if resource.type == SECRET else ACCEPTED_GENERATIONS
        return self.after == self.before + 1 and generation <= self.after - kept

    def refusal(self) -> Words | None:
        """Why it is none that can be deployed, if so."""
        said: Words = ("the origin secret of ", Quoted(self.gateway), f", generation {self.before} → {self.after}: ")
        if self.after < self.before:
            return (*said, "never lower it. What is deployed refers to the newer one, which this takes away")
        if self.after > self.before + 1:
            return (*said, "raise it by one, and again once that is deployed in all stacks: the edge sends the old "
                           "one until its own deploy, and the API would no longer accept it")  # fmt: skip
        return None


def rotations(old: Assembly, new: Assembly) -> Mapping[str, Rotation]:
    """By gateway, of those that have an origin secret before and after."""
    before, after = _newest(old), _newest(new)
    return {
        gateway: Rotation(gateway=gateway, before=before[gateway], after=after[gateway])
        for gateway in sorted(before.keys() & after.keys())
    }


def secret_of(resource: Resource | None, resources: Mapping[str, Resource]) -> str:
    """The name of the secret that a resource is, or that a key or its place in a plan was made from; else nothing."""
    match resource:
        case Resource(type="AWS::SecretsManager::Secret"):
            return str(resource.properties.get("Name"))
        case Resource(type="AWS::ApiGateway::ApiKey"):
            reference = _DYNAMIC_REFERENCE.fullmatch(str(resource.properties.get("Value")))
            return reference[1] if reference else ""
        case Resource(type="AWS::ApiGateway::UsagePlanKey", properties={"KeyId": {"Ref": str(key)}}):
            held = resources.get(key)
            return secret_of(held, resources) if held and held.type == "AWS::ApiGateway::ApiKey" else ""
    return ""


def removed_client_keys(old: Assembly, new: Assembly) -> frozenset[str]:
    """The names of the secrets of clients' keys that a deploy takes away."""
    gone = set(secret_names(old)) - set(secret_names(new))
    return frozenset(name for name in gone if naming.client_key(name))


def removed_key(secret: str, new: Assembly) -> Words:
    """The line about it, in the words of the file; of a client that goes on with other keys also how to change over."""
    gateway, client, key = naming.client_key(secret) or ("", "", "")
    if key == naming.TOKENS:
        return ("client ", Quoted(client), ", all its tokens: refused once the API is deployed")
    line: Words = ("client ", Quoted(client), ", key ", Quoted(key), f": {REMOVED_KEY}")
    keys = [
        found[2]
        for found in map(naming.client_key, sorted(secret_names(new)))
        if found and found[:2] == (gateway, client) and found[2] != naming.TOKENS
    ]
    if not keys:
        return line
    return (
        *line,
        ". To change over keep ",
        Quoted(key),
        " until nobody sends it: ",
        Quoted(f"keys: [{', '.join([key, *keys])}]"),
    )


def _newest(assembly: Assembly) -> dict[str, int]:
    newest: dict[str, int] = {}
    for name in secret_names(assembly):
        if found := naming.origin_generation(name):
            gateway, number = found
            newest[gateway] = max(number, newest.get(gateway, number))
    return newest


def secret_names(assembly: Assembly) -> Iterator[str]:
    """The name of each secret that the assembly defines."""
    for template in assembly.values():
        for resource in template.resources.values():
            if resource.type == SECRET:
                yield secret_of(resource, {})
