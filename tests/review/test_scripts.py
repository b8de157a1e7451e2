"""The two scripts around the command: `make review` on a repository, and the comment on the pull request."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ml_gateway.review.comment import MARKER
from tests.review.assemblies import LOG_GROUP, resource, write_assembly
from tests.synthesis import TOP, Json

# "Synthesis" is a copy here, by the CLI that is installed. make, which would install another one first, fails.
CDK = """#!/usr/bin/env bash
echo "cdk $*" >&2
cp -r templates cdk.out
"""
MAKEFILE = "synth:\n\tfalse install what the base pins\n"

# What `gh` does with its arguments, but without GitHub: it writes them down and answers from a file.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$CALLS"
while (( $# )); do
    if [[ $1 == --jq ]]; then jq --raw-output "$2" "$COMMENTS"; fi
    shift
done
"""


def git(repository: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)


def make_repository(folder: Path) -> Path:
    """A repository whose one commit deploys a log group, and whose working tree does not."""
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(TOP / ".ci" / "review", folder / ".ci")
    (folder / "Makefile").write_text(MAKEFILE)
    (folder / ".gitignore").write_text("node_modules\ncdk.out\n")
    for lock in ("requirements-dev.txt", "package-lock.json"):
        (folder / lock).write_text("{}")
    (folder / "node_modules" / ".bin").mkdir(parents=True)
    (folder / "node_modules" / ".bin" / "cdk").write_text(CDK)
    (folder / "node_modules" / ".bin" / "cdk").chmod(0o755)
    write_assembly(folder / "templates", {"api": {"Log": LOG_GROUP}})
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=base")
    shutil.rmtree(folder / "templates")
    write_assembly(folder / "templates", {"api": {"Topic": resource("AWS::SNS::Topic")}})
    shutil.copytree(folder / "templates", folder / "cdk.out")
    return folder


def run_script(repository: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [repository / ".ci" / "review", *arguments],
        env=os.environ | {"PYTHONPATH": str(TOP), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_working_tree_is_compared_with_the_commit_and_nothing_is_left_behind(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository")
    done = run_script(repository, "main")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(MARKER + "\n")
    assert "| removed | <code>Log</code>" in done.stdout
    assert "| added | <code>Topic</code>" in done.stdout
    assert done.stderr == "cdk synth --quiet\n"
    listed = subprocess.run(["git", "worktree", "list"], cwd=repository, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 1
    assert (repository / "node_modules" / ".bin" / "cdk").read_text() == CDK


def test_the_file_that_make_was_told_is_the_one_that_is_compared(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository")
    done = run_script(repository, "main", CONFIG="examples/a b.yaml")
    assert done.stderr == "cdk synth --quiet -c config=examples/a b.yaml\n"


def test_other_pins_are_not_synthesized_with_what_is_installed_here(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository")
    (repository / "requirements-dev.txt").write_text("other")
    done = run_script(repository, "main")
    assert done.returncode == 2
    assert "false install what the base pins" in done.stderr
    assert done.stdout == ""


def test_without_a_base_the_script_says_what_to_name(tmp_path: Path) -> None:
    done = run_script(make_repository(tmp_path / "repository"))
    assert done.returncode == 1
    assert "BASE is not set" in done.stderr


@pytest.mark.skipif(
    shutil.which("jq") is None,
    reason="optional: jq, in place of the one inside gh, would find the comment to change",
)
@pytest.mark.parametrize(
    ("comments", "call"),
    [
        ([], "--method POST repos/o/r/issues/7/comments --field body=@"),
        ([("github-actions[bot]", f"{MARKER}\nold")], "--method PATCH repos/o/r/issues/comments/100 --field body=@"),
        ([("github-actions[bot]", f"{MARKER}\r\nold")], "--method PATCH repos/o/r/issues/comments/100 --field body=@"),
        ([("somebody", f"{MARKER}\nold")], "--method POST repos/o/r/issues/7/comments --field body=@"),
        ([("github-actions[bot]", f"of another job\n{MARKER}")], "--method POST repos/o/r/issues/7/comments"),
        (
            [("somebody", "a"), ("github-actions[bot]", f"{MARKER}\na"), ("github-actions[bot]", f"{MARKER}\nb")],
            "--method PATCH repos/o/r/issues/comments/101 --field body=@",
        ),
    ],
)
def test_one_comment_is_written_and_then_kept_up_to_date(
    tmp_path: Path, comments: list[tuple[str, str]], call: str
) -> None:
    answer: list[Json] = [
        {"id": number, "user": {"login": login}, "body": body} for number, (login, body) in enumerate(comments, 100)
    ]
    (tmp_path / "comments.json").write_text(json.dumps(answer))
    (tmp_path / "comment.md").write_text(f"{MARKER}\nnew\n")
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "o/r",
        "CALLS": str(tmp_path / "calls"),
        "COMMENTS": str(tmp_path / "comments.json"),
    }
    subprocess.run([TOP / ".ci" / "comment", "7", tmp_path / "comment.md"], env=environment, check=True, timeout=60)
    looked, wrote = (tmp_path / "calls").read_text().splitlines()
    assert looked.startswith("api --paginate repos/o/r/issues/7/comments ")
    assert call in wrote


def compare(folder: Path, *, was: str, now: str, labelled: str = "") -> subprocess.CompletedProcess[str]:
    """What the job that comments runs, in a checkout of the base whose workflow has the files `was`."""
    for path in (".ci/compare", ".github/workflows/review.yaml"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / path, folder / path)
    workflow = folder / ".github" / "workflows" / "review.yaml"
    assert "\n  FILES: gateway.yaml\n" in workflow.read_text()
    workflow.write_text(workflow.read_text().replace("FILES: gateway.yaml", f"FILES: {was}"))
    said = {"PYTHONPATH": str(TOP), "FILES": now, "LABELLED": labelled}
    return subprocess.run(
        [folder / ".ci" / "compare", "assemblies"],
        cwd=folder, env=os.environ | said, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    """Both sides of two environments: staging.yaml loses something, envs/prod.yaml changes nothing."""
    for file in ("staging.yaml", "envs/prod.yaml"):
        write_assembly(tmp_path / "assemblies" / "base" / file, {"api": {"Log": LOG_GROUP}})
    write_assembly(tmp_path / "assemblies" / "head" / "envs/prod.yaml", {"api": {"Log": LOG_GROUP}})
    write_assembly(tmp_path / "assemblies" / "head" / "staging.yaml", {"api": {"Topic": resource("AWS::SNS::Topic")}})
    write_assembly(tmp_path / "assemblies" / "head" / "new.yaml", {"api": {"Log": LOG_GROUP}})
    return tmp_path


def test_each_environment_is_reviewed_in_one_comment(environments: Path) -> None:
    both = "envs/prod.yaml staging.yaml"
    done = compare(environments, was=both, now=both)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"{MARKER}\n## What a deploy would change: `envs/prod.yaml`\n")
    assert "## What a deploy would change: `staging.yaml`\n" in done.stdout
    assert done.stdout.index("No difference in resources") < done.stdout.index("| removed | <code>Log</code>")
    assert compare(environments, was=both, now=both, labelled="--labelled").returncode == 0
    assert compare(environments, was="envs/prod.yaml", now="envs/prod.yaml").returncode == 0


def test_an_environment_that_is_new_loses_nothing_and_one_that_goes_does(environments: Path) -> None:
    new = compare(environments, was="envs/prod.yaml", now="envs/prod.yaml new.yaml")
    assert (new.returncode, new.stdout.count("It is new: compared with nothing.")) == (0, 1)
    gone = compare(environments, was="staging.yaml envs/prod.yaml", now="envs/prod.yaml")
    assert gone.returncode == 1
    assert gone.stdout.endswith("`staging.yaml` is not deployed any more: what it deployed stays in the account.\n")
    assert compare(environments, was="staging.yaml", now="new.yaml", labelled="--labelled").returncode == 0


def test_a_side_that_cannot_be_read_is_no_review(environments: Path) -> None:
    (environments / "assemblies" / "head" / "staging.yaml" / "manifest.json").unlink()
    done = compare(environments, was="staging.yaml", now="staging.yaml")
    assert done.returncode == 2
    assert "manifest.json: No such file or directory" in done.stderr
