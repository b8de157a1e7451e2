"""One process and two servers for all tests of the function, and the code that a deploy would upload."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_gateway.functions import write_overrides
from ml_gateway.local.loopback import serving
from tests.overrides.function import SETTINGS, Function, NodeProcess
from tests.overrides.servers import AnswersServer, StoreServer
from tests.synthesis import TOP


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is uploaded. None above it has packages, and no variable names some."""
    folder = tmp_path_factory.mktemp("overrides")
    write_overrides(SETTINGS, folder, project=TOP)
    return folder


@pytest.fixture(scope="session")
def running_function(staged: Path) -> Iterator[Function]:
    node = NodeProcess()
    with serving(StoreServer()) as store, serving(AnswersServer()) as answers:
        yield Function(folder=staged, node=node, store=store, answers=answers)
    node.close()


@pytest.fixture
def function(running_function: Function) -> Function:
    """Beside an empty store."""
    running_function.store.recover()
    running_function.answers.recover()
    return running_function
