"""Child processes that never outlive the one that started them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

STOPPING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_STOP: Final = 10
LINES_OF_LOG: Final = 25

_PASSED_ON: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TZ")
"""All that a child learns of the caller's environment: no AWS profile, no proxy, no setting of an emulator."""


class LocalCloudError(Exception):
    """Something that the local cloud needs did not work; `str()` is what to print."""


def child_environment(directory: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child that keeps its temporary files in `directory` and finds our Node and Python first."""
    inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    search_path = os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", os.defpath)])
    return {**inherited, "PATH": search_path, "TMPDIR": str(directory), **variables}


@contextmanager
def child_process(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, directory: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in `directory`, its output going to `log`, and stop it at the end if it still runs.

    It gets a session of its own: Ctrl-C in the terminal reaches us alone, and we stop the child with all it started.
    """
    with ExitStack() as stack, log.open("wb") as output:
        with interruptions_held():
            process = subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            stack.callback(_stop, process)
        yield process


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with interruptions_held():
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)
        with suppress(ProcessLookupError):  # nothing of the group is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def interruptions_held() -> Iterator[None]:
    """Put off Ctrl-C and its like until the block is done: a child that nobody knows yet would never be stopped."""
    received: list[int] = []
    usual = {number: signal.signal(number, lambda n, _frame: received.append(n)) for number in STOPPING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        for received_number in received:
            signal.raise_signal(received_number)


def exit_when_told_to() -> None:
    """Make Ctrl-C, SIGTERM and SIGHUP end this process by SystemExit, once, so that everything is cleaned up.

    What the caller wants ignored stays so: `nohup` ignores SIGHUP.
    """
    for number in STOPPING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    for repeated in STOPPING_SIGNALS:
        signal.signal(repeated, signal.SIG_IGN)
    raise SystemExit(128 + number)


def last_lines(log: Path) -> str:
    """The end of a log, for an error message."""
    lines = log.read_text(errors="replace").splitlines()[-LINES_OF_LOG:]
    return "\n".join(f"  {line}" for line in lines) or "  (it printed nothing)"
