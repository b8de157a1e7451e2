"""`ml-gateway init --environment`: a file for each environment, and workflows that deploy one after the other."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from ml_gateway.cli.new_project import rendered
from ml_gateway.reading import load_config
from tests.cli.conftest import RunCommand
from tests.cli.test_init import ANSWERS, FILES, RIGHT, SHIPPED, written
from tests.synthesis import TOP, Json

TWO = ("staging", "production")
WORKFLOW = ".github/workflows/gateway.yaml"
DEPLOY = ".github/workflows/deploy.yaml"


def jobs(environments: tuple[str, ...], file: str = WORKFLOW) -> dict[str, Json]:
    found: dict[str, Json] = yaml.safe_load(rendered(RIGHT, environments)[file])["jobs"]
    return found


def test_each_environment_is_a_gateway_of_its_own_on_top_of_one_file(run_command: RunCommand, tmp_path: Path) -> None:
    said = run_command("init", tmp_path, *ANSWERS, "--environment", "staging", "--environment", "production")
    assert (said.status, said.err, written(tmp_path)) == (0, "", FILES | {"staging.yaml", "production.yaml"})
    base, *others = (load_config(tmp_path / file) for file in ("gateway.yaml", "staging.yaml", "production.yaml"))
    assert [each.name for each in others] == ["acme-ml-staging", "acme-ml-production"]
    assert all(each.models == base.models for each in others)
    # What the CDK CLI takes when nobody names a file is the first one to be deployed.
    assert json.loads((tmp_path / "cdk.json").read_text())["context"]["config"] == "staging.yaml"


def test_they_are_deployed_one_after_the_other_each_with_its_own_gate() -> None:
    found = jobs(TWO)
    assert found["deploy-staging"]["needs"] == "check"
    assert found["deploy-production"]["needs"] == "deploy-staging"
    for environment in TWO:
        job = found[f"deploy-{environment}"]
        assert job["uses"] == f"./{DEPLOY}"
        assert job["with"] == {"environment": environment, "file": f"{environment}.yaml"}
    (deploy,) = jobs(TWO, DEPLOY).values()
    # GitHub asks the reviewers of a job's environment before the job begins.
    assert deploy["environment"] == "${{ inputs.environment }}"
    assert deploy["env"] == {"FILE": "${{ inputs.file }}"}
    assert 'npx cdk synth --quiet -c "config=$FILE"' in [step.get("run") for step in deploy["steps"]]


def test_without_environments_there_is_one_deploy_of_the_file() -> None:
    found = jobs(())
    assert [job for job in found if job.startswith("deploy")] == ["deploy-production"]
    assert found["deploy-production"]["with"] == {"environment": "production", "file": "gateway.yaml"}
    assert found["deploy-production"]["needs"] == "check"


@pytest.mark.parametrize(
    ("environments", "files"), [((), "gateway.yaml"), (TWO, "staging.yaml production.yaml"), (("eu",), "eu.yaml")]
)
def test_every_file_is_checked_synthesized_and_reviewed(environments: tuple[str, ...], files: str) -> None:
    workflow = yaml.safe_load(rendered(RIGHT, environments)[WORKFLOW])
    assert workflow["env"] == {"FILES": files}
    scripts = {
        name: [step["run"] for step in job.get("steps", ()) if "run" in step] for name, job in workflow["jobs"].items()
    }
    assert "ml-gateway check --format github $FILES" in scripts["check"]
    assert 'for file in $FILES; do npx cdk synth --quiet -c "config=$file"; done' in scripts["check"]
    assert "for file in $FILES; do" in scripts["review"][-1]


def test_what_a_review_finds_fails_it_and_what_is_new_is_none(tmp_path: Path) -> None:
    """The script of the workflow itself, with a command that answers as `diff` does."""
    script = jobs(TWO)["review"]["steps"][-1]["run"]
    (tmp_path / "ml-gateway").write_text('#!/bin/sh\necho "$@"\n[ "$4" != production.yaml ]\n')
    (tmp_path / "ml-gateway").chmod(0o755)
    (tmp_path / "git").write_text('#!/bin/sh\n[ "$3" != "$BASE:new.yaml" ]\n')
    (tmp_path / "git").chmod(0o755)
    summary = tmp_path / "summary"

    def status(files: str) -> int:
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BASE": "abc", "GITHUB_STEP_SUMMARY": str(summary)}
        summary.write_text("")
        command = ["bash", "-eo", "pipefail", "-c", script]
        return subprocess.run(command, env={**environment, "FILES": files, "LABELLED": ""}, check=False).returncode

    assert status("production.yaml staging.yaml") == 1
    assert summary.read_text() == "diff abc --file production.yaml\ndiff abc --file staging.yaml\n"
    assert status("new.yaml staging.yaml") == 0
    assert summary.read_text() == "diff abc --file staging.yaml\n"


@pytest.mark.parametrize("environments", [(), TWO])
def test_a_linter_of_workflows_finds_nothing(tmp_path: Path, environments: tuple[str, ...]) -> None:
    for file in (WORKFLOW, DEPLOY):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(rendered(RIGHT, environments)[file])
    done = subprocess.run(
        ["zizmor", "--offline", "--quiet", tmp_path], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_workflows_have_the_actions_the_permissions_and_the_versions_of_ours() -> None:
    texts = [rendered(RIGHT, TWO)[file] for file in (WORKFLOW, DEPLOY)]
    ours = "\n".join(path.read_text() for path in (TOP / ".github" / "workflows").glob("*.yaml"))
    used = {use for text in texts for use in re.findall(r"uses: (.*@.*)", text)}
    assert used
    assert used <= set(re.findall(r"uses: (.*)", ours))
    assert [yaml.safe_load(text)["permissions"] for text in texts] == [{}, {}]
    found = jobs(TWO) | jobs(TWO, DEPLOY)
    writers = {name for name, job in found.items() if job["permissions"] != {"contents": "read"}}
    assert writers == {"deploy", "deploy-staging", "deploy-production"}
    assert all(found[name]["permissions"] == {"contents": "read", "id-token": "write"} for name in writers)
    versions = re.findall(r"Python :: (3\.\d+)\"", (TOP / "pyproject.toml").read_text())
    assert found["check"]["strategy"]["matrix"] == {"os": ["ubuntu-24.04", "macos-15"], "python": versions}
    scripts = [step["run"] for job in found.values() for step in job.get("steps", ()) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize(
    ("environments", "message"),
    [
        (("Prod",), "'Prod' is no name of an environment; write "),
        (("../etc",), "'../etc' is no name of an environment; write "),
        (("a b",), "'a b' is no name of an environment; write "),
        (("staging", "staging"), "staging.yaml would be there twice; write another name for that environment\n"),
        (("gateway",), "gateway.yaml would be there twice; write another name for that environment\n"),
        (("pipeline-roles",), "pipeline-roles.yaml would be there twice; "),
        (("a" * 40,), "name: '" + f"acme-ml-{'a' * 40}" + "' is not a gateway name"),
    ],
)
def test_what_is_no_environment_is_one_message(
    run_command: RunCommand, tmp_path: Path, environments: tuple[str, ...], message: str
) -> None:
    named = [word for environment in environments for word in ("--environment", environment)]
    said = run_command("init", tmp_path / "new", *ANSWERS, *named)
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert said.err.startswith(message)
    assert not (tmp_path / "new").exists()


def test_the_linter_of_this_repository_sees_what_is_shipped() -> None:
    makefile = (TOP / "Makefile").read_text()
    for file in ("workflow.yaml", "deploy.yaml"):
        assert f"ml_gateway/cli/project/{file}" in makefile
        assert (SHIPPED / file).is_file()
