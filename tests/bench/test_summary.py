"""Medians and ratios."""

import pytest

from bench.runs import Run
from bench.summary import Summary, paired_ratio, summarize


def run_of(seconds: float, *, memory: int = 100) -> Run:
    return Run(seconds=seconds, cpu_seconds=2 * seconds, peak_memory=memory)


def test_one_slow_run_does_not_move_the_median() -> None:
    summary = summarize([run_of(3.0, memory=300), run_of(1.0), run_of(60.0)])
    assert summary == Summary(runs=3, seconds=3.0, fastest=1.0, cpu_seconds=6.0, peak_memory=100)


def test_no_runs_are_no_summary() -> None:
    with pytest.raises(ValueError, match="there are no runs to summarize"):
        summarize([])


def test_ratio_compares_within_each_round() -> None:
    # The second round was slow for both; the ratio of the medians would be 3 / 2.
    assert paired_ratio([2.0, 30.0, 3.0], [1.0, 15.0, 2.0]) == 2.0


def test_rounds_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired_ratio([1.0, 2.0], [1.0])
