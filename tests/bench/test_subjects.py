"""The subjects do the same, and are really run."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bench.gateways import read_templates
from bench.runs import Run, Subject, SubjectFailedError, alternate, run
from bench.runs import synthesize as run_subject
from bench.subject_list import EMPTY, OURS, SUBJECTS
from bench.subjects.by_hand import define_stacks
from ml_gateway import define_gateway, load_config
from tests.bench.assemblies import acknowledged_rules, comparable_resources, findings, only_resource
from tests.synthesis import TOP, new_app

TYPES = {
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
    "AWS::CloudFront::ResponseHeadersPolicy": 1,
    "AWS::Logs::LogGroup": 2,
    "AWS::SecretsManager::Secret": 1,
    "AWS::WAFv2::LoggingConfiguration": 1,
    "AWS::WAFv2::WebACL": 1,
}
MORE_ACKNOWLEDGED = {
    # WafwebaclToCloudFront joins the web ACL by an override, where the rule pack does not see it.
    "solutions_constructs": {"AwsSolutions-CFR2": 1},
}
INSTALLED = {
    "solutions_constructs": TOP / ".venv-bench" / ".installed",
    "typescript_by_hand": TOP / "bench" / "typescript" / "node_modules" / ".installed",
}
OTHERS = ["python_by_hand", "solutions_constructs", "typescript_by_hand"]


def subject_called(name: str) -> Subject:
    """Skips a test of a subject whose packages are not there: they are not in this environment, see `make bench`."""
    if name in INSTALLED and not INSTALLED[name].exists():
        pytest.skip(f"{name} is not installed: make bench")
    (subject,) = (each for each in SUBJECTS if each.name == name)
    return subject


def spoiled(subject: Subject) -> Subject:
    """The subject with a resource that no check may pass, see spoiled.py."""
    program, *arguments = subject.command
    if program == "node":
        return replace(subject, command=(program, "--import", "./tests/bench/spoiled.mjs", *arguments))
    module = arguments[-1].removesuffix(".py")
    return replace(subject, command=(program, "-m", "tests.bench.spoiled", module))


@pytest.fixture(scope="module")
def ours() -> Path:
    app = new_app()
    define_gateway(app, load_config(TOP / "gateway.yaml"))
    return Path(app.synth().directory)


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of another subject. Two are really run, as what they need is not in this environment."""
    if request.param == "python_by_hand":
        app = new_app()
        define_stacks(app)
        return Path(app.synth().directory)
    subject = subject_called(request.param)
    output: Path = tmp_path_factory.mktemp("subjects") / request.param
    run_subject(subject, output)
    return output


def test_default_gateway_is_what_the_subjects_are_told_to_be(ours: Path) -> None:
    """So that the comparisons below are not between two that have nothing."""
    assert {name: len(resources) for name, resources in comparable_resources(ours).items()} == TYPES
    rules = only_resource(ours, "AWS::WAFv2::WebACL")["Rules"]
    groups = [rule["Statement"].get("ManagedRuleGroupStatement", {}) for rule in rules]
    assert [len(group.get("RuleActionOverrides", ())) for group in groups] == [0, 2, 12, 22]
    headers = only_resource(ours, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert len(headers["RemoveHeadersConfig"]["Items"]) == 3
    distribution = only_resource(ours, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert len(distribution["CustomErrorResponses"]) == 11
    assert len(distribution["Origins"][0]["OriginCustomHeaders"]) == 1


@pytest.mark.parametrize("resource_type", TYPES)
def test_subject_defines_the_same_resources_with_the_same_properties(
    ours: Path, other: Path, resource_type: str
) -> None:
    assert comparable_resources(other)[resource_type] == comparable_resources(ours)[resource_type]


def test_subject_defines_nothing_else(ours: Path, other: Path) -> None:
    assert comparable_resources(other).keys() == set(TYPES)
    for mine, theirs in zip(read_templates(ours), read_templates(other), strict=True):
        assert len(theirs["Resources"]) == len(mine["Resources"])
        assert len(theirs["Outputs"]) == len(mine["Outputs"])


def test_subject_acknowledges_the_same_findings(request: pytest.FixtureRequest, ours: Path, other: Path) -> None:
    expected = acknowledged_rules(ours)
    assert expected.total() == 9
    more = MORE_ACKNOWLEDGED.get(request.node.callspec.params["other"], {})
    assert acknowledged_rules(other) == expected + Counter(more)


def test_empty_app_is_really_run_and_measured(tmp_path: Path) -> None:
    measured = run_subject(subject_called(EMPTY), tmp_path / "empty")
    assert measured.seconds > 0
    assert measured.cpu_seconds > 0
    assert measured.peak_memory > 2**20
    (resources,) = comparable_resources(tmp_path / "empty").values()
    assert [resource["Type"] for resource in resources] == ["AWS::CloudFormation::WaitConditionHandle"] * 2


@pytest.mark.parametrize("name", [EMPTY, OURS, *OTHERS])
def test_subject_runs_both_checks_and_fails_on_their_findings(name: str, tmp_path: Path) -> None:
    """A report names only checks that found something. Nothing is found but what was spoiled."""
    with pytest.raises(SubjectFailedError, match="ValidationFailed"):
        run_subject(spoiled(subject_called(name)), tmp_path / name)
    assert findings(tmp_path / name) == {
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


def test_versions_of_the_subjects_are_ours() -> None:
    ours = set((TOP / "requirements.in").read_text().splitlines())
    bench = [line for line in (TOP / "requirements-bench.in").read_text().splitlines() if not line.startswith("#")]
    shared = {line for line in bench if not line.startswith("aws-solutions-constructs")}
    assert {line.split("==")[0] for line in shared} == {"aws-cdk-lib", "cdk-nag", "constructs", "jsii"}
    assert shared <= ours
    typescript = json.loads((TOP / "bench" / "typescript" / "package.json").read_text())["dependencies"]
    assert {f"{name}=={version}" for name, version in typescript.items()} <= ours
    assert len(typescript) == 3
