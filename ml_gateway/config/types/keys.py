"""The types of how clients hold and send their keys."""

from typing import Annotated

from pydantic import Field, StrictStr

from ml_gateway.config.types.lists import Distinct
from ml_gateway.config.types.names import ENTRY_NAME
from ml_gateway.credentials import KeyForm

KeyNames = Annotated[tuple[Annotated[StrictStr, ENTRY_NAME], ...], Distinct()]
KeyForms = Annotated[tuple[KeyForm, ...], Field(min_length=1), Distinct()]
