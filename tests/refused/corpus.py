"""Files that are refused, each with the report on it in comments: every problem below the line that it is about.

Between lines of `---` there are several in one. They may extend small.yaml. `make refused` writes the comments anew, to
be reviewed as YAML.
"""

import shutil
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import Final

from tests.files import report_on

FOLDER: Final = Path(__file__).parent
MARK: Final = "#!"
BETWEEN: Final = "\n---\n"


def subjects() -> list[Path]:
    return sorted(each for each in FOLDER.iterdir() if each.is_dir() and each.name != "__pycache__")


def files() -> list[Path]:
    return [file for subject in subjects() for file in sorted(subject.glob("*.yaml"))]


def is_report(line: str) -> bool:
    return line.lstrip().startswith(MARK)


def annotated(text: str, directory: Path) -> str:
    """The files of a text, with what is reported on each in the place of the reports that stand there."""
    shutil.copy(FOLDER / "small.yaml", directory)
    documents = list[str]()
    before = 0
    for document in text.split(BETWEEN):
        # The lines before it make its numbers those of the whole.
        documents.append(_annotated(document, before, report_on("\n" * before + document, directory)))
        before += document.count("\n") + BETWEEN.count("\n")
    return BETWEEN.join(documents) + "\n"


def _annotated(document: str, before: int, report: list[str]) -> str:
    problems = defaultdict[int, list[str]](list)
    for told in report:
        line, _, problem = told.partition(": ")
        problems[int(line)].append(problem)
    lines = list[str]()
    for number, text in enumerate(document.splitlines(), before + 1):
        if not is_report(text):
            indent = text[: len(text) - len(text.lstrip())]
            lines += [text, *(each for problem in problems.pop(number, []) for each in _comment(problem, indent))]
    if problems:
        raise ValueError(f"there is no line for {dict(problems)}")
    return "\n".join(lines)


def _comment(problem: str, indent: str) -> list[str]:
    first, rest = f"{indent}{MARK} ", f"{indent}{MARK}   "
    return wrap(
        problem, 120, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def main() -> None:
    with TemporaryDirectory() as directory:
        for file in files():
            # Again where a report names lines, which move with the comments.
            while (text := annotated(file.read_text(), Path(directory))) != file.read_text():
                file.write_text(text)


if __name__ == "__main__":
    main()
