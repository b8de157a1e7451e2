"""Files that somebody could write, each refused with the report that stands in it.

A subject is a folder. A file that is accepted fails, and so does another sentence, place or line.
"""

from pathlib import Path

import pytest

from tests.refused.corpus import BETWEEN, FOLDER, MARK, annotated, files, is_report, subjects

FILES = files()


def name_of(file: Path) -> str:
    return str(file.relative_to(FOLDER))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_file_is_refused_as_it_says(file: Path, tmp_path: Path) -> None:
    text = file.read_text()
    assert all(any(map(is_report, document.splitlines())) for document in text.split(BETWEEN)), "one is not refused"
    assert annotated(text, tmp_path) == text, "run make refused"


def test_each_subject_has_files() -> None:
    assert {file.parent for file in FILES} == set(subjects())


def test_no_report_repeats_a_credential() -> None:
    """In these files `sesame` is one, wherever it stands."""
    written = [line for file in FILES for line in file.read_text().splitlines() if "sesame" in line]
    assert len(written) > 10
    assert not [line for line in written if is_report(line)]


RIGHT = f"""\
extends: small.yaml
plans:
  default: {{rate: 2}}
  {MARK} plans.default.rate: '2' has no unit; write requests per second, such as 2/s
---
extends: small.yaml
stage: 1
{MARK} stage: 1 is not text; put it in quotes
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate: 2}", "rate: 2/s}"),
        ("requests per second", "requests a second"),
        (f"{MARK} plans", f"{MARK} plan"),
        (f"\n{MARK} stage: 1 is not text; put it in quotes", ""),
        ("stage: 1\n#", "stage: 1\n\n#"),
    ],
    ids=["accepted", "another sentence", "another place", "no report", "another line"],
)
def test_a_file_that_says_something_else_is_told(tmp_path: Path, old: str, new: str) -> None:
    assert annotated(RIGHT, tmp_path) == RIGHT
    assert RIGHT.count(old) == 1
    said = RIGHT.replace(old, new)
    assert annotated(said, tmp_path) != said
