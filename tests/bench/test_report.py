"""RESULTS.md, from measurements that were made up."""

from dataclasses import replace

import pytest

from bench.gateways import AssemblySize
from bench.report import GrownGateway, LoadedFile, Results, render_results
from bench.runs import Run
from bench.subject_list import EMPTY, OURS


def runs_of(*seconds: float) -> list[Run]:
    return [Run(seconds=each, cpu_seconds=each + 1, peak_memory=512 * 2**20) for each in seconds]


RESULTS = Results(
    machine={"Date": "2001-02-03", "Machine": "of the test"},
    subjects={EMPTY: runs_of(2, 2, 2), OURS: runs_of(3, 9, 3)},
    grown=[
        GrownGateway(
            models=100,
            runs=runs_of(5),
            size=AssemblySize(resources=210, template_bytes=2048, api_resources=101),
            calls={"CreateResource": 100, "PutMethod": 200},
        )
    ],
    files=[
        LoadedFile(content="1000 models", runs=runs_of(0.5), problems=["3: models: too many | of them", "another"]),
        LoadedFile(content="one model", runs=runs_of(0.25), problems=[]),
    ],
)


def lines() -> list[str]:
    return render_results(RESULTS).splitlines()


def test_machine_is_described() -> None:
    assert "| Machine | of the test |" in lines()


def test_each_subject_has_its_medians_and_its_ratios() -> None:
    assert f"| **{OURS}** | 3 | 3.00 | 3.00 | 4.00 | 512 | 1.50 (1.33) |" in lines()
    assert f"| {EMPTY} | 3 | 2.00 | 2.00 | 3.00 | 512 | 1.00 (1.00) |" in lines()


def test_grown_gateway_has_its_size_and_the_minutes_of_its_calls() -> None:
    assert "| 100 | 1 | 5.00 | 512 | 210 | 2 | 101 | 300 | 0.50 min (all calls) |" in lines()


def test_file_is_told_with_its_first_problem_and_without_breaking_the_table() -> None:
    assert "| 1000 models | 1 | 0.50 | 2 | 3: models: too many \\| of them |" in lines()
    assert "| one model | 1 | 0.25 | 0 | accepted |" in lines()


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [
        (2.0, "reached, with 1.00"),
        (2.5, "reached, with 1.25"),
        (2.9, "**missed by 0.20**, with 1.45"),
        (2.52, "**missed by 0.01**, with 1.26"),
        (2.508, "reached, with 1.25"),
    ],
)
def test_goal_is_told_to_be_reached_or_missed(seconds: float, outcome: str) -> None:
    measured = replace(RESULTS, subjects={**RESULTS.subjects, OURS: runs_of(seconds, 60, seconds)})
    told = f"* Goal: `{OURS}` takes at most 1.25 times as long as `{EMPTY}`: {outcome}."
    assert told in render_results(measured).splitlines()
