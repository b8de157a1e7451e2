"""What all values of the file have in common."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from ml_gateway.conflicts import ConflictError, refuse


class FrozenModel(BaseModel):
    """Immutable value object that rejects unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        refuse(self._conflicts())
        return self

    def _conflicts(self) -> Iterable[ConflictError]:
        """What is wrong between settings each of which is right by itself."""
        return ()
