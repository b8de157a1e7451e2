"""`ml-gateway diff` between the file here and a commit, and what it cannot compare."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import RunCommand
from tests.review.conftest import Assemble, assemble  # noqa: F401 (a fixture)

FILE = """name: acme-ml
regions: [us-east-1]
models:
  predict: {url: "https://model.example.com/invocations"}
plans:
  default: {rate: 2/s, burst: 10}
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder within a repository, with the file at the commit `deployed`."""
    folder = tmp_path / "deploy"
    folder.mkdir()
    (folder / "gateway.yaml").write_text(FILE)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "deployed")
    git(tmp_path, "tag", "deployed")
    monkeypatch.chdir(folder)
    return folder


def test_the_file_here_against_a_commit(run_command: RunCommand, project: Path) -> None:
    file = project / "gateway.yaml"
    file.write_text(FILE.replace("burst: 10", "burst: 20").replace("  predict:", "  churn:"))
    # The whole path means the same file, and on the other side that of the commit.
    said = run_command("diff", "deployed", "--file", file)
    assert said.status == 1
    assert "model <code>predict</code>: <code>https://&lt;distribution&gt;/predict</code> stops answering" in said.out
    assert "<code>Throttle.BurstLimit</code>: <code>10</code> → <code>20</code>" in said.out
    assert sorted(path.name for path in project.iterdir()) == ["gateway.yaml"]


def test_an_environment_is_compared_with_what_it_was_and_extended_then(run_command: RunCommand, project: Path) -> None:
    """Its base lies above the current folder, and is in no archive; a link that leads out of the repository is in
    nobody's way."""
    (project / "prod").mkdir()
    (project / "prod" / "gateway.yaml").write_text("extends: ../gateway.yaml\nname: acme-prod\n")
    (project / "elsewhere").symlink_to("/etc")
    (project.parent / ".gitattributes").write_text("gateway.yaml export-ignore\n")
    git(project.parent, "add", ".")
    git(project, "commit", "--quiet", "--message", "prod")
    (project / "gateway.yaml").write_text(FILE.replace("burst: 10", "burst: 20"))
    with pytest.MonkeyPatch.context() as inside:
        inside.chdir(project / "prod")
        inside.setenv("CDK_VALIDATION", "false")  # seconds; the test above has it
        said = run_command("diff", "HEAD")
        before = run_command("diff", "deployed")
    assert said.status == 0, said.err
    assert "<code>Throttle.BurstLimit</code>: <code>10</code> → <code>20</code>" in said.out
    assert "acme-prod-api" in said.out
    assert (before.status, before.out) == (2, "")
    assert before.err == "'deployed' has no folder deploy/prod/ yet, so there is no file to compare with\n"


def test_what_lies_outside_is_not_compared_with_itself(
    run_command: RunCommand, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link of the commit leads to what is there now."""
    outside = tmp_path_factory.mktemp("outside") / "gateway.yaml"
    outside.write_text(FILE)
    file = project / "gateway.yaml"
    file.unlink()
    file.symlink_to(outside)
    git(project, "commit", "--quiet", "--all", "--message", "linked")
    file.unlink()
    file.write_text(FILE.replace("burst: 10", "burst: 20"))
    with pytest.MonkeyPatch.context() as inside:
        inside.setenv("CDK_VALIDATION", "false")
        said = run_command("diff", "HEAD")
    assert (said.status, said.out) == (2, "")
    assert "gateway.yaml at HEAD" in said.err


@pytest.mark.parametrize("outside", ["../gateway.yaml", "/gateway.yaml"])
def test_a_file_elsewhere_is_compared_with_no_commit(run_command: RunCommand, project: Path, outside: str) -> None:
    said = run_command("diff", "deployed", "--file", outside)
    assert (said.status, said.out) == (2, "")
    assert said.err == f"{outside} is not below the current folder, so no commit is read for it; go there\n"
    assert project.exists()


def test_what_was_accepted_is_no_failure(
    run_command: RunCommand,
    assemble: Assemble,  # noqa: F811 (a fixture)
) -> None:
    old, new = assemble(), assemble(stage="v2")
    assert run_command("diff", old, new).status == 1
    assert run_command("diff", old, new, "--labelled").status == 0
    assert run_command("diff", old, old).out.endswith("\nNo difference in resources or outputs.\n")


def test_for_a_script_there_is_an_object(run_command: RunCommand, assemble: Assemble) -> None:  # noqa: F811 (a fixture)
    models = {"other": {"url": "https://other.example.com/score"}}
    old, new = assemble(), assemble(models=models, plans={"default": {"rate": "2/s", "burst": 20}}, tags={"a": "b"})
    said = run_command("diff", old, new, "--json")
    found = json.loads(said.out)
    assert said.status == 1
    (lost,) = found["lost"]
    assert lost["stack"] == "acme-ml-api"
    assert lost["region"] == "us-east-1"
    assert lost["what"].startswith("model predict: https://<distribution>/predict stops answering")
    (plan,) = [each for each in found["changes"] if each.get("type") == "AWS::ApiGateway::UsagePlan"]
    assert (plan["kind"], plan["properties"]["Throttle.BurstLimit"]) == ("changed", {"old": 10, "new": 20})
    (api,) = [each["api"] for each in found["changes"] if "api" in each]
    assert {(row["kind"], row["what"]) for row in api} == {("removed", "model predict"), ("added", "model other")}
    assert json.loads(run_command("diff", old, old, "--json").out) == {"lost": [], "changes": []}
    assert run_command("diff", old, new, "--json", "--labelled").status == 0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("old", ["nope", "--", "deployed:gateway.yaml", "-x"])
def test_what_is_no_commit_is_said(run_command: RunCommand, old: str) -> None:
    said = run_command("diff", old)
    assert (said.status, said.out) == (2, "")
    assert "Traceback" not in said.err


def test_without_a_repository_an_assembly_is_asked_for(
    run_command: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run_command("diff", "main")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(
        "'main' is neither a folder with an assembly nor a commit of a repository here: fatal: not"
    )
    empty = run_command("diff", tmp_path, tmp_path)
    assert (empty.status, empty.out, empty.err.count("\n")) == (2, "", 1)


def test_a_file_that_cannot_be_synthesized_is_said_with_its_problems(run_command: RunCommand, project: Path) -> None:
    (project / "gateway.yaml").write_text(FILE.replace("us-east-1", "us-east1"))
    said = run_command("diff", "deployed")
    assert (said.status, said.out) == (2, "")
    first, second = said.err.splitlines()
    assert first == "gateway.yaml cannot be synthesized:"
    assert second.startswith("gateway.yaml:2: regions[0]: 'us-east1' is not a commercial region")
