"""One run of an app in a fresh process, and many runs in turn."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one run took: seconds on the clock, seconds of processor time, and bytes of its largest process."""

    seconds: float
    cpu_seconds: float
    peak_memory: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """An app to measure: its name, and the command that the CDK CLI would run. `context` is added to cdk.json's."""

    name: str
    command: tuple[str, ...]
    context: tuple[tuple[str, str], ...] = ()


class SubjectFailedError(Exception):
    """A subject did not synthesize; the text has the end of what it said."""


def synthesize(subject: Subject, output: Path) -> Run:
    """Run the subject as `cdk synth` does; its assembly is in `output`, and its words in `<output>.log`."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"] | dict(subject.context)
    return run(
        subject.command,
        log=output.with_suffix(".log"),
        environment={"CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(output)},
    )


def run(command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command in the repository. Errors: an exit code other than 0."""
    # Compiled modules are kept between the runs, as they are on any machine that does not forbid it.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("w") as said:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (the commands are ours)
            command, cwd=REPOSITORY, env=inherited | dict(environment or {}), stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SubjectFailedError(f"{' '.join(command)} ended with {process.returncode}: {log.read_text()[-2000:]}")
    # Linux counts ru_maxrss in KiB.
    return Run(seconds=seconds, cpu_seconds=usage.ru_utime + usage.ru_stime, peak_memory=usage.ru_maxrss * 1024)


def alternate(subjects: Sequence[Subject], *, rounds: int, directory: Path) -> dict[str, list[Run]]:
    """Run all subjects one after another, `rounds` times: what slows the machine down for a while meets all of them.

    One round before is not counted: it fills the caches of Python, of Node's packages and of the disk.
    """
    runs: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
    for number in range(rounds + 1):
        for subject in subjects:
            measured = synthesize(subject, directory / subject.name)
            if number:
                runs[subject.name].append(measured)
    return runs
