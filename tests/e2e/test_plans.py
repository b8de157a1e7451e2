"""Plans that change, and keys that would have to change theirs.

The local cloud lets a key be in one plan of a stage, as ml_gateway/local/ministack_secrets.py reads it.
"""

from itertools import count
from typing import Final

import pytest

from ml_gateway import PlanConfig, RequestRate
from ml_gateway.config import ClientConfig
from ml_gateway.local.cloud import Cloud
from tests.e2e.changing_gateway import REFUSED, SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer

pytestmark = pytest.mark.e2e

NUMBERS: Final = count(1)
FREE: Final = PlanConfig(rate=RequestRate(1000), burst=1000)
GOLD: Final = PlanConfig(rate=RequestRate(2000), burst=2000)
ON_FREE: Final = ClientConfig(plan="free")


@pytest.fixture
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    return ChangingGateway(cloud=cloud, name=f"plans-{next(NUMBERS)}", model_server=faulty_server.url)


def plans(gateway: ChangingGateway) -> dict[str, float]:
    """The rate of each plan of the gateway's API, by its id."""
    found = gateway.inventory.client("apigateway").get_usage_plans(limit=500)["items"]
    own = [plan for plan in found if gateway.api_id() in {stage["apiId"] for stage in plan["apiStages"]}]
    return {plan["id"]: plan["throttle"]["rateLimit"] for plan in own}


def test_own_plan_of_a_client_changes_in_place_and_refuses_nobody(gateway: ChangingGateway) -> None:
    gateway.complete(gateway.stacks(clients={"app": ClientConfig(plan=FREE)}, plans={}))
    ((plan, rate),) = plans(gateway).items()
    gateway.complete(gateway.stacks(clients={"app": ClientConfig(plan=GOLD)}, plans={}), gateway.key("app"))
    assert (rate, plans(gateway)) == (1000, {plan: 2000})


@pytest.mark.parametrize(
    ("client", "others"),
    [
        (ClientConfig(plan="gold"), {"free": FREE, "gold": GOLD}),
        (ClientConfig(plan="basic"), {"basic": FREE}),
        (ClientConfig(plan=FREE), {"free": FREE}),
    ],
    ids=["another plan", "another name of the plan", "a plan of its own"],
)
def test_key_that_would_change_its_plan_makes_the_deploy_fail_and_goes_on(
    gateway: ChangingGateway, client: ClientConfig, others: dict[str, PlanConfig]
) -> None:
    first = gateway.stacks(clients={"app": ON_FREE}, plans={"free": FREE})
    gateway.complete(first)
    key, before = gateway.key("app"), plans(gateway)
    ended = gateway.deploy(gateway.stacks(clients={"app": client}, plans=others), unnoticed_by=[key])
    assert ended["api"] == "UPDATE_ROLLBACK_COMPLETE"
    assert plans(gateway) == before
    gateway.complete(first, key)


def test_another_key_goes_with_another_plan_in_one_deploy(gateway: ChangingGateway) -> None:
    gateway.complete(gateway.stacks(clients={"app": ON_FREE}, plans={"free": FREE}))
    old = gateway.key("app")
    moved = {"app": ClientConfig(plan="gold", keys=("b",))}
    gateway.complete(gateway.stacks(clients=moved, plans={"free": FREE, "gold": GOLD}))
    assert (gateway.ask(old), gateway.ask(gateway.key("app", "b"))) == (REFUSED, SERVED)


def test_second_client_on_another_plan_refuses_nobody(gateway: ChangingGateway) -> None:
    both = {"free": FREE, "gold": GOLD}
    gateway.complete(gateway.stacks(clients={"app": ON_FREE}, plans={"free": FREE}))
    old = gateway.key("app")
    second = {"app-gold": ClientConfig(plan="gold")}
    gateway.complete(gateway.stacks(clients={"app": ON_FREE, **second}, plans=both), old)
    new = gateway.key("app-gold")
    gateway.complete(gateway.stacks(clients=second, plans=both), new)
    assert gateway.ask(old) == REFUSED
