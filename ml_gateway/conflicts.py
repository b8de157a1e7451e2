"""Rules between settings: each setting is right by itself, but not beside another."""

from collections.abc import Iterable

from pydantic_core import InitErrorDetails, ValidationError

Place = tuple[str | int, ...]
"""Where a value stands: the keys, and the positions in lists, that lead to it."""


class ConflictError(ValueError):
    """What is wrong at the place `at`, in view of the values there and at `others`.

    Places are counted from the model that finds the conflict. Whoever already refused one of these values knows by
    them that the conflict may be gone when that value is put right.
    """

    def __init__(self, message: str, at: Place, *others: Place) -> None:
        super().__init__(message)
        self.at = at
        self.others = others


def refuse(conflicts: Iterable[ConflictError]) -> None:
    """Raise all conflicts as one ValidationError; called in a model's validator."""
    details = [
        InitErrorDetails(type="value_error", loc=conflict.at, input=None, ctx={"error": conflict})
        for conflict in conflicts
    ]
    if details:
        raise ValidationError.from_exception_data("conflicts", details)
