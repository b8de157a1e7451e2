"""The usage plan of one client's own, in the template."""

from ml_gateway import ClientConfig, PlanConfig, RequestRate
from tests.synthesis import Json, gateway_config, resources, synthesize


def test_a_plan_of_a_client_holds_for_its_keys_alone_and_changes_in_place() -> None:
    """Also where the client is called as a plan is: both are defined, at logical ids of their own."""

    def api_with(rate: float) -> Json:
        own = PlanConfig(rate=RequestRate(rate), burst=7, limits={"predict": "1/s"})
        clients = {"default": ClientConfig(plan=own, keys=("a", "b")), "other": ClientConfig(plan="default")}
        return synthesize(gateway_config(clients=clients))["api"]

    before, after = api_with(5), api_with(6)
    plans = resources(before, "AWS::ApiGateway::UsagePlan")
    (own,) = [name for name, plan in plans.items() if plan["Throttle"] == {"BurstLimit": 7, "RateLimit": 5}]
    joined = [key["UsagePlanId"]["Ref"] for key in resources(before, "AWS::ApiGateway::UsagePlanKey").values()]
    (other,) = plans.keys() - {own}
    assert sorted(joined) == sorted([own, own, other])
    assert plans[own]["ApiStages"][0]["Throttle"] == {"/predict/POST": {"BurstLimit": 1, "RateLimit": 1}}
    assert resources(after, "AWS::ApiGateway::UsagePlan")[own]["Throttle"] == {"BurstLimit": 7, "RateLimit": 6}
    assert resources(after, "AWS::ApiGateway::UsagePlanKey") == resources(before, "AWS::ApiGateway::UsagePlanKey")
