"""How a gateway is operated: its origin secret and its logs."""

from datetime import timedelta
from typing import Final, Literal

from pydantic import Field

from ml_gateway.config.section import FrozenModel
from ml_gateway.config.types.fields import Generation, Retention

USUAL_RETENTION: Final = timedelta(days=90)


class OriginLockConfig(FrozenModel):
    """The secret by which the API knows the distribution."""

    generation: Generation = Field(1, examples=[2])
    """Raise it by one and deploy to rotate the secret. Never lower it: that is an outage."""


class LogsConfig(FrozenModel):
    """The access logs, of the API always and of the edge when edge.access_log is true, and the logs of firewalls."""

    retention: Retention = Field(USUAL_RETENTION, examples=["30d"])
    """How long lines are kept: a number of days that CloudWatch Logs offers, such as 7d, 30d, 90d or 365d."""

    account_role: Literal["existing", "create"] = Field("existing", examples=["create"])
    """The role by which API Gateway writes logs, one for each account and region: there already, or to be created."""
