"""One run of a subject in a fresh process, many runs in turn, and what they come to."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.gateways import count_models

REPOSITORY: Final = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one run took: seconds on the clock, seconds of processor time, and bytes of its largest process."""

    seconds: float
    cpu_seconds: float
    peak_memory: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is measured: a command in a checkout, with `context` added to what its cdk.json has.

    `models` is how many models the templates serve that it has to write.
    """

    name: str
    command: tuple[str, ...]
    models: int = 0
    context: tuple[tuple[str, str], ...] = ()
    checkout: Path = REPOSITORY


class SubjectFailedError(Exception):
    """A subject did not do what it is measured for; the text says what it did instead."""


def alternate(subjects: Sequence[Subject], *, rounds: int, directory: Path) -> dict[str, list[Run]]:
    """Run all subjects one after another, `rounds` times: what slows the machine down for a while meets all of them.

    One round before is not counted: it fills the caches of Python, of Node's packages and of the disk.
    """
    runs: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
    for number in range(rounds + 1):
        for subject in subjects:
            measured = run(subject, directory / subject.name)
            if number:
                runs[subject.name].append(measured)
    return runs


def run(subject: Subject, output: Path) -> Run:
    """Run the subject as `cdk synth` runs an app; its assembly is in `output`, and its words in `log_of(output)`.

    Errors: an exit code other than 0, templates that serve another number of models.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    context = json.loads((subject.checkout / "cdk.json").read_text())["context"] | dict(subject.context)
    # Compiled modules are kept between the runs, as they are on any machine that does not forbid it.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(output)}
    measured = _run(subject, log_of(output), environment)
    if (found := count_models(output)) != subject.models:
        raise SubjectFailedError(f"{subject.name} has to write templates for {subject.models} models, got {found}")
    return measured


def log_of(output: Path) -> Path:
    return output.with_name(f"{output.name}.log")


def _run(subject: Subject, log: Path, environment: Mapping[str, str]) -> Run:
    with log.open("w") as said:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (the commands are ours)
            subject.command, cwd=subject.checkout, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SubjectFailedError(f"{subject.name} ended with {process.returncode}: {log.read_text()[-2000:]}")
    # Linux counts ru_maxrss in KiB.
    return Run(seconds=seconds, cpu_seconds=usage.ru_utime + usage.ru_stime, peak_memory=usage.ru_maxrss * 1024)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The medians of several runs of one subject, and its fastest run."""

    seconds: float
    fastest: float
    cpu_seconds: float
    peak_memory: int


def summarize(runs: Sequence[Run]) -> Summary:
    """Errors: no runs."""
    if not runs:
        raise ValueError("there are no runs to summarize; measure at least one round")
    return Summary(
        seconds=median(run.seconds for run in runs),
        fastest=min(run.seconds for run in runs),
        cpu_seconds=median(run.cpu_seconds for run in runs),
        peak_memory=int(median(run.peak_memory for run in runs)),
    )


def paired_ratio(runs: Sequence[float], others: Sequence[float]) -> float:
    """The median, over the rounds, of one subject's figure by another's in the same round.

    Both met the same load of the machine, which a ratio of two medians would not take into account. Errors: other
    numbers of rounds, or none.
    """
    return median(mine / theirs for mine, theirs in zip(runs, others, strict=True))
