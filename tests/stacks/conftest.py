"""What several tests of stacks look at."""

import pytest

from tests.stacks.regional import TWO, of_regions
from tests.synthesis import Templates, synthesize


@pytest.fixture(scope="session")
def two() -> Templates:
    """A gateway in two regions."""
    return synthesize(of_regions(TWO))
