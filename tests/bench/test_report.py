"""RESULTS.md, from measurements that were made up."""

from dataclasses import replace

from bench.functions import Functions
from bench.report import LoadedFile, Results, Synthesis, render_results
from bench.runs import Run
from bench.subjects import DEFAULT, EMPTY
from bench.suite import Suite


def runs_of(*seconds: float) -> list[Run]:
    return [Run(seconds=each, cpu_seconds=each + 1, peak_memory=512 * 2**20) for each in seconds]


def synthesis_of(*seconds: float) -> Synthesis:
    return Synthesis(
        runs=runs_of(*seconds), resources=210, template_bytes=2048, calls={"CreateResource": 100, "PutMethod": 200}
    )


RESULTS = Results(
    machine={"Date": "2001-02-03", "Machine": "of the test"},
    syntheses={EMPTY: synthesis_of(2, 2, 2), DEFAULT: synthesis_of(3, 9, 3), "100 models": synthesis_of(5, 9, 8)},
    changes={"100 models": {"PutRestApi": 1, "CreateDeployment": 1, "UpdateStage": 2}},
    functions={"a.yaml": Functions(edge=5120, lambdas={"overrides": 2048}), "b.yaml": Functions(edge=1024, lambdas={})},
    suite=Suite(seconds=299.6, cpu_seconds=500, closing_line="9 passed in 280.00s"),
    files={
        "file of 1000 models": LoadedFile(runs=runs_of(0.5), problems=["3: models: too many | of them", "another"]),
        "file of one model": LoadedFile(runs=runs_of(0.25), problems=[]),
    },
)


def lines(results: Results = RESULTS) -> list[str]:
    return render_results(results).splitlines()


def test_machine_is_described() -> None:
    assert "| Machine | of the test |" in lines()


def test_each_app_has_its_medians_and_its_ratios() -> None:
    assert f"| {EMPTY} | 2.00 | 2.00 | 3.00 | 512 | 1.00 (1.00) | 0.67 (0.75) |" in lines()
    assert f"| {DEFAULT} | 3.00 | 3.00 | 4.00 | 512 | 1.50 (1.33) | 1.00 (1.00) |" in lines()
    assert "| 100 models | 8.00 | 5.00 | 9.00 | 512 | 4.00 (3.00) | 1.67 (1.50) |" in lines()


def test_app_is_compared_with_the_same_app_of_another_commit() -> None:
    others = {f"{DEFAULT} at abc": synthesis_of(6, 9, 7)}
    told = lines(replace(RESULTS, syntheses={**RESULTS.syntheses, **others}, against="abc"))
    assert f"| {DEFAULT} | 3.00 | 3.00 | 4.00 | 512 | 1.50 (1.33) | 1.00 (1.00) | 0.50 (0.57) |" in told
    assert f"| {DEFAULT} at abc | 7.00 | 6.00 | 8.00 | 512 | 3.50 (2.67) | 2.00 (1.75) |  |" in told
    (header,) = (line for line in told if line.startswith("| app | seconds"))
    assert header.endswith("| by abc |")


def test_gateway_has_its_size_and_the_seconds_of_its_calls() -> None:
    assert "| 100 models | 210 | 2 | 300 | 30 s (all calls) |" in lines()
    assert [line for line in lines() if line.startswith(f"| {EMPTY} | 210")] == []


def test_file_is_told_with_its_first_problem_and_without_breaking_the_table() -> None:
    assert "| file of 1000 models | 0.50 | 1.50 | 2 | 3: models: too many \\| of them |" in lines()
    assert "| file of one model | 0.25 | 1.25 | 0 | accepted |" in lines()


def test_change_of_a_line_is_told_with_its_calls_and_their_time() -> None:
    assert "| 100 models | CreateDeployment, PutRestApi, UpdateStage, UpdateStage | 5 s (CreateDeployment) |" in lines()


def test_functions_have_their_size_beside_their_quota() -> None:
    assert "| a.yaml | 5,120 | 50% |  | 2 |" in lines()
    assert "| b.yaml | 1,024 | 10% |  |  |" in lines()


def test_the_tests_are_told_in_their_own_words() -> None:
    assert "| 9 passed in 280.00s | 300 | 500 |" in lines()
