"""Writes into the pages what is known live of each question: `python -m live.written`, which `make schema` runs.

A page names a question as "`live/<id>`: " and what is known of it stands after that; docs/live.md has them all in a
table. A report of the local cloud says nothing of AWS, and is passed over.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from live.observations import FIRST, THEN
from live.questions import questions
from live.report import FOLDER, Report, read_report

DOCS: Final = Path(__file__).parents[1] / "docs"
PAGE: Final = "live.md"
UNKNOWN: Final = "not verified live"
DESTROY: Final = "destroy"
"""The one question that the run itself answers."""

_KNOWN: Final = rf"{UNKNOWN}|(?:held|did NOT hold) on \d{{4}}-\d\d-\d\d, aws-cdk-lib \d+(?:\.\d+)*"
_NAMED: Final = re.compile(rf"`live/([a-z0-9-]+)`(?:: (?:{_KNOWN}))?")
_TABLE: Final = re.compile(r"(?<=<!-- the questions, written by make schema -->\n).*(?=<!-- their end -->)", re.DOTALL)


def read_reports(folder: Path) -> list[Report]:
    """Those of accounts, the oldest first. Raises UnreadableReportError for a file that is none."""
    reports = [read_report(file) for file in sorted(folder.glob("*.json"))]
    return sorted((each for each in reports if each.place == "aws"), key=lambda each: each.date)


def known_live(reports: Sequence[Report]) -> Mapping[str, str]:
    """What to write of each question: what the newest report says in which it was asked."""
    known = dict.fromkeys(questions(), UNKNOWN)
    for report in reports:
        for each in report.answers:
            if each.verdict != "not asked":
                seen = "held" if each.verdict == "held" else "did NOT hold"
                known[each.id] = f"{seen} on {report.date[:10]}, aws-cdk-lib {report.versions['aws-cdk-lib']}"
    return known


def rewritten(text: str, known: Mapping[str, str]) -> str:
    """A page with what is known in it. Raises KeyError for a question that nobody asks."""
    text = _NAMED.sub(lambda found: f"`live/{found[1]}`: {known[found[1]]}", text)
    return _TABLE.sub(lambda _: "\n".join(_table(known)) + "\n", text)


def named_in(text: str) -> list[str]:
    return _NAMED.findall(text)


def _table(known: Mapping[str, str]) -> Iterator[str]:
    yield "\n| question | what AWS is expected to do | asked by a run | on an account |\n|---|---|---|---|"
    for each in questions().values():
        if each.id in (*FIRST, *THEN, DESTROY):
            asked = f"with {each.needs}" if each.needs else "yes"
            asked += ", but not in the local cloud" if each.locally else ""
        else:
            asked = f"no: {each.unasked}"
        yield f"| `{each.id}` | {each.asks} | {asked} | {known[each.id]} |"
    yield ""


def write(docs: Path = DOCS, reports: Path = FOLDER) -> None:
    known = known_live(read_reports(reports))
    for page in sorted(docs.glob("*.md")):
        text = page.read_text()
        if (new := rewritten(text, known)) != text:
            page.write_text(new)


if __name__ == "__main__":
    write()
