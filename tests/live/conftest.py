"""The templates of a run, once for all that look at them."""

import pytest

from live.plan import ALL_OF_FILES, Brought
from tests.live.synthesized import synthesized
from tests.synthesis import Json


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """By the name of each stack, of a run that nothing was brought for."""
    return {name.split()[0]: each for name, each in synthesized(tmp_path_factory.mktemp("live"), Brought()).items()}


@pytest.fixture(scope="session")
def of_all(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """By the name and region of each stack, of a run that has all that can be brought."""
    return synthesized(tmp_path_factory.mktemp("live"), ALL_OF_FILES)
