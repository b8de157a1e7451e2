"""A file is a room that one can overlook: 250 lines at most. Snapshots, locks and what is generated do not count."""

import subprocess
from pathlib import Path

import pytest

from tests.synthesis import TOP

MOST_LINES = 250
ENDINGS = {".py", ".pyi", ".js", ".mjs"}


def sources() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    found = [TOP / name for name in listed.split("\0") if name]
    return [path for path in found if path.suffix in ENDINGS and "__snapshots__" not in path.parts and path.exists()]


def too_long(path: Path) -> bool:
    return len(path.read_text().splitlines()) > MOST_LINES


def test_no_file_is_too_long_to_overlook() -> None:
    found = sources()
    assert len(found) > 300
    assert [str(path.relative_to(TOP)) for path in found if too_long(path)] == []


@pytest.mark.parametrize(("lines", "refused"), [(250, False), (251, True)])
def test_a_longer_file_is_found(tmp_path: Path, lines: int, refused: bool) -> None:
    path = tmp_path / "long.py"
    path.write_text("pass\n" * lines)
    assert too_long(path) is refused
