"""What a house rule is: what it looks at in a template, and what has to hold of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway.policy.template import Json, Subjects

_UNREADABLE: Final = (KeyError, TypeError, AttributeError, IndexError, ValueError, StopIteration)
"""What looking at a template raises where a property is missing, or is a token instead of a value."""

THE_TEMPLATE: Final = "the template"
"""Stands for what breaks a rule that cannot even find what it looks at."""


@dataclass(frozen=True, slots=True)
class HouseRule:
    """What has to hold of every template.

    `over` finds what the rule looks at, by name; `holds` gets the name, what is found under it, and the template. Both
    are pure. A rule is silent where there is nothing of its kind, and broken where what it reads is missing or is not
    a literal value. `source`: who says so. A `fatal` rule is CloudFormation's own: nobody can acknowledge it.
    """

    id: str
    sentence: str
    source: str
    over: Callable[[Json], Subjects]
    holds: Callable[[str, Any, Json], bool]
    fatal: bool = False

    def __call__(self, template: Json) -> list[str]:
        """The names of what breaks the rule."""
        try:
            subjects = self.over(template)
        except _UNREADABLE:
            return [THE_TEMPLATE]
        return [name for name, subject in subjects.items() if not self._holds(name, subject, template)]

    def _holds(self, name: str, subject: Any, template: Json) -> bool:
        try:
            return self.holds(name, subject, template)
        except _UNREADABLE:
            return False


def house_rule(
    over: Callable[[Json], Subjects], *, source: str, fatal: bool = False
) -> Callable[[Callable[[str, Any, Json], bool]], HouseRule]:
    """Make a predicate a rule. Its name in capitals is the rule's id, the start of its docstring the sentence."""

    def make(holds: Callable[[str, Any, Json], bool]) -> HouseRule:
        words = "".join(word.capitalize() for word in holds.__name__.split("_"))
        sentence = str(holds.__doc__).split("\n\n", maxsplit=1)[0]
        return HouseRule(words, " ".join(sentence.split()), source, over, holds, fatal)

    return make
