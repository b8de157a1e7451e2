"""`make mutants`: takes each security property, and each limit of the loader, away in a copy of the project, and shows
that a test notices.

`python -m tests.mutation Lambda "cache key"` takes those alone that are named so.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.mutation.mutant import Mutant
from tests.mutation.mutants import MUTANTS
from tests.synthesis import TOP


def main(words: Sequence[str]) -> int:
    mutants = [mutant for mutant in MUTANTS if not words or any(word in mutant.lost for word in words)]
    table = Table("lost", "noticed by")
    survivors = 0
    with tempfile.TemporaryDirectory() as directory:
        unbroken = copy_of_the_project(Path(directory) / "unbroken")
        failed = first_failure(unbroken, sorted({test for mutant in mutants for test in mutant.tests}))
        if failed:
            raise RuntimeError(f"{failed} fails before anything is lost")
        for number, mutant in enumerate(mutants):
            copy = copy_of_the_project(Path(directory) / str(number))
            file = copy / mutant.file
            file.write_text(mutated(file.read_text(), mutant))
            noticed = first_failure(copy, mutant.tests)
            survivors += noticed is None
            table.add_row(
                mutant.lost, escape(noticed) if noticed else f"[bold red]nothing in {', '.join(mutant.tests)}"
            )
    Console(width=160).print(table)
    return 1 if survivors else 0


def copy_of_the_project(directory: Path) -> Path:
    """The files that git knows, as they are now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, target)
    # What is installed, which synthesis copies from.
    (directory / "node_modules").symlink_to(TOP / "node_modules")
    return directory


def first_failure(copy: Path, tests: Sequence[str]) -> str | None:
    """The first of `tests` that fails in `copy`; None if none does."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=600, check=False)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if done.returncode not in (0, 1) or (done.returncode == 1 and not failed):
        raise RuntimeError(f"{', '.join(tests)} did not run:\n{done.stdout[-2000:]}")
    return failed[0].removeprefix("FAILED ").partition(" - ")[0] if failed else None


def mutated(source: str, mutant: Mutant) -> str:
    """The source without the property. Raises ValueError unless `old` stands in it exactly once."""
    count = source.count(mutant.old)
    if count != 1:
        raise ValueError(f"{mutant.file} has {mutant.old!r} {count} times; a mutant needs it once")
    return source.replace(mutant.old, mutant.new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
