"""What a run costs, by list prices of us-east-1: docs/limits.md and docs/monitoring.md."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from live.plan import Brought

HOURS: Final = 2
"""That a run takes at most, if nothing fails."""
HOURS_OF_A_MONTH: Final = 730

A_MONTH: Final[Mapping[str, float]] = {
    "secret": 0.40,
    "web ACL": 5.00,
    "rule of a web ACL": 1.00,
    "metric of an alarm": 0.10,
    "dashboard": 3.00,
    "metric": 0.30,
    "health check": 0.75,
    "load balancer": 16.43,
}
"""US dollars, for one; look them up. AWS counts most of them by the hour, a load balancer at $0.0225 (Elastic Load
Balancing pricing), and what it answers is too little here to count."""

COUNTED: Final[Mapping[str, int]] = {
    "secret": 12,
    "web ACL": 2,
    "rule of a web ACL": 7,
    "metric of an alarm": 12,
    "dashboard": 1,
    "metric": 27,
}
"""How many a run makes: tests/live/test_costs.py counts them in the templates."""

IN_TWO_REGIONS: Final[Mapping[str, int]] = {
    "secret": 6,
    "web ACL": 2,
    "rule of a web ACL": 6,
    "metric of an alarm": 2,
    "metric": 2,
    "health check": 2,
}
"""And how many more for the gateway in two regions."""

IN_A_VPC: Final[Mapping[str, int]] = {"load balancer": 1}
"""And how many more in a VPC: neither that nor a VPC link costs anything by itself."""

REQUESTS: Final = 0.25
"""At most, for some ten thousand requests through CloudFront, WAF, API Gateway and Lambda, and their logs."""


def counted(brought: Brought) -> Mapping[str, int]:
    more = Counter(IN_TWO_REGIONS if brought.two_regions else {}) + Counter(IN_A_VPC if brought.vpc else {})
    return Counter(COUNTED) + more


def by_the_month(brought: Brought) -> float:
    """What it would come to if nobody took it away."""
    return sum(count * A_MONTH[part] for part, count in counted(brought).items())


def of_a_run(brought: Brought) -> float:
    return by_the_month(brought) * HOURS / HOURS_OF_A_MONTH + REQUESTS


def said(brought: Brought) -> str:
    found = counted(brought)
    parts = ", ".join(f"{count} x {part} (${A_MONTH[part]:.2f} a month)" for part, count in found.items())
    of_a_month = by_the_month(brought)
    return (
        f"It costs about ${of_a_run(brought):.2f}, by list prices: {parts}, for {HOURS} hours, "
        f"and ${REQUESTS:.2f} for what is asked; at most ${of_a_month:.2f} more where AWS counts whole months. It is "
        f"${of_a_month:.2f} a month for as long as something is left there."
    )
