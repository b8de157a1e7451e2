"""A client's removal that stopped after the keys' stack, and then is finished, taken back, or destroyed; and what is
left of a removal in any case.

The commands for people are those of docs/clients.md: what each of them asks for is asked for here with boto3.
"""

from itertools import count
from typing import Final

import pytest

from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.e2e.changing_gateway import REFUSED, SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer
from tests.e2e.stack_deployer import DELETED, UNCHANGED, Stacks

pytestmark = pytest.mark.e2e

NUMBERS: Final = count(1)
WITH: Final = {"stays": ("default",), "goes": ("default",)}
WITHOUT: Final = {"stays": ("default",)}
WITH_ANOTHER: Final = {"stays": ("default",), "goes": ("b",)}
DESTROYED: Final = {"edge": DELETED, "api": DELETED, "keys": DELETED}


@pytest.fixture
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    """Both clients are there, and one of them is removed from the keys' stack."""
    gateway = ChangingGateway(cloud=cloud, name=f"removal-{next(NUMBERS)}", model_server=faulty_server.url)
    gateway.complete(gateway.stacks(clients=WITH))
    return gateway


@pytest.fixture
def removed(gateway: ChangingGateway) -> str:
    """The key of that client, of which there is no secret any more."""
    key = gateway.key("goes")
    ended = gateway.deploy(gateway.stacks(clients=WITHOUT), roles=["keys"], unnoticed_by=[gateway.key("stays"), key])
    assert ended == {"keys": "UPDATE_COMPLETE"}
    assert "clients/goes/default" not in gateway.secrets()
    return key


def test_removal_that_is_finished_refuses_the_key_and_leaves_one_in_no_plan(
    gateway: ChangingGateway, removed: str
) -> None:
    ended = gateway.deploy(gateway.stacks(clients=WITHOUT), unnoticed_by=[gateway.key("stays")])
    assert ended == {"keys": UNCHANGED, "api": "UPDATE_COMPLETE", "edge": UNCHANGED}
    assert gateway.ask(removed) == REFUSED
    assert removed in gateway.values_of_keys()

    left = gateway.keys_in_no_plan()
    assert left.keys() == {f"{gateway.name}/clients/goes/default"}
    for key in left.values():
        gateway.delete_key(key)

    assert removed not in gateway.values_of_keys()
    assert gateway.ask(gateway.key("stays")) == SERVED
    assert gateway.deployer.destroy(gateway.stacks(clients=WITHOUT)) == DESTROYED
    assert gateway.left(EDGE_REGION) == []


def test_removal_that_is_taken_back_leaves_a_secret_that_is_not_the_key_and_nobody_notices(
    gateway: ChangingGateway, removed: str
) -> None:
    stays = gateway.key("stays")
    ended = gateway.deploy(gateway.stacks(clients=WITH), unnoticed_by=[stays, removed])
    assert ended == {"keys": "UPDATE_COMPLETE", "api": UNCHANGED, "edge": UNCHANGED}
    told = gateway.key("goes")
    assert told != removed
    assert (gateway.ask(told), gateway.ask(removed)) == (REFUSED, SERVED)
    assert set(gateway.deploy(gateway.stacks(clients=WITH)).values()) == {UNCHANGED}

    gateway.complete(gateway.stacks(clients=WITH_ANOTHER), stays)
    another = gateway.key("goes", "b")
    assert [gateway.ask(key) for key in (another, told, removed)] == [SERVED, REFUSED, REFUSED]


@pytest.fixture
def stuck(gateway: ChangingGateway, removed: str) -> Stacks:
    """All was to be destroyed, and the API's stack could not be."""
    stacks = gateway.stacks(clients=WITHOUT)
    assert removed in gateway.values_of_keys()
    assert gateway.deployer.destroy(stacks) == {"edge": DELETED, "api": "DELETE_FAILED"}
    return stacks


def test_destruction_half_way_in_a_removal_ends_without_the_key_which_is_deleted_by_hand(
    gateway: ChangingGateway, stuck: Stacks
) -> None:
    # All else is deleted by then.
    ((logical_id, (resource_type, key)),) = gateway.deployer.undeleted(stuck["api"]).items()
    assert (resource_type, logical_id.startswith("Clientsgoesdefault")) == ("AWS::ApiGateway::ApiKey", True)

    assert gateway.deployer.delete(stuck["api"], retain=[logical_id]) == DELETED
    gateway.delete_key(key)
    assert gateway.deployer.destroy(stuck) == DESTROYED
    assert gateway.left(EDGE_REGION) == []


def test_destruction_half_way_in_a_removal_ends_once_there_is_a_secret_of_that_name_again(
    gateway: ChangingGateway, stuck: Stacks
) -> None:
    back = gateway.stacks(clients=WITH)
    assert gateway.deploy(back, roles=["keys"]) == {"keys": "UPDATE_COMPLETE"}
    assert gateway.deployer.destroy(stuck) == DESTROYED
    assert gateway.left(EDGE_REGION) == []
