"""The value of the origin secret is nowhere but in Secrets Manager, the API key and the distribution."""

from collections.abc import Mapping

import pytest

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway, stacks_of
from ml_gateway.naming import EDGE_REGION
from tests.e2e.written import everything_written, places_with

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def written(care: LocalGateway) -> Mapping[str, str]:
    return everything_written(care)


def test_value_of_the_secret_is_written_nowhere(care: LocalGateway, written: Mapping[str, str]) -> None:
    values = CloudInventory(care.cloud).secrets("care/origin/", EDGE_REGION)
    assert values
    assert all(len(value) >= 20 and places_with(value, written) == [] for value in values)


def test_what_is_written_would_be_found(care: LocalGateway, written: Mapping[str, str]) -> None:
    reference = f"{{{{resolve:secretsmanager:care/origin/{care.generation}:"
    readers = [name for name, _ in stacks_of(care.config).values() if name != "care-keys"]
    assert [stack for stack in readers if f"template of {stack}" not in places_with(reference, written)] == []
    assert "template of care-keys" in places_with(f"care/origin/{care.generation}", written)
    assert any(place.endswith("deploy.log") for place in places_with(care.domain_name, written))
    assert "outputs of care-edge" in places_with(care.domain_name, written)
