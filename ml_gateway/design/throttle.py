"""What the stage of one API lets through to each method, of all callers together."""

import math
from collections.abc import Mapping
from typing import Final

from ml_gateway.config import PlanConfig, ThrottleConfig
from ml_gateway.design.clients import ClientDesign
from ml_gateway.design.plans import MethodLimit, in_each_region

USUAL_ACCOUNT_LIMIT: Final = MethodLimit(rate=10_000, burst=5_000)
"""What an account has in a region, for all its APIs together (API Gateway Developer Guide, Quotas); in some younger
regions a quarter of it."""


def stage_limit(
    throttle: ThrottleConfig | None,
    *,
    plans: Mapping[str, PlanConfig],
    clients: Mapping[str, ClientDesign],
    regions: int = 1,
) -> MethodLimit | None:
    """As the file says, or else what all `clients` may ask for together: each key, and all tokens of a client, have the
    rate and burst of its plan for themselves. Without clients the one plan is that of the gateway as a whole.

    None where that is beyond `USUAL_ACCOUNT_LIMIT`, which then comes first. A client's plan that is not there counts
    for nothing. A plan that is split between `regions` counts with its part.
    """
    if throttle is not None:
        return MethodLimit(rate=throttle.rate.per_second, burst=throttle.burst)
    of_clients = [
        (client.plan if isinstance(client.plan, PlanConfig) else plans.get(client.plan), client.shares)
        for client in clients.values()
    ]
    said = [plan for plan, shares in of_clients if plan for _ in range(shares)] if clients else plans.values()
    limiting = [in_each_region(plan, regions) for plan in said]
    rate = math.fsum(plan.rate.per_second for plan in limiting)
    burst = sum(plan.burst for plan in limiting)
    if not limiting or rate > USUAL_ACCOUNT_LIMIT.rate or burst > USUAL_ACCOUNT_LIMIT.burst:
        return None
    return MethodLimit(rate=rate, burst=burst)
