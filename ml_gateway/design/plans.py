"""The usage plans, with the limit of each method that has one of its own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.config import LimitConfig, PlanConfig, RequestQuota, RequestRate
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.config.types.quantities import MOST_REQUESTS
from ml_gateway.design.models import ModelDesign
from ml_gateway.serving import Route

MOST_METHOD_THROTTLES: Final = 20
"""API Gateway's quota of method throttles for each stage in a usage plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodLimit:
    """The throttle of a single method: requests a second, and how many may arrive at once."""

    rate: float
    burst: int

    def __post_init__(self) -> None:
        refuse_as_in_the_file(LimitConfig, {"rate": RequestRate(self.rate), "burst": self.burst}, of="MethodLimit")

    @classmethod
    def of(cls, limit: LimitConfig) -> "MethodLimit":
        """The burst is that of one second, and at least 1, unless the file says it."""
        burst = limit.burst or min(math.ceil(limit.rate.per_second), MOST_REQUESTS)
        return cls(rate=limit.rate.per_second, burst=burst)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDesign:
    """A usage plan as one region has it, and the throttles of single routes within it."""

    plan: PlanConfig
    limits: Mapping[Route, MethodLimit]

    @classmethod
    def of(cls, plan: PlanConfig, models: Mapping[str, ModelDesign], *, regions: int = 1) -> "PlanDesign":
        """Each route of a model that the plan limits has that limit for itself, and so has each of its versions. A name
        of no model limits nothing."""
        here = in_each_region(plan, regions)
        limits = {
            route: MethodLimit.of(limit)
            for model, limit in here.limits.items()
            if model in models
            for route in models[model].limited_routes
        }
        return cls(plan=here, limits=limits)


def in_each_region(plan: PlanConfig, regions: int) -> PlanConfig:
    """What one of the `regions` lets through: of a plan that is split its part, rounded down, and at least 1."""
    if plan.across_regions != "split":
        return plan

    def limit_of(limit: LimitConfig) -> LimitConfig:
        burst = max(1, MethodLimit.of(limit).burst // regions)
        return limit.model_copy(update={"rate": RequestRate(limit.rate.per_second / regions), "burst": burst})

    quota = plan.quota and RequestQuota(max(1, plan.quota.requests // regions), plan.quota.period)
    return plan.model_copy(
        update={
            "rate": RequestRate(plan.rate.per_second / regions),
            "burst": max(1, plan.burst // regions),
            "quota": quota,
            "limits": {model: limit_of(limit) for model, limit in plan.limits.items()},
        }
    )
