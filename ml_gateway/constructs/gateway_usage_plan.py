"""The limits that a usage plan puts on the keys that belong to it."""

from collections.abc import Mapping
from typing import Final, cast

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.config import PlanConfig
from ml_gateway.design import MethodLimit
from ml_gateway.design.plans import MOST_METHOD_THROTTLES
from ml_gateway.serving import Route

_PERIODS: Final = {
    "day": apigateway.Period.DAY,
    "week": apigateway.Period.WEEK,
    "month": apigateway.Period.MONTH,
}


class GatewayUsagePlan(Construct):
    """A usage plan on one stage: its throttle and its quota hold for each key that is joined to it.

    `limits` throttle single routes, again for each key, within the throttle of the plan: at most 20 on a stage. What
    `plan.limits` says of models is not looked at: routes stand here by themselves. Errors: more than 20.

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
        limits: Mapping[Route, MethodLimit] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        if limits and len(limits) > MOST_METHOD_THROTTLES:
            raise ValueError(f"{len(limits)} routes have limits, and a plan takes {MOST_METHOD_THROTTLES}; limit fewer")
        self.usage_plan = apigateway.UsagePlan(
            self,
            "UsagePlan",
            api_stages=[apigateway.UsagePlanPerApiStage(api=stage.rest_api, stage=stage)],
            throttle=apigateway.ThrottleSettings(rate_limit=plan.rate.per_second, burst_limit=plan.burst),
            quota=self._render_quota(plan),
        )
        if limits:
            # The L2 construct throttles methods that are resources, and those of a document are none.
            resource = cast(apigateway.CfnUsagePlan, self.usage_plan.node.default_child)
            resource.add_property_override("ApiStages.0.Throttle", _render_limits(limits))

    @staticmethod
    def _render_quota(plan: PlanConfig) -> apigateway.QuotaSettings | None:
        if plan.quota is None:
            return None
        return apigateway.QuotaSettings(
            limit=plan.quota.requests, period=_PERIODS[plan.quota.period], offset=plan.offset
        )


def _render_limits(limits: Mapping[Route, MethodLimit]) -> dict[str, dict[str, float]]:
    """By path and method, as `/fraud/POST` (CloudFormation User Guide, AWS::ApiGateway::UsagePlan ApiStage)."""
    return {
        f"{route.path}/{route.http_method}": {"RateLimit": limit.rate, "BurstLimit": limit.burst}
        for route, limit in limits.items()
    }
