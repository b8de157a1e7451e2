"""Sequences of deploys, each of whose steps fails in each of the stacks, and is repeated then.

CloudFormation asks once more for the secrets that a resource had; the local cloud does, as ministack_secrets.py reads
it. The stacks are deployed as the CDK CLI does it, by stack_deployer.py. What fails is the end of a stack: all of it
has changed by then, and is rolled back.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Final

import pytest

from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.e2e.changing_gateway import NO_KEY, REFUSED, SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer
from tests.e2e.stack_deployer import DELETED, ROLES, Role, Stacks

pytestmark = pytest.mark.e2e

NUMBERS: Final = count(1)
DEFAULT: Final = ("default",)
ONE: Final = {"stays": DEFAULT}
TWO: Final = {"stays": DEFAULT, "comes": DEFAULT}

Clients = Mapping[str, Sequence[str]]

each_lock = pytest.mark.parametrize("clients", [{}, ONE], ids=["API key", "header"])


@pytest.fixture
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    return ChangingGateway(cloud=cloud, name=f"sequence-{next(NUMBERS)}", model_server=faulty_server.url)


def caller(gateway: ChangingGateway, clients: Clients) -> str:
    """The key of whoever is there from the beginning to the end."""
    return gateway.key("stays") if clients else NO_KEY


def accepted(gateway: ChangingGateway, clients: Clients) -> set[str]:
    """The origin secrets that the lock accepts. MiniStack enforces no web ACL: what it would look for is read."""
    origins = {value for name, value in gateway.secrets().items() if name.startswith("origin/")}
    if not clients:
        return {value for value in origins if gateway.ask_the_api(value) == SERVED}
    return origins & gateway.texts_of_the_web_acl()


@each_lock
def test_rotation_by_one_and_one_refuses_nobody(gateway: ChangingGateway, clients: Clients) -> None:
    gateway.complete(gateway.stacks(clients=clients))
    key = caller(gateway, clients)
    for generation in (2, 3, 4):
        stacks = gateway.stacks(generation=generation, clients=clients)
        before, sent = gateway.secrets(), gateway.sent()
        for failing in ROLES:
            gateway.fail(stacks, failing, key)
            assert gateway.sent() == sent == before[f"origin/{generation - 1}"]
            assert sent in accepted(gateway, clients)
        gateway.complete(stacks, key)
        after = gateway.secrets()
        assert gateway.sent() == after[f"origin/{generation}"]
        assert accepted(gateway, clients) == {gateway.sent(), sent}
        assert {name: after[name] for name in before.keys() & after.keys()}.items() <= before.items()
        assert gateway.keys_in_no_plan() == {}


def test_client_is_added_removed_and_added_again(gateway: ChangingGateway) -> None:
    one, two = gateway.stacks(clients=ONE), gateway.stacks(clients=TWO)
    gateway.complete(one)
    stays = gateway.key("stays")

    added = step(gateway, two, stays)
    first = gateway.key("comes")
    assert added == {"keys": (None, None), "api": (first, REFUSED), "edge": (first, SERVED)}
    assert gateway.ask(first) == SERVED

    removed = step(gateway, one, stays, key=first)
    # Until the API is deployed it works.
    assert removed == {"keys": (first, SERVED), "api": (None, SERVED), "edge": (None, REFUSED)}
    assert gateway.ask(first) == REFUSED

    added_again = step(gateway, two, stays)
    second = gateway.key("comes")
    assert added_again == {"keys": (None, None), "api": (second, REFUSED), "edge": (second, SERVED)}
    assert (gateway.ask(first), gateway.ask(second), second == first) == (REFUSED, SERVED, False)


def step(
    gateway: ChangingGateway, stacks: Stacks, stays: str, key: str | None = None
) -> dict[Role, tuple[str | None, int | None]]:
    """A deploy that fails in each stack, and then is complete: the secret of the client that comes after each failure,
    and the answer to its `key`, or to that in the secret."""
    seen: dict[Role, tuple[str | None, int | None]] = {}
    for failing in ROLES:
        gateway.fail(stacks, failing, stays)
        found = gateway.secrets().get("clients/comes/default")
        asked = key or found
        seen[failing] = (found, gateway.ask(asked) if asked else None)
    gateway.complete(stacks, stays)
    return seen


@each_lock
def test_all_is_destroyed_and_deployed_again(gateway: ChangingGateway, clients: Clients) -> None:
    stacks = gateway.stacks(generation=2, clients=clients)
    first = first_deploy(gateway, stacks)
    key = caller(gateway, clients)
    assert gateway.ask(key) == SERVED

    assert set(gateway.deployer.destroy(stacks).values()) == {DELETED}
    assert gateway.left(EDGE_REGION) == []

    second = first_deploy(gateway, stacks)
    assert second.keys() == first.keys()
    assert set(second.values()) & set(first.values()) == set()
    assert gateway.ask(caller(gateway, clients)) == SERVED
    assert not clients or gateway.ask(key) == REFUSED


def first_deploy(gateway: ChangingGateway, stacks: Stacks) -> dict[str, str]:
    """The secrets after one that fails in each stack: nothing is left of the keys' stack alone."""
    made = []
    for failing in ROLES:
        gateway.fail(stacks, failing)
        made.append(gateway.secrets())
    gateway.complete(stacks)
    made.append(gateway.secrets())
    nothing, *rest = made
    assert nothing == {}
    assert all(secrets == rest[0] for secrets in rest)
    return rest[0]


@each_lock
def test_api_alone_is_destroyed_and_deployed_again(gateway: ChangingGateway, clients: Clients) -> None:
    """With the next generation, which leads the edge to it: test_api_alone.py shows that nothing else does."""
    first = gateway.stacks(clients=clients)
    gateway.complete(first)
    before, key, address = gateway.secrets(), caller(gateway, clients), gateway.domain_name

    assert gateway.deployer.delete(first["api"]) == DELETED
    assert (gateway.secrets(), gateway.ask(key) == SERVED) == (before, False)

    second = gateway.stacks(generation=2, clients=clients)
    for failing in ROLES:
        gateway.fail(second, failing)
    gateway.complete(second)
    assert gateway.secrets().items() > before.items()
    assert (gateway.ask(key), gateway.domain_name) == (SERVED, address)
