"""Many runs as a few numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.runs import Run


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The medians of several runs of one subject, and its fastest run."""

    runs: int
    seconds: float
    fastest: float
    cpu_seconds: float
    peak_memory: int


def summarize(runs: Sequence[Run]) -> Summary:
    """Errors: no runs."""
    if not runs:
        raise ValueError("there are no runs to summarize; measure at least one round")
    return Summary(
        runs=len(runs),
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
