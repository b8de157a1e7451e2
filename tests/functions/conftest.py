"""One Node for all tests of functions."""

from collections.abc import Iterator

import pytest

from tests.functions.edge_runtime import EdgeRuntime


@pytest.fixture(scope="session")
def runtime() -> Iterator[EdgeRuntime]:
    started = EdgeRuntime()
    yield started
    started.close()
