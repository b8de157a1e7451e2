"""The types of how clients hold and send their keys."""

from typing import Annotated, Literal

from pydantic import Field, StrictStr

from ml_gateway.config.types.lists import Distinct
from ml_gateway.config.types.names import ENTRY_NAME

KeyForm = Literal["x-api-key", "bearer", "api-key", "x-goog-api-key"]
"""How a client sends its key: in the header of that name, or as Authorization: Bearer."""

KeyNames = Annotated[tuple[Annotated[StrictStr, ENTRY_NAME], ...], Field(min_length=1), Distinct()]
KeyForms = Annotated[tuple[KeyForm, ...], Field(min_length=1), Distinct()]
