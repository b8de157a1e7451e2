"""What the stage lets through: what the file says, or what all keys may ask for together."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import ClientConfig, PlanConfig, RequestRate, ThrottleConfig
from ml_gateway.design import ClientDesign, GatewayDesign, MethodLimit
from ml_gateway.design.throttle import USUAL_ACCOUNT_LIMIT, stage_limit
from tests.synthesis import gateway_config

PLANS = st.dictionaries(
    st.sampled_from(["free", "gold", "silver"]),
    st.builds(PlanConfig, rate=st.builds(RequestRate, st.floats(0.001, 20_000)), burst=st.integers(1, 10_000)),
    min_size=1,
)


@st.composite
def gateways(draw: st.DrawFn) -> tuple[dict[str, PlanConfig], dict[str, ClientDesign]]:
    plans = draw(PLANS)
    keys = st.integers(1, 4).map(lambda count: tuple(f"k{number}" for number in range(count)))
    own_or_named = st.sampled_from(sorted(plans)) | PLANS.map(lambda own: next(iter(own.values())))
    tokens = st.sampled_from([{}, {"corp": ("a",)}, {"corp": ("a", "b"), "pool": ("c",)}])
    clients = st.builds(ClientConfig, plan=own_or_named, keys=keys, jwt=tokens).map(ClientDesign.of)
    return plans, draw(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), clients, min_size=1))


@given(gateways())
def test_no_key_is_refused_by_the_stage_that_its_plan_lets_through(
    gateway: tuple[dict[str, PlanConfig], dict[str, ClientDesign]],
) -> None:
    """All at once, each with all that its plan gives it: nothing is left over, and nothing is missing."""
    plans, clients = gateway
    limit = stage_limit(None, plans=plans, clients=clients)
    of_keys = [
        plans[client.plan] if isinstance(client.plan, str) else client.plan
        for client in clients.values()
        for _ in [*client.keys, *(["all tokens"] if client.tokens else [])]
    ]
    rate, burst = sum(plan.rate.per_second for plan in of_keys), sum(plan.burst for plan in of_keys)
    if limit is None:
        assert rate > USUAL_ACCOUNT_LIMIT.rate or burst > USUAL_ACCOUNT_LIMIT.burst
    else:
        assert limit.rate == pytest.approx(rate)
        assert limit.burst == burst


@given(gateways())
def test_the_stage_never_lets_more_through_than_an_account_has(
    gateway: tuple[dict[str, PlanConfig], dict[str, ClientDesign]],
) -> None:
    plans, clients = gateway
    limit = stage_limit(None, plans=plans, clients=clients)
    assert limit is None or (limit.rate <= USUAL_ACCOUNT_LIMIT.rate and limit.burst <= USUAL_ACCOUNT_LIMIT.burst)


@given(gateways(), st.floats(0.001, 100_000), st.integers(1, 100_000))
def test_what_the_file_says_holds_whatever_the_plans_are(
    gateway: tuple[dict[str, PlanConfig], dict[str, ClientDesign]], rate: float, burst: int
) -> None:
    plans, clients = gateway
    said = ThrottleConfig(rate=RequestRate(rate), burst=burst)
    assert stage_limit(said, plans=plans, clients=clients) == MethodLimit(rate=rate, burst=burst)


def test_another_key_of_a_client_adds_its_share() -> None:
    plans = {"free": PlanConfig(rate=RequestRate(5), burst=10), "unused": PlanConfig(rate=RequestRate(9), burst=9)}

    def limit(*keys: str) -> MethodLimit | None:
        return stage_limit(None, plans=plans, clients={"a": ClientDesign.of(ClientConfig(plan="free", keys=keys))})

    assert limit("x") == MethodLimit(rate=5, burst=10)
    assert limit("x", "y") == MethodLimit(rate=10, burst=20)


def test_without_clients_the_one_plan_is_that_of_the_gateway() -> None:
    assert GatewayDesign.of(gateway_config()).throttle == MethodLimit(rate=2, burst=10)


def test_rates_add_up_without_a_rest() -> None:
    plans = {"slow": PlanConfig(rate=RequestRate(0.1), burst=1)}
    clients = {f"c{number}": ClientDesign.of(ClientConfig(plan="slow")) for number in range(10)}
    limit = stage_limit(None, plans=plans, clients=clients)
    assert limit is not None
    assert math.isclose(limit.rate, 1)
    assert limit.rate == 1
