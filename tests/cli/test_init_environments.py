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
    synthesize, deploy = (jobs(TWO, DEPLOY)[name] for name in ("synthesize", "deploy"))
    # GitHub asks the reviewers of a job's environment before the job begins.
    assert (deploy["environment"], deploy["needs"]) == ("${{ inputs.environment }}", "synthesize")
    assert synthesize["env"] == {"FILE": "${{ inputs.file }}"}
    assert 'npx cdk synth --quiet -c "config=$FILE"' in [step.get("run") for step in synthesize["steps"]]
    up, down = (
        next(step["with"] for step in job["steps"] if f"/{kind}-artifact@" in step.get("uses", ""))
        for job, kind in ((synthesize, "upload"), (deploy, "download"))
    )
    assert (up["name"], up["path"]) == (down["name"], down["path"]) == ("assembly-${{ inputs.environment }}", "cdk.out")


def test_where_there_is_a_token_nothing_of_python_is_installed_and_no_script_of_a_package_runs() -> None:
    deploy = jobs(TWO, DEPLOY)["deploy"]
    assert [step["run"] for step in deploy["steps"] if "run" in step] == [
        "npm install --no-audit --no-fund --ignore-scripts",
        "npx cdk deploy --all --app cdk.out --require-approval never",
    ]


@pytest.mark.parametrize("environment", ["true", "null", "no", "n1", "staging"])
def test_an_environment_is_a_text_whatever_its_name(environment: str) -> None:
    (job,) = [job for name, job in jobs((environment,)).items() if name.startswith("deploy-")]
    assert job["with"] == {"environment": environment, "file": f"{environment}.yaml"}


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


GIT = """#!/bin/sh
case "$1 $2" in
    "show abc:"*) [ "$WAS" != none ] && echo "env:" && echo "  FILES: $WAS" ;;
    "cat-file -e") [ "$3" != abc:new.yaml ] ;;
esac
"""


@pytest.mark.parametrize(
    ("was", "now", "labelled", "status", "summary"),
    [
        ("staging.yaml", "staging.yaml", "", 0, ["diff abc --file staging.yaml"]),
        ("bad.yaml staging.yaml", "bad.yaml staging.yaml", "", 1,
         ["diff abc --file bad.yaml", "diff abc --file staging.yaml"]),
        ("staging.yaml", "new.yaml staging.yaml", "", 0,
         ["new.yaml is new: compared with nothing.", "diff abc --file staging.yaml"]),
        ("old.yaml", "new.yaml", "", 1, ["new.yaml is new: ", "old.yaml is not deployed any more: "]),
        ("old.yaml", "new.yaml", "--labelled", 0, ["new.yaml is new: ", "old.yaml is not deployed any more: "]),
        ("", "staging.yaml", "", 0, ["diff abc --file staging.yaml"]),
        ("none", "staging.yaml", "", 0, ["diff abc --file staging.yaml"]),
    ],
)  # fmt: skip
def test_the_review_fails_for_what_is_lost_also_with_a_file(
    tmp_path: Path, was: str, now: str, labelled: str, status: int, summary: list[str]
) -> None:
    """The script of the workflow itself, with a command that answers as `diff` does. Another name is another file."""
    script = jobs(TWO)["review"]["steps"][-1]["run"]
    for name, text in (("ml-gateway", '#!/bin/sh\necho "$@"\n[ "$4" != bad.yaml ]\n'), ("git", GIT)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "summary").write_text("")
    said = {"BASE": "abc", "WAS": was, "FILES": now, "LABELLED": labelled, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    command = ["bash", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, env={**said, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}, check=False)
    assert done.returncode == status
    lines = (tmp_path / "summary").read_text().splitlines()
    assert len(lines) == len(summary)
    assert all(line.startswith(start) for line, start in zip(lines, summary, strict=True)), lines


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
