"""The command in this process, with what it prints."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ml_gateway.cli import main


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What a command ended with, and what it wrote."""

    status: int
    out: str
    err: str


RunCommand = Callable[..., Ran]


@pytest.fixture
def run_command(capsys: pytest.CaptureFixture[str]) -> RunCommand:
    def run(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        written = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(status=ended.value.code, out=written.out, err=written.err)

    return run
