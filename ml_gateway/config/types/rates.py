"""The types of rates, quotas and shares of requests."""

from typing import Annotated, Final

from pydantic import Field, StrictInt

from ml_gateway.config.types.annotated import Quantity
from ml_gateway.config.types.quantities import (
    MOST_REQUESTS,
    PERCENTAGE_PATTERN,
    QUOTA_PATTERN,
    RATE_PATTERN,
    WINDOW_PATTERN,
    Percentage,
    RequestQuota,
    RequestRate,
    RequestWindow,
)

RATE: Final = Quantity(RequestRate, RequestRate.parse, str, RATE_PATTERN, "2/s")
Rate = Annotated[RequestRate, RATE]
Burst = Annotated[StrictInt, Field(ge=1, le=MOST_REQUESTS)]
Quota = Annotated[RequestQuota, Quantity(RequestQuota, RequestQuota.parse, str, QUOTA_PATTERN, "1000/month")]
Offset = Annotated[StrictInt, Field(ge=0)]
FirewallRate = Annotated[RequestWindow, Quantity(RequestWindow, RequestWindow.parse, str, WINDOW_PATTERN, "2000/5m")]
ErrorShare = Annotated[Percentage, Quantity(Percentage, Percentage.parse, str, PERCENTAGE_PATTERN, "1%")]
