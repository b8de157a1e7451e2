"""`ml-gateway diff`: what a change of the file means for callers and for what holds state."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from ml_gateway.cli.files import CDK_SETTINGS, usual_file
from ml_gateway.review.as_json import as_json
from ml_gateway.review.assembly import AssemblyError, read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.comment import render
from ml_gateway.review.guards import findings


class DiffError(Exception):
    """The two sides cannot be compared; the message says why."""


def diff(
    old: str, new: Path | None = None, *, file: Path | None = None, labelled: bool = False, json_: bool = False
) -> int:
    """Say what a deploy would change, first what callers or operators would lose by it, as Markdown.

    Nothing is deployed, and no account is asked. Exits with 1 if something guarded would be lost, unless that is
    accepted.

    Parameters
    ----------
    old
        What is deployed: an assembly (a cdk.out folder), or a commit, branch or tag of the repository around here.
    new
        The assembly that would be deployed; by default the file as it is here, synthesized now.
    file
        The file to synthesize; by default the one that cdk.json names, or gateway.yaml.
    labelled
        Accept that what is guarded is lost: the label of the pull request says so.
    json_
        Print an object with what is lost and what differs, in place of Markdown.
    """
    with tempfile.TemporaryDirectory(prefix="ml-gateway-") as folder:
        try:
            before, after = _assemblies(old, new, file or usual_file(), Path(folder))
            assemblies = read_assembly(before), read_assembly(after)
        except AssemblyError as error:
            # One line, whatever names the assembly brings along.
            said = " ".join(str(error).split())
            print(f"{said}; name a cdk.out folder, or a commit, branch or tag", file=sys.stderr)
            return 2
        except DiffError as error:
            print(error, file=sys.stderr)
            return 2
    changes = compare(*assemblies)
    found = findings(changes, old=assemblies[0], new=assemblies[1])
    print(as_json(changes, found) if json_ else render(changes, found, labelled=labelled).rstrip("\n"))
    return 1 if found and not labelled else 0


def _assemblies(old: str, new: Path | None, file: Path, folder: Path) -> tuple[Path, Path]:
    """The folders of both, of which those that are synthesized here lie in `folder`."""
    before = Path(old)
    then = None
    if not before.is_dir():
        file = _below_here(file)
        then = _checked_out(old, folder / "then")
    # First, as a file that somebody has just written is the one with something wrong.
    after = new or _synthesized(file, at=Path(), out=folder / "new", called=str(file))
    if then:
        # What is deployed was validated when it was: seconds that would tell nothing new.
        before = _synthesized(file, at=then, out=folder / "old", called=f"{file} at {old}", CDK_VALIDATION="false")
    return before, after


def _below_here(file: Path) -> Path:
    """Relative to the current folder, as the commit has it: another path would lead out of what was checked out, and
    compare the file with itself."""
    try:
        return file.resolve().relative_to(Path.cwd())
    except ValueError:
        raise DiffError(f"{file} is not below the current folder, so no commit is read for it; go there") from None


def _checked_out(commit: str, folder: Path) -> Path:
    """The current folder as the commit has it: below `folder`, where all of the commit is written, as a file there may
    extend one that lies above."""
    top = _git(commit, "rev-parse", "--show-toplevel")
    below = _git(commit, "rev-parse", "--show-prefix")
    tree = _git(commit, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}")
    # By an index of its own. Not by an archive: that leaves out what has the attribute export-ignore.
    index = {"GIT_INDEX_FILE": str(folder.with_suffix(".index"))}
    _git(commit, "-C", top, "read-tree", tree, **index)
    _git(commit, "-C", top, "checkout-index", "--all", f"--prefix={folder}/", **index)
    _keep_inside(folder)
    if not (folder / below).is_dir():
        raise DiffError(f"{commit!r} has no folder {below} yet, so there is no file to compare with")
    return folder / below


def _keep_inside(folder: Path) -> None:
    """Without links that lead out: what they lead to is as it is now, not as the commit had it."""
    for path in list(folder.rglob("*")):
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            path.unlink()


def _git(commit: str, *arguments: str, **environment: str) -> str:
    """What git prints. Raises DiffError with the last thing that it says, where it says no."""
    try:
        done = subprocess.run(  # noqa: S603 (no shell, and what the user names is no option)
            ["git", *arguments],  # noqa: S607 (the git that the user has)
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise DiffError(f"{commit!r} is no folder with an assembly, and there is no git to look for a commit") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise DiffError(
            f"{commit!r} is neither a folder with an assembly nor a commit of a repository here: {' '.join(reason)}"
        )
    return os.fsdecode(done.stdout).rstrip("\n")


def _synthesized(file: Path, *, at: Path, out: Path, called: str, **environment: str) -> Path:
    """The assembly of the file as it stands in the folder `at`, by the package that is installed here."""
    try:
        context = json.loads((at / CDK_SETTINGS).read_text()).get("context", {})
    except (OSError, ValueError, AttributeError):
        context = {}
    said = {**os.environ, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps({**context, "config": str(file)})}
    with Console(stderr=True).status(f"synthesizing {called}"):
        done = subprocess.run(
            [sys.executable, "-m", "ml_gateway.cli", "app"],
            cwd=at,
            env={**said, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise DiffError(f"{called} cannot be synthesized:\n{done.stderr.strip()}")
    return out
