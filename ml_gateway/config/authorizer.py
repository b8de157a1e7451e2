"""The function that tells who calls, as the file describes it."""

from typing import Annotated

from pydantic import Field, StrictInt

from ml_gateway.config.section import Section

ReservedConcurrency = Annotated[StrictInt, Field(ge=1, le=100_000)]


class AuthorizerConfig(Section):
    """The Lambda function that tells who calls, where clients have `jwt` or `models`. What it says holds for 5 minutes,
    for each key or token."""

    reserved_concurrency: ReservedConcurrency | None = Field(default=None, examples=[50])
    """How many may run at once, kept for it out of the account's concurrency: of that 100 have to stay unreserved.
    Default: what the account has left."""
