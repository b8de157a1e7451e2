"""The subjects do the same, and are really run."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.gateways import read_templates
from bench.runs import Run, Subject, SubjectFailedError, alternate, run
from bench.runs import synthesize as run_subject
from bench.subject_list import EMPTY, SUBJECTS
from bench.subjects.by_hand import define_stacks
from ml_gateway import load_config
from tests.synthesis import TOP, new_app, synthesize

CORE = {
    "AWS::ApiGateway::ApiKey": 1,
    "AWS::ApiGateway::Deployment": 1,
    "AWS::ApiGateway::Method": 1,
    "AWS::ApiGateway::Resource": 1,
    "AWS::ApiGateway::RestApi": 1,
    "AWS::ApiGateway::Stage": 1,
    "AWS::ApiGateway::UsagePlan": 1,
    "AWS::ApiGateway::UsagePlanKey": 1,
    "AWS::CloudFront::CachePolicy": 1,
    "AWS::CloudFront::Distribution": 1,
    "AWS::Logs::LogGroup": 1,
    "AWS::SecretsManager::Secret": 1,
    "AWS::WAFv2::WebACL": 1,
}
# What ours has on top: the firewall's log, and the headers policy that names the region and hides the server.
OURS = {
    "AWS::CloudFront::ResponseHeadersPolicy": 1,
    "AWS::Logs::LogGroup": 1,
    "AWS::WAFv2::LoggingConfiguration": 1,
}
INSTALLED = {
    "solutions_constructs": TOP / ".venv-bench" / ".installed",
    "typescript_by_hand": TOP / "bench" / "typescript" / "node_modules" / ".installed",
}


@pytest.fixture(scope="module", params=["ml_gateway", "python_by_hand", "solutions_constructs", "typescript_by_hand"])
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the subject writes. Two are really run: what they need is not in this environment, see `make bench`."""
    match request.param:
        case "ml_gateway":
            return list(synthesize(load_config(TOP / "gateway.yaml")).values())
        case "python_by_hand":
            app = new_app()
            define_stacks(app)
            return [stack.template for stack in app.synth().stacks]
    if not INSTALLED[request.param].exists():
        pytest.skip(f"{request.param} is not installed: make bench")
    output = tmp_path_factory.mktemp("subjects") / request.param
    run_subject(subject_called(request.param), output)
    return read_templates(output)


def subject_called(name: str) -> Subject:
    (subject,) = (each for each in SUBJECTS if each.name == name)
    return subject


def test_subject_defines_the_same_core_in_two_stacks(
    request: pytest.FixtureRequest, templates: list[dict[str, Any]]
) -> None:
    types = Counter(resource["Type"] for template in templates for resource in template["Resources"].values())
    assert len(templates) == 2
    ours = request.node.callspec.params["templates"] == "ml_gateway"
    assert types == Counter(CORE) + (Counter(OURS) if ours else Counter())


def test_method_of_the_subject_requires_a_key_and_passes_on_to_the_model(templates: list[dict[str, Any]]) -> None:
    (method,) = (
        resource["Properties"]
        for template in templates
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Method"
    )
    assert (method["HttpMethod"], method["ApiKeyRequired"]) == ("POST", True)
    assert method["Integration"]["Type"] == "HTTP_PROXY"
    assert method["Integration"]["Uri"] == "https://model.example.com/invocations"


def test_distribution_of_the_subject_sends_the_secret(templates: list[dict[str, Any]]) -> None:
    (distribution,) = (
        resource["Properties"]["DistributionConfig"]
        for template in templates
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::Distribution"
    )
    (origin,) = distribution["Origins"]
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == "x-api-key"
    assert "{{resolve:secretsmanager:" in json.dumps(header["HeaderValue"])


def test_empty_app_is_really_run_and_measured(tmp_path: Path) -> None:
    measured = run_subject(subject_called(EMPTY), tmp_path / "empty")
    assert measured.seconds > 0
    assert measured.cpu_seconds > 0
    assert measured.peak_memory > 2**20
    types = [
        resource["Type"]
        for template in read_templates(tmp_path / "empty")
        for resource in template["Resources"].values()
    ]
    assert types == ["AWS::CloudFormation::WaitConditionHandle"] * 2
    report = json.loads((tmp_path / "empty" / "validation-report.json").read_text())
    assert report["pluginReports"] == []


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


def test_versions_of_the_subjects_are_ours() -> None:
    ours = set((TOP / "requirements.in").read_text().splitlines())
    bench = [line for line in (TOP / "requirements-bench.in").read_text().splitlines() if not line.startswith("#")]
    shared = {line for line in bench if not line.startswith("aws-solutions-constructs")}
    assert {line.split("==")[0] for line in shared} == {"aws-cdk-lib", "cdk-nag", "constructs", "jsii"}
    assert shared <= ours
    typescript = json.loads((TOP / "bench" / "typescript" / "package.json").read_text())["dependencies"]
    assert {f"{name}=={version}" for name, version in typescript.items()} <= ours
    assert len(typescript) == 3
