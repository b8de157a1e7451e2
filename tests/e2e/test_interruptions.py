"""Changes that refuse everybody for a while, by the order of the stacks: from the API's deploy to the edge's.

MiniStack enforces no web ACL: who has a key is let in where on AWS the lock would ask for the distribution's header.
"""

from itertools import count
from typing import Any, Final

import pytest

from ml_gateway.local.cloud import Cloud
from tests.e2e.changing_gateway import NO_KEY, REFUSED, SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer

pytestmark = pytest.mark.e2e

NUMBERS: Final = count(1)
ONE: Final[dict[str, Any]] = {"clients": {"app": ("default",)}}
NONE: Final[dict[str, Any]] = {"clients": {}}


@pytest.fixture
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    return ChangingGateway(cloud=cloud, name=f"pauses-{next(NUMBERS)}", model_server=faulty_server.url)


@pytest.fixture
def second(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    return ChangingGateway(cloud=cloud, name=f"second-{next(NUMBERS)}", model_server=faulty_server.url)


def test_when_the_last_client_goes_all_are_refused_from_the_api_to_the_edge(gateway: ChangingGateway) -> None:
    gateway.complete(gateway.stacks(**ONE))
    key, without = gateway.key("app"), gateway.stacks(**NONE)
    gateway.deploy(without, roles=["keys"], unnoticed_by=[key])
    gateway.deploy(without, roles=["api"])
    assert (gateway.ask(key), gateway.ask()) == (REFUSED, REFUSED)
    gateway.deploy(without, roles=["edge"])
    assert (gateway.ask(key), gateway.ask()) == (SERVED, SERVED)


def test_when_the_first_client_comes_callers_without_a_key_are_refused_from_the_api_on(
    gateway: ChangingGateway,
) -> None:
    gateway.complete(gateway.stacks(**NONE))
    first = gateway.stacks(**ONE)
    gateway.deploy(first, roles=["keys"], unnoticed_by=[NO_KEY])
    gateway.deploy(first, roles=["api"])
    assert gateway.ask() == REFUSED
    gateway.deploy(first, roles=["edge"])
    assert (gateway.ask(), gateway.ask(gateway.key("app"))) == (REFUSED, SERVED)


def test_another_stage_refuses_all_from_the_api_to_the_edge(gateway: ChangingGateway) -> None:
    gateway.complete(gateway.stacks(**ONE))
    key, staged = gateway.key("app"), gateway.stacks(**ONE, stage="v2")
    gateway.deploy(staged, roles=["keys"], unnoticed_by=[key])
    gateway.deploy(staged, roles=["api"])
    assert gateway.ask(key) != SERVED
    gateway.deploy(staged, roles=["edge"])
    assert gateway.ask(key) == SERVED
    assert gateway.key("app") == key


@pytest.mark.parametrize(
    ("before", "after"), [(ONE, NONE), (NONE, ONE), (ONE, {**ONE, "stage": "v2"})], ids=["last", "first", "stage"]
)
def test_a_second_gateway_beside_the_first_refuses_nobody(
    gateway: ChangingGateway, second: ChangingGateway, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """How docs/changes.md says to avoid each of them: callers change over, and then the first one goes."""
    old = gateway.stacks(**before)
    gateway.complete(old)
    key = gateway.key("app") if before["clients"] else NO_KEY
    with gateway.in_flight([key]) as statuses:
        second.complete(second.stacks(**after))
    assert set(statuses) == {SERVED}
    new_key = second.key("app") if after["clients"] else NO_KEY
    with second.in_flight([new_key]) as statuses:
        for role in ("edge", "api", "keys"):
            gateway.deployer.delete(old[role])
    assert set(statuses) == {SERVED}
    assert gateway.left("us-east-1") == []
