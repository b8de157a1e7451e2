"""Subjects are really run, with both checks, and what they take is summed up fairly."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.gateways import read_templates
from bench.runs import Run, Subject, SubjectFailedError, Summary, alternate, log_of, paired_ratio, run, summarize
from bench.subjects import EMPTY, empty_app, gateways


def spoiled(subject: Subject) -> Subject:
    """The subject with a resource that no check may pass, see spoiled.py."""
    program, *arguments = subject.command
    module = arguments[-1].removesuffix(".py")
    return replace(subject, command=(program, "-m", "tests.bench.spoiled", module))


def findings(assembly: Path) -> set[tuple[str, str, str]]:
    """All that the checks found: the plugin, its rule, and the id of the construct."""
    report = json.loads((assembly / "validation-report.json").read_text())
    return {
        (plugin["pluginName"], violation["ruleName"], construct["constructPath"].rpartition("/")[-1])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def script(text: str, *, models: int = 0) -> Subject:
    return Subject(name="script", command=(sys.executable, "-c", text), models=models)


def run_of(seconds: float, *, memory: int = 100) -> Run:
    return Run(seconds=seconds, cpu_seconds=2 * seconds, peak_memory=memory)


@pytest.fixture
def _unvalidated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds, where it is not what a test looks at."""
    monkeypatch.setenv("CDK_VALIDATION", "false")


@pytest.mark.usefixtures("_unvalidated")
def test_empty_app_is_really_run_and_measured(tmp_path: Path) -> None:
    measured = run(empty_app(), tmp_path / EMPTY)
    assert measured.seconds > 0
    assert measured.cpu_seconds > 0
    assert measured.peak_memory > 2**20
    templates = read_templates(tmp_path / EMPTY)
    types = [resource["Type"] for template in templates for resource in template["Resources"].values()]
    assert types == ["AWS::CloudFormation::WaitConditionHandle"] * 2


@pytest.mark.usefixtures("_unvalidated")
def test_gateway_is_really_run_with_its_models(tmp_path: Path) -> None:
    (subject,) = (each for each in gateways(tmp_path) if each.models == 10)
    run(subject, tmp_path / subject.name)
    stacks = [path.name for path in (tmp_path / subject.name).glob("*.template.json")]
    assert sorted(stacks) == [f"bench-10-{role}.template.json" for role in ("api-us-east-1", "edge", "keys")]


@pytest.mark.parametrize("role", ["empty app", "default gateway"])
def test_subject_runs_both_checks_and_fails_on_their_findings(role: str, tmp_path: Path) -> None:
    """A report names only checks that found something. Nothing is found but what was spoiled."""
    (subject,) = (each for each in (empty_app(), *gateways(tmp_path)) if each.name == role)
    with pytest.raises(SubjectFailedError, match="ValidationFailed"):
        run(spoiled(subject), tmp_path / role)
    assert findings(tmp_path / role) == {
        ("AwsSolutions", "AwsSolutions-SMG4", "Spoiled"),
        ("CloudFormation Validate", "F3002", "Spoiled"),
    }


def test_subjects_take_turns_and_the_first_round_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def record(subject: Subject, output: Path) -> Run:
        assert output.name == subject.name
        order.append(output.name)
        return Run(seconds=len(order), cpu_seconds=0, peak_memory=0)

    monkeypatch.setattr("bench.runs.run", record)
    subjects = [Subject(name=name, command=(name,)) for name in ("a", "b")]
    runs = alternate(subjects, rounds=2, directory=tmp_path)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert {name: [run.seconds for run in each] for name, each in runs.items()} == {"a": [3, 5], "b": [4, 6]}


def test_subject_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(SubjectFailedError, match=r"script ended with 3: (?s:.*)no gateway today"):
        run(script("print('no gateway today'); exit(3)"), tmp_path / "script")


def test_subject_that_synthesizes_fewer_models_than_its_file_has_is_refused(tmp_path: Path) -> None:
    write = "import os; open(os.environ['CDK_OUTDIR'] + '/a.template.json', 'w').write('https://m0.example.com/')"
    run(script(write, models=1), tmp_path / "right")
    with pytest.raises(SubjectFailedError, match="script has to write templates for 2 models, got 1"):
        run(script(write, models=2), tmp_path / "short")


def test_subject_of_another_checkout_runs_there_with_the_context_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text('{"context": {"theirs": "kept", "config": "replaced"}}')
    tell = "import os; print(os.getcwd(), os.environ['CDK_CONTEXT_JSON'])"
    subject = replace(script(tell), checkout=tmp_path, context=(("config", "10.yaml"),))
    run(subject, tmp_path / "out")
    assert log_of(tmp_path / "out").read_text() == f'{tmp_path} {{"theirs": "kept", "config": "10.yaml"}}\n'


def test_one_slow_run_does_not_move_the_median() -> None:
    summary = summarize([run_of(3.0, memory=300), run_of(1.0), run_of(60.0)])
    assert summary == Summary(seconds=3.0, fastest=1.0, cpu_seconds=6.0, peak_memory=100)


def test_no_runs_are_no_summary() -> None:
    with pytest.raises(ValueError, match="there are no runs to summarize"):
        summarize([])


def test_ratio_compares_within_each_round() -> None:
    # The second round was slow for both; the ratio of the medians would be 3 / 2.
    assert paired_ratio([2.0, 30.0, 3.0], [1.0, 15.0, 2.0]) == 2.0


def test_rounds_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired_ratio([1.0, 2.0], [1.0])
