"""The secret by which the API knows the distribution, as the file describes it."""

from pydantic import Field

from ml_gateway.config.section import Section
from ml_gateway.config.types.names import Generation


class OriginLockConfig(Section):
    """The secret by which the API knows the distribution."""

    generation: Generation = Field(default=1, examples=[2])
    """Raise it by one and deploy to rotate the secret. Never lower it: that is an outage."""
