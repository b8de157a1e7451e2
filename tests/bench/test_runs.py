"""The subjects are really run, with both checks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.gateways import read_templates
from bench.runs import Run, Subject, SubjectFailedError, alternate, run
from bench.runs import synthesize as run_subject
from bench.subject_list import EMPTY, SUBJECTS


def subject_called(name: str) -> Subject:
    (subject,) = (each for each in SUBJECTS if each.name == name)
    return subject


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


def test_empty_app_is_really_run_and_measured(tmp_path: Path) -> None:
    measured = run_subject(subject_called(EMPTY), tmp_path / "empty")
    assert measured.seconds > 0
    assert measured.cpu_seconds > 0
    assert measured.peak_memory > 2**20
    templates = read_templates(tmp_path / "empty")
    types = [resource["Type"] for template in templates for resource in template["Resources"].values()]
    assert types == ["AWS::CloudFormation::WaitConditionHandle"] * 2


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_subject_runs_both_checks_and_fails_on_their_findings(subject: Subject, tmp_path: Path) -> None:
    """A report names only checks that found something. Nothing is found but what was spoiled."""
    with pytest.raises(SubjectFailedError, match="ValidationFailed"):
        run_subject(spoiled(subject), tmp_path / subject.name)
    assert findings(tmp_path / subject.name) == {
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

    monkeypatch.setattr("bench.runs.synthesize", record)
    subjects = [Subject(name=name, command=(name,)) for name in ("a", "b")]
    runs = alternate(subjects, rounds=2, directory=tmp_path)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert {name: [run.seconds for run in each] for name, each in runs.items()} == {"a": [3, 5], "b": [4, 6]}


def test_subject_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(SubjectFailedError, match=r"ended with 3: (?s:.*)no gateway today"):
        run(["bash", "-c", "echo no gateway today; exit 3"], log=tmp_path / "log")
