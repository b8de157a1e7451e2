"""Who is told when a gateway does not do well."""

from collections.abc import Iterator

from pydantic import ConfigDict, Field

from ml_gateway.config.section import FrozenModel
from ml_gateway.config.types.edge_fields import Email, ErrorShare, Latency
from ml_gateway.conflicts import ConflictError


class AlertsConfig(FrozenModel):
    """A dashboard, and alarms that send mail. Thresholds count only when enough requests came to say anything."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [{"anyOf": [{"required": ["errors"]}, {"required": ["latency_p95"]}]}]}
    )

    email: Email = Field(examples=["ops@acme.com"])
    """Who gets the mails. The address has to confirm each subscription once: that of the API's alarms and, with errors,
    that of the edge's."""

    errors: ErrorShare | None = Field(None, examples=["1%"])
    """The share of 5xx answers, of the API and of the edge, above which to tell. Default: it is shown, not told."""

    latency_p95: Latency | None = Field(None, examples=["2s"])
    """What 95 of 100 answers of each model should stay below: the whole answer, or the first byte of a stream.
    Default: it is shown, not told."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.errors is None and self.latency_p95 is None:
            yield ConflictError(
                "missing; write errors or latency_p95, or there is nothing to tell", ("errors",), ("latency_p95",)
            )
