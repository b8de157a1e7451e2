"""The logs of a gateway, as the file describes them."""

from datetime import timedelta
from typing import Final, Literal

from pydantic import Field

from ml_gateway.config.section import Section
from ml_gateway.config.types.durations import Retention

USUAL_RETENTION: Final = timedelta(days=90)


class LogsConfig(Section):
    """The access logs, of the API always and of the edge when edge.access_log is true, and the logs of firewalls."""

    retention: Retention = Field(default=USUAL_RETENTION, examples=["30d"])
    """How long lines are kept: a number of days that CloudWatch Logs offers, such as 7d, 30d, 90d or 365d."""

    account_role: Literal["existing", "create"] = Field(default="existing", examples=["create"])
    """The role by which API Gateway writes logs, one for each account and region: there already, or to be created."""
