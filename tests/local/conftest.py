"""What all tests of the local cloud need."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def can_be_interrupted() -> Iterator[None]:
    """A shell starts what runs in its background with SIGINT ignored, and every child inherits that."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)
