"""The limits that a usage plan puts on the keys that belong to it."""

from typing import Final

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.config import PlanConfig

_PERIODS: Final = {
    "day": apigateway.Period.DAY,
    "week": apigateway.Period.WEEK,
    "month": apigateway.Period.MONTH,
}


class GatewayUsagePlan(Construct):
    """A usage plan on one stage: its throttle and its quota hold for each key that is joined to it.

    API Gateway applies both on a best-effort basis: they shape traffic, they do not cap a bill.
    """

    usage_plan: apigateway.UsagePlan

    def __init__(self, scope: Construct, construct_id: str, *, stage: apigateway.Stage, plan: PlanConfig) -> None:
        super().__init__(scope, construct_id)
        self.usage_plan = apigateway.UsagePlan(
            self,
            "UsagePlan",
            api_stages=[apigateway.UsagePlanPerApiStage(api=stage.rest_api, stage=stage)],
            throttle=apigateway.ThrottleSettings(rate_limit=plan.rate.per_second, burst_limit=plan.burst),
            quota=self._render_quota(plan),
        )

    @staticmethod
    def _render_quota(plan: PlanConfig) -> apigateway.QuotaSettings | None:
        if plan.quota is None:
            return None
        return apigateway.QuotaSettings(
            limit=plan.quota.requests, period=_PERIODS[plan.quota.period], offset=plan.offset
        )
