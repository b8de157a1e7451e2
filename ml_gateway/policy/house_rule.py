"""What a house rule is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ml_gateway.policy.finding import Finding, UnreadableError
from ml_gateway.policy.template import Place, Template

NAMESPACE: Final = "MlGateway"

Subjects = Callable[[Template], Iterable[Place]]
Check = Callable[[Place], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseRule:
    """What must hold in every template, and what it is read from.

    `subjects` are what the rule is about: where a template has none it is silent. `check` says what is wrong with one
    of them. What either cannot read is wrong.
    """

    id: str
    """Never changes: acknowledgments name it."""

    sentence: str
    source: str
    """Where it is said why: a page of AWS, an issue, a page of this repository."""

    subjects: Subjects
    check: Check

    def findings(self, template: Template) -> list[Finding]:
        """What breaks the rule in a template. It raises nothing, whatever the template holds."""
        found: list[Finding] = []
        try:
            for subject in self.subjects(template):
                found += self._about(subject)
        except UnreadableError as error:
            found.append(error.finding)
        return found

    def _about(self, subject: Place) -> Iterator[Finding]:
        try:
            yield from self.check(subject)
        except UnreadableError as error:
            yield error.finding


def house_rule(name: str, sentence: str, *, subjects: Subjects, source: str) -> Callable[[Check], HouseRule]:
    """Make a rule of the function that checks one of its subjects."""

    def define(check: Check) -> HouseRule:
        return HouseRule(id=f"{NAMESPACE}::{name}", sentence=sentence, source=source, subjects=subjects, check=check)

    return define


def all_of(resource_type: str) -> Subjects:
    """The properties of every resource of that type."""
    return lambda template: template.all_of(resource_type)
