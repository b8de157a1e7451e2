"""What all sections of the file have in common."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import InitErrorDetails, ValidationError

from ml_gateway.conflicts import Conflict, Place, places_read
from ml_gateway.wording import shown

_RULE: Final = "__reads__"

Rule = TypeVar("Rule", bound=Callable[[Any], Iterable[Conflict]])


def between(*settings: str) -> Callable[[Rule], Rule]:
    """Make a method a rule of its section: it yields what is wrong between these settings.

    It is asked once each setting of the section is right by itself.
    """

    def mark(method: Rule) -> Rule:
        setattr(method, _RULE, settings)
        return method

    return mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Settings of a section of which one has to be there; the schema of the section says so, too.

    `missing`: the way out where none is. `both`: what is wrong where the second one stands beside the first, with
    `{value}` for its value; None where they may stand together. `instead`: a setting beside which none has to be
    there; what may stand beside that is for a rule to say.
    """

    settings: tuple[str, str]
    missing: str
    both: str | None = None
    instead: str | None = None

    def conflicts(self, section: BaseModel) -> Iterator[Conflict]:
        first, second = self.settings
        given = [setting for setting in self.settings if getattr(section, setting) not in (None, ())]
        if not given and not (self.instead and getattr(section, self.instead)):
            yield Conflict(f"missing; {self.missing}", (first,))
        elif self.both is not None and len(given) > 1:
            yield Conflict(self.both.format(value=shown(getattr(section, second))), (second,))

    @property
    def schema(self) -> dict[str, Any]:
        named = (*self.settings, *([self.instead] if self.instead else []))
        required = [{"required": [setting]} for setting in named]
        return {"anyOf" if self.both is None else "oneOf": required}


class ConflictError(ValueError):
    """A conflict in a section, and where what its rule reads stands in that section."""

    def __init__(self, conflict: Conflict, read: Iterable[Place]) -> None:
        super().__init__(conflict.message)
        self.at = conflict.at
        self.read = tuple(read)


def refuse(conflicts: Iterable[ConflictError]) -> None:
    """Raise all conflicts as one ValidationError; called in a validator."""
    details = [
        InitErrorDetails(type="value_error", loc=conflict.at, input=None, ctx={"error": conflict})
        for conflict in conflicts
    ]
    if details:
        raise ValidationError.from_exception_data("conflicts", details)


def _describe_choices(schema: dict[str, Any], section: type[Any]) -> None:
    if section.choices:
        schema["allOf"] = [choice.schema for choice in section.choices]


class Section(BaseModel):
    """A map of the file: an immutable value object that rejects unknown keys, and settings that do not fit together."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        json_schema_extra=_describe_choices,
    )

    choices: ClassVar[tuple[Choice, ...]] = ()

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        refuse(self._conflicts())
        return self

    def _conflicts(self) -> Iterator[ConflictError]:
        for choice in self.choices:
            read = [(setting,) for setting in (*choice.settings, *filter(None, [choice.instead]))]
            yield from (ConflictError(conflict, read) for conflict in choice.conflicts(self))
        for name, reads in _rules_of(type(self)):
            for conflict in getattr(self, name)():
                yield ConflictError(conflict, places_read(reads, conflict, self._names))

    def _names(self, section: str) -> Iterable[str]:
        names: Iterable[str] = getattr(self, section)
        return names


@cache
def _rules_of(section: type[Section]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rules that the section declares, after those of the sections it derives from, and what each one reads."""
    return tuple(
        (name, getattr(member, _RULE))
        for declaring in reversed(section.__mro__)
        for name, member in vars(declaring).items()
        if hasattr(member, _RULE)
    )
