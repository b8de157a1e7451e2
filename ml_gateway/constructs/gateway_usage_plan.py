"""The limits that a usage plan puts on the keys that belong to it."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.config import PlanConfig
from ml_gateway.design import MethodLimit

_PERIODS: Final = {
    "day": apigateway.Period.DAY,
    "week": apigateway.Period.WEEK,
    "month": apigateway.Period.MONTH,
}


class GatewayUsagePlan(Construct):
    """A usage plan on one stage: its throttle and its quota hold for each key that is joined to it.

    `limits` throttle single methods, again for each key, within the throttle of the plan: at most 20 on a stage. What
    `plan.limits` says of models is not looked at: methods stand here by themselves.

    API Gateway applies both on a best-effort basis: they shape traffic, they do not cap a bill.
    """

    usage_plan: apigateway.UsagePlan

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: apigateway.Stage,
        plan: PlanConfig,
        limits: Mapping[apigateway.Method, MethodLimit] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.usage_plan = apigateway.UsagePlan(
            self,
            "UsagePlan",
            api_stages=[
                apigateway.UsagePlanPerApiStage(
                    api=stage.rest_api, stage=stage, throttle=self._render_limits(limits) if limits else None
                )
            ],
            throttle=apigateway.ThrottleSettings(rate_limit=plan.rate.per_second, burst_limit=plan.burst),
            quota=self._render_quota(plan),
        )

    @staticmethod
    def _render_limits(limits: Mapping[apigateway.Method, MethodLimit]) -> list[apigateway.ThrottlingPerMethod]:
        return [
            apigateway.ThrottlingPerMethod(
                method=method,
                throttle=apigateway.ThrottleSettings(rate_limit=limit.rate, burst_limit=limit.burst),
            )
            for method, limit in limits.items()
        ]

    @staticmethod
    def _render_quota(plan: PlanConfig) -> apigateway.QuotaSettings | None:
        if plan.quota is None:
            return None
        return apigateway.QuotaSettings(
            limit=plan.quota.requests, period=_PERIODS[plan.quota.period], offset=plan.offset
        )
