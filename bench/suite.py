"""How long the tests take, all of them: what `make test` runs after its lint."""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final

from bench.runs import REPOSITORY, SubjectFailedError

PYTEST: Final = ("pytest", "-n", "3", "--no-loadscope-reorder")
"""As the Makefile has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """One run: seconds of the clock and of the processor, and pytest's closing line."""

    seconds: float
    cpu_seconds: float
    closing_line: str


def run_suite(*arguments: str) -> Suite:
    """`arguments` are pytest's. Errors: a test fails."""
    command = [sys.executable, "-m", *PYTEST, *arguments]
    start, before = time.perf_counter(), _processor_seconds()
    done = subprocess.run(  # noqa: S603 (the command is ours)
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SubjectFailedError(f"the tests ended with {done.returncode}: {done.stdout[-2000:]}")
    return Suite(
        seconds=time.perf_counter() - start,
        cpu_seconds=_processor_seconds() - before,
        closing_line=done.stdout.rstrip().rpartition("\n")[2].strip("= "),
    )


def _processor_seconds() -> float:
    """Of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
