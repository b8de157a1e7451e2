"""Several regions behind one address, with callers near each of them all the time.

The gateway `two` is compared, taken away in part and destroyed by the CDK CLI; all else is deployed as the CLI does it.
What stands in for DNS is ml_gateway/local/ministack_dns.py: it reads the records and checks that were deployed.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from ml_gateway import naming
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.loopback import serving
from ml_gateway.local.stand_ins import StandIn
from tests.e2e.regional_gateway import RegionalGateway

pytestmark = pytest.mark.e2e

US, EU, WEST = "us-east-1", "eu-west-1", "us-west-2"
ANSWERS: Final[dict[str, bool]] = {}
DRAINED: Final = {"drain": True}
TWO: Final = {US: ANSWERS, EU: ANSWERS}


@pytest.fixture(scope="module")
def model_server() -> Iterator[str]:
    with serving(StandIn()) as server:
        yield server.url


@pytest.fixture(scope="module")
def regional_cloud(cloud: Cloud) -> Cloud:
    """Bootstrapped in more than one region."""
    bootstrap(cloud, [EU, WEST])
    return cloud


@pytest.fixture(scope="module")
def two(regional_cloud: Cloud, model_server: str) -> RegionalGateway:
    gateway = RegionalGateway(cloud=regional_cloud, name="two-regions", model_server=model_server)
    gateway.deploy(TWO)
    return gateway


def test_the_nearest_region_answers_posts_too(two: RegionalGateway) -> None:
    assert (two.answering(US), two.answering(EU)) == (US, EU)


def test_one_key_and_one_secret_are_accepted_in_both(two: RegionalGateway) -> None:
    assert two.secrets(US) == two.secrets(EU)
    assert len(two.secrets(US)) == 2
    for region in TWO:
        assert two.ask_the_api(region, {"X-Api-Key": two.key}) == 200
        assert two.ask_the_api(region, {"X-Api-Key": "another"}) == 403


def test_one_line_drains_a_region_and_one_brings_it_back(two: RegionalGateway) -> None:
    with two.callers(US, EU) as statuses:
        two.run(EU, naming.DRAIN_COMMAND)
        assert (two.answering(US), two.answering(EU)) == (US, US)
        two.run(EU, naming.BRING_BACK_COMMAND)
        assert (two.answering(US), two.answering(EU)) == (US, EU)
        two.run(US, naming.DRAIN_COMMAND)
        assert (two.answering(US), two.answering(EU)) == (EU, EU)
        two.run(US, naming.BRING_BACK_COMMAND)
        assert two.answering(US) == US
    assert set(statuses) == {"200"}


def test_draining_all_of_them_drains_none(two: RegionalGateway) -> None:
    for region in TWO:
        two.run(region, naming.DRAIN_COMMAND)
    assert (two.answering(US), two.answering(EU)) == (US, EU)
    for region in TWO:
        two.run(region, naming.BRING_BACK_COMMAND)


def test_a_drain_by_metric_is_no_drift_and_outlives_a_deploy(two: RegionalGateway) -> None:
    two.run(EU, naming.DRAIN_COMMAND)
    assert two.cli.diff().exit_code == 0
    two.deploy(TWO)
    assert two.answering(EU) == US
    two.run(EU, naming.BRING_BACK_COMMAND)
    assert two.answering(EU) == EU


def test_a_rotation_refuses_nobody_in_either_region(two: RegionalGateway) -> None:
    sent = two.inventory.origin_headers(two.address)
    with two.callers(US, EU) as statuses:
        two.deploy(TWO, generation=2)
    assert two.inventory.origin_headers(two.address) != sent
    assert (two.answering(US), two.answering(EU)) == (US, EU)
    assert statuses
    assert set(statuses) == {"200"}


# Last, as it takes one of them away.
def test_a_region_that_is_taken_away_leaves_nothing_and_refuses_nobody(two: RegionalGateway) -> None:
    two.cdk = two.cli
    address, key, secrets = two.address, two.key, two.secrets(US)
    assert (len(two.certificates(EU)), len(two.checks())) == (1, 2)
    with two.callers(US, EU) as statuses:
        two.deploy({US: ANSWERS, EU: DRAINED}, generation=2)
        assert (two.answering(US), two.answering(EU)) == (US, US)
        two.take_away(EU)
        assert two.answering(EU) == US
        two.cdk.destroy("--exclusively", naming.drain_stack(two.name, US))
        two.deploy({US: ANSWERS}, generation=2)
    assert statuses
    assert set(statuses) == {"200"}
    assert (two.address, two.key, two.secrets(US)) == (address, key, secrets)
    assert (
        two.left([EU])
        == two.left([WEST])
        == [
            "route53 list_resource_record_sets origin.two-regions.acme.com. A us-east-1",
            "route53 list_resource_record_sets two-regions.acme.com. A -",
            "route53 list_resource_record_sets two-regions.acme.com. AAAA -",
        ]
    )
    assert (len(two.certificates(EU)), len(two.certificates(US))) == (0, 1)
    assert two.checks() == []
    assert two.cdk.diff().exit_code == 0
    two.cdk.destroy()
    assert two.left([US, EU, WEST]) == []


def test_a_gateway_moves_with_its_keys_and_its_address_and_refuses_nobody(
    regional_cloud: Cloud, model_server: str
) -> None:
    gateway = RegionalGateway(cloud=regional_cloud, name="moving", model_server=model_server)
    gateway.deploy({US: ANSWERS})
    address, key, secrets = gateway.address, gateway.key, gateway.secrets(US)
    with gateway.callers(US, EU) as statuses:
        gateway.deploy({US: ANSWERS, EU: DRAINED})
        assert (gateway.answering(US), gateway.answering(EU)) == (US, US)
        assert gateway.ask_the_api(EU, {"X-Api-Key": key}) == 200
        gateway.deploy(TWO)
        assert (gateway.answering(US), gateway.answering(EU)) == (US, EU)
        gateway.deploy({US: DRAINED, EU: ANSWERS})
        assert (gateway.answering(US), gateway.answering(EU)) == (EU, EU)
        gateway.take_away(US)
        gateway.cdk.destroy("--exclusively", naming.drain_stack(gateway.name, EU))
        gateway.deploy({EU: ANSWERS})
        assert gateway.answering(US) == EU
    assert statuses
    assert set(statuses) == {"200"}
    assert (gateway.address, gateway.key, gateway.secrets(US)) == (address, key, secrets)
    assert gateway.secrets(EU) == secrets
    apis = [each for each in gateway.left([US, EU]) if "describe_stacks" in each]
    assert apis == [
        "cloudformation describe_stacks eu-west-1 moving-api",
        "cloudformation describe_stacks us-east-1 moving-edge",
        "cloudformation describe_stacks us-east-1 moving-keys",
    ]
    gateway.cdk.destroy()
    assert gateway.left([US, EU, WEST]) == []


def test_a_hosted_zone_that_comes_later_refuses_nobody(regional_cloud: Cloud, model_server: str) -> None:
    gateway = RegionalGateway(cloud=regional_cloud, name="named-later", model_server=model_server)
    gateway.deploy({US: ANSWERS}, zone=False)
    address, key = gateway.address, gateway.key
    with gateway.callers(US) as statuses:
        gateway.deploy({US: ANSWERS})
    records = [each for each in gateway.inventory.records() if each[0].startswith("origin.named-later.")]
    assert records == [("origin.named-later.acme.com.", "A", US)]
    assert (gateway.address, gateway.key, gateway.answering(US)) == (address, key, US)
    assert statuses
    assert set(statuses) == {"200"}
    gateway.cdk.destroy()
    assert gateway.left([US]) == []
