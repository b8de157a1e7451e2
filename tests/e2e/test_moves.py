"""A gateway whose API moves to another region, or is there from the beginning: its secrets are replicated there.

The stack of the API that it leaves is not deleted by a deploy, and what deleting it needs is shown here.
"""

from itertools import count
from typing import Final

import pytest

from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.e2e.changing_gateway import NO_KEY, SERVED, ChangingGateway
from tests.e2e.faulty_server import FaultyServer
from tests.e2e.stack_deployer import DELETED

pytestmark = pytest.mark.e2e

NUMBERS: Final = count(1)
CLIENTS: Final = {"app": ("default",), "batch": ("a", "b")}
WEST: Final = "eu-west-1"
CENTRAL: Final = "eu-central-1"
API_KEY, WEB_ACL = "AWS::ApiGateway::ApiKey", "AWS::WAFv2::WebACL"


@pytest.fixture
def gateway(cloud: Cloud, faulty_server: FaultyServer) -> ChangingGateway:
    return ChangingGateway(cloud=cloud, name=f"move-{next(NUMBERS)}", model_server=faulty_server.url)


def test_secrets_are_beside_the_edge_and_beside_the_api(gateway: ChangingGateway) -> None:
    gateway.complete_in(WEST, clients=CLIENTS)
    secrets = gateway.secrets(EDGE_REGION)
    assert len(secrets) == 4
    assert gateway.secrets(WEST) == secrets
    assert gateway.ask(gateway.key("app")) == SERVED


@pytest.mark.parametrize(("old", "new"), [(WEST, CENTRAL), (EDGE_REGION, WEST), (WEST, EDGE_REGION)])
def test_move_keeps_the_address_and_the_keys_and_refuses_nobody(gateway: ChangingGateway, old: str, new: str) -> None:
    gateway.complete_in(old, clients=CLIENTS)
    secrets, address = gateway.secrets(), gateway.domain_name
    gateway.complete_in(new, gateway.key("app"), gateway.key("batch", "a"), clients=CLIENTS)
    assert (gateway.secrets(), gateway.domain_name) == (secrets, address)
    assert gateway.secrets(new) == secrets
    assert gateway.secrets(old) == (secrets if old == EDGE_REGION else {})


def test_api_that_leaves_the_region_of_the_edge_is_deleted_without_more_ado(gateway: ChangingGateway) -> None:
    old = gateway.complete_in(EDGE_REGION, clients=CLIENTS)
    gateway.complete_in(WEST, clients=CLIENTS)
    assert gateway.deployer.delete(old["api"]) == DELETED
    assert gateway.values_of_keys(EDGE_REGION) == []
    assert gateway.ask(gateway.key("app")) == SERVED


@pytest.mark.parametrize(
    ("clients", "made_of_secrets"),
    [({}, [API_KEY]), (CLIENTS, [API_KEY, API_KEY, API_KEY, WEB_ACL])],
    ids=["API key", "header"],
)
def test_api_that_leaves_another_region_is_deleted_but_for_what_was_made_of_its_replicas(
    gateway: ChangingGateway, clients: dict[str, tuple[str, ...]], made_of_secrets: list[str]
) -> None:
    old = gateway.complete_in(WEST, clients=clients)
    gateway.complete_in(CENTRAL, clients=clients)
    assert gateway.deployer.delete(old["api"]) == "DELETE_FAILED"
    undeleted = gateway.deployer.undeleted(old["api"])
    assert sorted(each for each, _ in undeleted.values()) == made_of_secrets
    assert gateway.deployer.delete(old["api"], retain=list(undeleted)) == DELETED

    waf = gateway.inventory.client("wafv2", WEST)
    for resource_type, physical_id in undeleted.values():
        if resource_type == API_KEY:
            gateway.delete_key(physical_id, WEST)
        else:
            name, acl, scope = physical_id.split("|")
            (found,) = [each for each in waf.list_web_acls(Scope=scope)["WebACLs"] if each["Id"] == acl]
            waf.delete_web_acl(Name=name, Scope=scope, Id=acl, LockToken=found["LockToken"])
    assert [each for each in gateway.left(WEST) if not each.startswith("cloudfront")] == []
    assert gateway.ask(gateway.key("app") if clients else NO_KEY) == SERVED


def test_api_that_leaves_another_region_is_deleted_once_its_secrets_are_replicated_there_again(
    gateway: ChangingGateway,
) -> None:
    old = gateway.complete_in(WEST, clients=CLIENTS)
    gateway.complete_in(CENTRAL, clients=CLIENTS)
    client = gateway.inventory.client("secretsmanager", EDGE_REGION)
    for name in gateway.secrets():
        client.replicate_secret_to_regions(SecretId=f"{gateway.name}/{name}", AddReplicaRegions=[{"Region": WEST}])
    assert gateway.deployer.delete(old["api"]) == DELETED
    assert gateway.values_of_keys(WEST) == []
    assert gateway.ask(gateway.key("app")) == SERVED
