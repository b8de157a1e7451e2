"""Tokens in a template: values that CloudFormation works out, and nobody before."""

from collections.abc import Iterator
from typing import Any, TypeGuard

Json = dict[str, Any]


def is_token(value: Any) -> TypeGuard[Json]:
    """Whether the value is a function, or a reference."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (key,) = value
    return key == "Ref" or str(key).startswith("Fn::")


def reference(value: Any) -> str | None:
    """The logical id that a `Ref` or an `Fn::GetAtt` names."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    target = value.get("Ref", value.get("Fn::GetAtt"))
    if isinstance(target, list):
        target = target[0] if target else None
    return target.partition(".")[0] if isinstance(target, str) else None


def tokens_in(value: Any) -> Iterator[Json]:
    """Every token in a value, those in others too."""
    if is_token(value):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from tokens_in(one)


def named_in(value: Any) -> set[str]:
    """The logical ids that a value refers to."""
    return {name for name in map(reference, tokens_in(value)) if name is not None}
