"""How much a gateway as a whole lets through, whoever asks."""

from pydantic import Field

from ml_gateway.config.section import Section
from ml_gateway.config.types.rates import Burst, Rate


class ThrottleConfig(Section):
    """What the API's stage lets through to each of its methods, of all callers together, beside what plans limit.
    Default: what all keys together may ask for by their plans, as long as that is no more than an account has."""

    rate: Rate
    """Requests per second to one method that pass in the long run."""

    burst: Burst = Field(examples=[1000])
    """Requests to one method that may arrive at once."""
