"""Limits for single methods within a usage plan."""

from ml_gateway import GatewayUsagePlan, MethodLimit
from tests.constructs.multi_tenant import PLAN, ROUTES, define_api
from tests.synthesis import Json, bare_stack, only, resources, template_of


def plan_with(limits: dict[str, MethodLimit] | None) -> Json:
    """The one resource of a plan, its logical id included; `limits` by path."""
    stack = bare_stack()
    api = define_api(stack)
    routes = {route.path: route for route in ROUTES}
    found = None if limits is None else {routes[path]: limit for path, limit in limits.items()}
    GatewayUsagePlan(stack, "UsagePlan", stage=api.stage, plan=PLAN, limits=found)
    template = template_of(stack)
    (name,) = resources(template, "AWS::ApiGateway::UsagePlan")
    return {name: template["Resources"][name]}


def test_a_limited_method_has_a_throttle_of_its_own_within_the_plans() -> None:
    plan = only({"Resources": plan_with({"/score": MethodLimit(rate=0.5, burst=1)})}, "AWS::ApiGateway::UsagePlan")
    (stage,) = plan["ApiStages"]
    assert stage["Throttle"] == {"/score/POST": {"RateLimit": 0.5, "BurstLimit": 1}}
    assert plan["Throttle"] == {"RateLimit": 5, "BurstLimit": 20}


def test_each_method_is_limited_on_its_own() -> None:
    limits = {"/score": MethodLimit(rate=1, burst=2), "/health": MethodLimit(rate=3, burst=4)}
    (stage,) = only({"Resources": plan_with(limits)}, "AWS::ApiGateway::UsagePlan")["ApiStages"]
    assert stage["Throttle"] == {
        "/score/POST": {"RateLimit": 1, "BurstLimit": 2},
        "/health/GET": {"RateLimit": 3, "BurstLimit": 4},
    }


def test_without_limits_a_plan_is_what_it_was() -> None:
    assert plan_with(None) == plan_with({})
    (plan,) = plan_with(None).values()
    assert plan["Properties"]["ApiStages"][0]["Throttle"] == {}


def test_limits_move_nothing() -> None:
    assert plan_with(None).keys() == plan_with({"/score": MethodLimit(rate=1, burst=1)}).keys()
