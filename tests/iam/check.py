"""Whether policies do what is meant, all of it and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.iam.policies import Policies
from tests.iam.questions import Meant, questions_of
from tests.iam.simulator import actions_allowed
from tests.synthesis import Json

Place = tuple[str, str]
"""A stack, and the name of what has policies in it."""


def differences(found: Mapping[Place, Policies], meant: Mapping[Place, Meant]) -> list[tuple[Place, str]]:
    """What is allowed and not meant, or meant and not allowed; and of what nothing is known."""
    assert found
    wrong = [(place, "nothing is meant here, or nothing is here") for place in sorted(found.keys() ^ meant.keys())]
    places = [place for place in found if place in meant]
    for place in places:
        managed = [each for each in meant[place] if isinstance(each, str)]
        if managed != found[place].managed:
            wrong.append((place, f"has of AWS's policies {found[place].managed}"))
    asked = [(place, each) for place in places for each in questions_of(meant[place], found[place])]
    answers = actions_allowed([question.case for _, question in asked])
    for (place, question), its in zip(asked, answers, strict=True):
        if its != question.expected:
            wrong.append((place, f"not so: {question.name}; allowed are {sorted(its)}"))
    return wrong


def superfluous(found: Mapping[Place, Policies], meant: Mapping[Place, Meant]) -> list[tuple[Place, str]]:
    """The parts of policies without which all that is meant would be as it is: nobody expects them."""
    parts = []
    asked = []
    for place, its in found.items():
        for part, effect, rest in _without_each_part(its):
            questions = [each for each in questions_of(meant[place], rest) if not each.case.action.endswith(":*")]
            parts.append((place, part))
            # What allows is needed by what is allowed, what denies by what is not.
            asked.append([each for each in questions if bool(each.expected) is (effect == "Allow")])
    answers = iter(actions_allowed([each.case for questions in asked for each in questions]))
    changes = [[next(answers) != each.expected for each in questions] for questions in asked]
    return [part for part, changed in zip(parts, changes, strict=True) if not any(changed)]


def _without_each_part(policies: Policies) -> Iterator[tuple[str, str, Policies]]:
    """Each part by what it is, with its effect, and the policies without it."""
    for kind in ("attached", "identity", "endpoint"):
        statements = getattr(policies, kind)
        for at, statement in enumerate(statements):
            for part, less in _less(statement):
                changed: dict[str, Any] = {kind: [*statements[:at], *less, *statements[at + 1 :]]}
                yield f"{part} of {kind} {at + 1}", statement["Effect"], replace(policies, **changed)


def _less(statement: Json) -> Iterator[tuple[str, list[Json]]]:
    """No statement; and it without each of the values of which it has several."""
    yield "all", []
    for path in _lists(statement, ()):
        for value in _at(statement, path):
            yield str(value), [_without(statement, path, value)]


def _lists(value: object, path: Sequence[str]) -> Iterator[tuple[str, ...]]:
    match value:
        case dict():
            for key, each in value.items():
                yield from _lists(each, (*path, key))
        case [_, _, *_]:
            yield tuple(path)


def _at(value: Any, path: Sequence[str]) -> Any:
    return _at(value[path[0]], path[1:]) if path else value


def _without(value: Any, path: Sequence[str], taken: object) -> Any:
    if not path:
        return [each for each in value if each != taken]
    return {**value, path[0]: _without(value[path[0]], path[1:], taken)}
