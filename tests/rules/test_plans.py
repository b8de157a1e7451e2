"""Limits of plans: how high, and on how many methods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import GatewayConfig, PlanConfig, RequestRate
from ml_gateway.conflicts import ConfigError
from ml_gateway.rules import checked
from tests.files import SMALL, changed, report_on_data

URL = "https://model.example.com/invocations"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@given(st.floats(0.001, 10_000), st.floats(0.001, 10_000))
def test_a_limit_is_refused_exactly_when_it_is_above_the_rate_of_its_plan(limit: float, rate: float) -> None:
    plan = PlanConfig(rate=RequestRate(rate), burst=1, limits={"predict": RequestRate(limit)})
    config = GatewayConfig(**{**SMALL, "plans": {"default": plan}})
    if limit <= rate:
        (method,) = checked(config).plans["default"].limits.values()
        assert 1 <= method.burst < limit + 1
    else:
        with pytest.raises(ConfigError, match="has no effect above"):
            checked(config)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_a_plan_limits_so_many_methods_and_no_more(tmp_path_factory: pytest.TempPathFactory, counts: list[int]) -> None:
    models = {f"m{index}": {"url": URL, "methods": METHODS[:count]} for index, count in enumerate(counts)}
    settings = changed({"models": models, "plans.default.limits": dict.fromkeys(models, "1/s")})
    assert report_on_data(settings, tmp_path_factory.getbasetemp()) == (
        []
        if sum(counts) <= 20
        else [
            f"plans.default.limits: these models have {sum(counts)} methods, each with a throttle of its own, and a "
            "plan takes 20; limit fewer models"
        ]
    )
