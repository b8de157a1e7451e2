"""What the stage lets through to each method, read from the template."""

from typing import Any

import pytest

from ml_gateway import ClientConfig, PlanConfig, RequestRate, ThrottleConfig
from tests.synthesis import gateway_config, only, synthesize

TWO = {"mobile-app": ClientConfig(plan="default"), "partner-x": ClientConfig(plan="default", keys=("a", "b"))}


@pytest.mark.parametrize(
    ("settings", "throttle"),
    [
        ({"clients": TWO}, (6, 30)),
        ({"clients": TWO, "throttle": ThrottleConfig(rate=RequestRate(1.5), burst=3)}, (1.5, 3)),
        ({"throttle": ThrottleConfig(rate=RequestRate(20_000), burst=20_000)}, (20_000, 20_000)),
    ],
    ids=["of three keys", "of the file", "of the file, without clients"],
)
def test_the_stage_lets_through_what_all_keys_may_ask_for_or_what_the_file_says(
    settings: dict[str, Any], throttle: tuple[float, int]
) -> None:
    (method,) = only(synthesize(gateway_config(**settings))["api"], "AWS::ApiGateway::Stage")["MethodSettings"]
    assert (method["ThrottlingRateLimit"], method["ThrottlingBurstLimit"]) == throttle


def test_the_stage_has_no_throttle_where_the_plans_add_up_to_more_than_an_account_has() -> None:
    plans = {"default": PlanConfig(rate=RequestRate(4_000), burst=1)}
    assert "MethodSettings" not in only(
        synthesize(gateway_config(clients=TWO, plans=plans))["api"], "AWS::ApiGateway::Stage"
    )
