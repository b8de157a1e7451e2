"""One run of tests, measured from outside."""

import pytest

from bench.runs import SubjectFailedError
from bench.suite import PYTEST, run_suite
from tests.synthesis import TOP

ALONE = ("-n0", "--noconftest")
"""In one process, and without what other tests share, as the CDK takes seconds to load."""


def test_it_is_run_as_make_runs_it() -> None:
    assert f"PYTEST := {' '.join(PYTEST)}\n" in (TOP / "Makefile").read_text()


def test_a_run_has_its_times_and_its_closing_line() -> None:
    suite = run_suite(*ALONE, "tests/bench/test_report.py")
    assert suite.cpu_seconds > 0
    assert 0 < suite.seconds < 60
    assert " passed in " in suite.closing_line


def test_a_test_that_fails_is_told_and_nothing_is_measured() -> None:
    with pytest.raises(SubjectFailedError, match="the tests ended with 4: "):
        run_suite(*ALONE, "tests/bench/test_of_nothing.py")
