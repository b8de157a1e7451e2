"""Every row of `make demo`, by the same functions and in the same order, on the gateway of gateway.yaml."""

import pytest

from demo.rows import Row, rows
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.reading import load_config
from tests.synthesis import TOP

pytestmark = pytest.mark.e2e

ROWS = rows(load_config(TOP / "gateway.yaml"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_demo_shows_what_it_claims(gateway: LocalGateway, row: Row) -> None:
    observation = row.observe(gateway)
    assert observation.observed == observation.expected, observation.claim
