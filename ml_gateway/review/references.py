"""References between the resources of one template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_FUNCTION = re.compile(r"Ref|Fn::.+")
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


def is_intrinsic(value: object) -> bool:
    """Whether CloudFormation computes the value, so that it has no parts to compare one by one.

    `Condition` is a function among conditions alone; in a resource it is a property, of a statement of IAM for example.
    """
    return isinstance(value, dict) and len(value) == 1 and _FUNCTION.fullmatch(next(iter(value))) is not None


def referenced(value: Any) -> Iterator[str]:
    """The logical id, or the pseudo parameter, of every `Ref`, `Fn::GetAtt` and `Fn::Sub` in a value."""
    if isinstance(value, list):
        for part in value:
            yield from referenced(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _named(name, part)
            yield from referenced(part)


def _named(function: str, argument: Any) -> Iterator[str]:
    if function == "Ref":
        yield str(argument)
    elif function == "Fn::GetAtt" and argument:
        yield str(argument[0] if isinstance(argument, list) else argument).partition(".")[0]
    elif function == "Fn::Sub":
        yield from _SUBSTITUTED.findall(str(argument[0] if isinstance(argument, list) and argument else argument))


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with other logical ids in its `Ref` and `Fn::GetAtt`: old -> new."""
    match value:
        case list():
            return [renamed(part, names) for part in value]
        case {"Ref": str(logical_id)} if logical_id in names:
            return {"Ref": names[logical_id]}
        case {"Fn::GetAtt": [str(logical_id), *attribute]} if logical_id in names:
            return {"Fn::GetAtt": [names[logical_id], *attribute]}
        case dict():
            return {name: renamed(part, names) for name, part in value.items()}
    return value
