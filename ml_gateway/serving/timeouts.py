"""How long each hop waits for the next one at most."""

from datetime import timedelta
from typing import Final

from ml_gateway.wording import format_duration

SHORTEST_TIMEOUT: Final = timedelta(milliseconds=50)
"""API Gateway's integration timeout, at least."""

LONGEST_BUFFERED: Final = timedelta(seconds=29)
"""API Gateway's default quota "Maximum integration timeout", for a buffered answer of a regional API (developer guide,
Quotas for configuring and running a REST API); more takes a raised quota of the account."""

LONGEST_STREAM: Final = timedelta(minutes=15)
"""API Gateway's integration timeout for an answer that streams."""

LONGEST_EDGE_TIMEOUT: Final = timedelta(seconds=120)
"""CloudFront's default quota "Response timeout per origin" (developer guide, Quotas): for the first byte, and for each
gap between packets; more takes a raised quota of the account."""

USUAL_EDGE_TIMEOUT: Final = timedelta(seconds=30)
"""CloudFront's own default, and one second more than the usual integration timeout: the API's own 504 in JSON arrives
before the edge gives up."""

LONGEST_OF_SAGEMAKER: Final = timedelta(seconds=60)
"""SageMaker runtime API reference, InvokeEndpoint: a container has to answer within it. No quota raises it."""


def check_timeout(timeout: timedelta) -> timedelta:
    """The same, if it is a timeout of an integration; how long a buffered answer may take is up to the account."""
    if not SHORTEST_TIMEOUT <= timeout <= LONGEST_STREAM or timeout % timedelta(milliseconds=1):
        raise ValueError(
            f"{format_duration(timeout)} is not a timeout of API Gateway; write whole milliseconds from "
            f"{format_duration(SHORTEST_TIMEOUT)} to {format_duration(LONGEST_STREAM)}"
        )
    return timeout
