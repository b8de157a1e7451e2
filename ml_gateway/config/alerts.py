"""Who is told when a gateway does not do well."""

from typing import ClassVar

from pydantic import Field

from ml_gateway.config.section import Choice, Section
from ml_gateway.config.types.durations import Latency
from ml_gateway.config.types.rates import ErrorShare
from ml_gateway.config.types.web import Email


class AlertsConfig(Section):
    """A dashboard, and alarms that send mail. Thresholds count only when enough requests came to say anything."""

    choices: ClassVar = (
        Choice(settings=("errors", "latency_p95"), missing="write errors or latency_p95, or there is nothing to tell"),
    )

    email: Email = Field(examples=["ops@acme.com"])
    """Who gets the mails. The address has to confirm each subscription once: that of the API's alarms and, with errors,
    that of the edge's."""

    errors: ErrorShare | None = Field(default=None, examples=["1%"])
    """The share of 5xx answers, of the API and of the edge, above which to tell. Default: it is shown, not told."""

    latency_p95: Latency | None = Field(default=None, examples=["2s"])
    """What 95 of 100 answers of each model should stay below: the whole answer, or the first byte of a stream.
    Default: it is shown, not told."""
