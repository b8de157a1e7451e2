"""Two environments of one base file, in one account: each is a gateway of its own, and knows nothing of the other."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from demo.sample_server import SampleServer
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway, keys_of_clients
from ml_gateway.local.http_client import Request
from ml_gateway.reading import load_config
from tests.e2e.assembling_cdk import assembling_cdk

pytestmark = pytest.mark.e2e

FOLDER = Path(__file__).parent / "environments"
ENVIRONMENTS = ("staging", "production")

Gateways = Mapping[str, LocalGateway]


@pytest.fixture(scope="module")
def gateways(cloud: Cloud, sample_server: SampleServer) -> Iterator[Gateways]:
    """Deployed one after the other, as the workflow does it."""
    with ExitStack() as stack:
        found = {}
        for environment in ENVIRONMENTS:
            file = FOLDER / f"{environment}.yaml"
            config = load_config(file)
            cdk = assembling_cdk(file, config, cloud=cloud, model_server=sample_server.url)
            found[environment] = stack.enter_context(deployed_gateway(config, cloud=cloud, cdk=cdk))
        yield found


def status(gateway: LocalGateway, method: str, path: str, key: str | None = None) -> int:
    body = b"{}" if method == "POST" else None
    headers = {"Content-Type": "application/json", **({"x-api-key": key} if key else {})}
    return gateway.edge.send(Request(method=method, path=path, body=body, headers=headers)).status


def test_each_has_stacks_and_secrets_of_its_own(gateways: Gateways) -> None:
    inventory = gateways["staging"].inventory()
    for environment in ENVIRONMENTS:
        for stack in ("keys", "api", "edge"):
            assert f"cloudformation describe_stacks us-east-1 env-{environment}-{stack}" in inventory
    assert gateways["staging"].domain_name != gateways["production"].domain_name


def test_what_the_base_says_holds_in_both(gateways: Gateways) -> None:
    assert {environment: status(each, "POST", "/predict") for environment, each in gateways.items()} == {
        "staging": 200, "production": 200
    }  # fmt: skip


def test_what_an_environment_changes_and_takes_away_is_so_there_alone(gateways: Gateways) -> None:
    assert [status(gateways[each], "POST", "/trial") for each in ENVIRONMENTS] == [200, 404]
    assert [status(gateways[each], "GET", "/predict") for each in ENVIRONMENTS] == [200, 404]


def test_a_key_of_one_opens_nothing_of_the_other(gateways: Gateways) -> None:
    keys = {environment: keys_of_clients(each.config, each.cloud) for environment, each in gateways.items()}
    assert {environment: sorted(each) for environment, each in keys.items()} == {
        "staging": ["app"], "production": ["app", "partner"]
    }  # fmt: skip
    assert set(keys["production"]["app"]) == {"a", "b"}
    (staging,) = keys["staging"]["app"].values()
    assert status(gateways["staging"], "POST", "/predict", staging) == 200
    assert status(gateways["production"], "POST", "/predict", staging) == 401
    assert status(gateways["staging"], "POST", "/predict", keys["production"]["app"]["b"]) == 401
    assert status(gateways["production"], "POST", "/predict", keys["production"]["app"]["b"]) == 200


def test_plans_and_tags_merge(gateways: Gateways) -> None:
    plan = gateways["production"].plan
    assert (plan.rate.per_second, plan.burst, plan.quota and plan.quota.requests) == (100, 1000, 1000)
    assert gateways["staging"].plan.quota is None
    client = CloudInventory(gateways["staging"].cloud).client("cloudformation")
    for environment in ENVIRONMENTS:
        (stack,) = client.describe_stacks(StackName=f"env-{environment}-api")["Stacks"]
        assert {each["Key"]: each["Value"] for each in stack["Tags"]} == {"team": "ml", "stage": environment}


# Last, as it takes one of them away.
def test_one_goes_and_the_other_stays(gateways: Gateways) -> None:
    staging, production = gateways["staging"], gateways["production"]
    staging.cdk.destroy()
    assert not [each for each in production.inventory() if "env-staging" in each]
    assert status(production, "POST", "/predict") == 200
    assert production.cdk.diff().exit_code == 0
