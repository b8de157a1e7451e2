"""`ml-gateway local` as a process of its own, and what it prints for scripts."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.synthesis import TOP, Json

SECONDS_TO_START: Final = 180
SECONDS_TO_STOP: Final = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningCommand:
    """`ready` is what it said when it was; `requests` the lines of its log so far."""

    process: subprocess.Popen[str]
    ready: Json
    requests: list[Json] = field(default_factory=list)

    def logged(self, count: int) -> list[Json]:
        """The log, once it has `count` requests; as it is after some seconds without."""
        deadline = time.monotonic() + 10
        while len(self.requests) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return list(self.requests)

    def key(self, client: str) -> str:
        """The first key of a client."""
        return str(next(iter(self.ready["clients"][client].values())))

    def url(self, model: str) -> str:
        return str(self.ready["models"][model]["url"])


@contextmanager
def running_command(
    *arguments: object,
    command: Sequence[str] = (sys.executable, "-m", "ml_gateway.cli"),
    folder: Path = TOP,
    errors: Path | None = None,
    **environment: str,
) -> Iterator[RunningCommand]:
    """Runs in `folder` on any free port until the block ends; `errors` gets what it says meanwhile."""
    words = [*command, "local", "--json", "--port", "0", *map(str, arguments)]
    with (
        Path(errors or os.devnull).open("w") as said,
        subprocess.Popen(
            words, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        try:
            yield RunningCommand(process=process, **_read(process))
        finally:
            stop(process)


def stop(process: subprocess.Popen[Any], number: signal.Signals = signal.SIGTERM) -> None:
    """Raises TimeoutExpired where that takes too long. It is killed then, as a test would wait for it forever."""
    process.send_signal(number)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _read(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    late = threading.Timer(SECONDS_TO_START, process.terminate)
    late.start()
    line = process.stdout.readline()
    late.cancel()
    assert line, f"it ended with {process.wait(SECONDS_TO_STOP)}"
    requests: list[Json] = []
    threading.Thread(target=_collect, args=(process.stdout, requests), daemon=True).start()
    return {"ready": json.loads(line), "requests": requests}


def _collect(lines: Any, requests: list[Json]) -> None:
    for line in lines:
        requests.append(json.loads(line))
