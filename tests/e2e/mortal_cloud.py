"""A local cloud that dies, and is started again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from ml_gateway.local.cloud import Cloud, running_cloud


@dataclass(frozen=True, kw_only=True, slots=True)
class MortalCloud:
    """A cloud that is started again and again, at one port, with the state that it had when it was last stopped."""

    directory: Path
    port: int
    starts: Iterator[int]

    def started(self) -> AbstractContextManager[Cloud]:
        directory = self.directory / f"start-{next(self.starts)}"
        directory.mkdir()
        return running_cloud(directory, port=self.port, state=self.directory / "state")
