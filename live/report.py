"""What a run found, as a file that can be sent to anybody."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from live.place import PlaceName
from live.questions import questions
from live.redaction import leaks, redacted

SCHEMA: Final = 1
FOLDER: Final = Path(__file__).with_name("reports")
MOST_LETTERS: Final = 400
"""Of what an answer says."""

Verdict = Literal["held", "did not hold", "not asked"]
VERSIONS: Final = ("aws-cdk-lib", "ml-gateway")
"""What a report says of what was deployed."""


class LeakError(Exception):
    """A report would have something in it that it must not; nothing was written."""


class UnreadableReportError(Exception):
    """A file is no report; `str()` says which and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What became of a question: what was seen, or why it was not asked."""

    id: str
    verdict: Verdict
    saw: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`date`: day and minute, of UTC. `place`: reports of the local cloud witness nothing of AWS."""

    place: PlaceName
    date: str
    versions: Mapping[str, str]
    answers: Sequence[Answer]


def write_report(report: Report, folder: Path, *, known: Iterable[str]) -> Path:
    """Write it, with nothing in it that tells an account, an address or a credential; `known`: those of the run.

    Raises LeakError where something is left after all was redacted.
    """
    secrets = list(known)
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "place": report.place,
        "date": report.date,
        "versions": {name: report.versions[name] for name in VERSIONS},
        "answers": {
            each.id: {"verdict": each.verdict, "saw": redacted(each.saw, secrets)[:MOST_LETTERS]}
            for each in report.answers
        },
    }
    text = json.dumps(said, indent=2) + "\n"
    if found := leaks(text, secrets):
        raise LeakError(f"the report has {', '.join(found)} in it and was not written; please tell the maintainers")
    folder.mkdir(parents=True, exist_ok=True)
    here = "-local" if report.place == "local cloud" else ""
    file = folder / f"{report.date.replace(':', '').replace(' ', 'T')}{here}.json"
    file.write_text(text)
    return file


def read_report(file: Path) -> Report:
    """Raises UnreadableReportError for another schema, and for what no run writes."""
    try:
        said = json.loads(file.read_text())
        if said["schema"] != SCHEMA:
            raise UnreadableReportError(f"{file.name}: schema {said['schema']}, where {SCHEMA} is known")
        answers = [Answer(id=name, **each) for name, each in said["answers"].items()]
        report = Report(place=said["place"], date=said["date"], versions=said["versions"], answers=answers)
        datetime.strptime(report.date, DATE)
        if set(report.versions) != set(VERSIONS):
            raise UnreadableReportError(f"{file.name}: versions {report.versions}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableReportError(f"{file.name}: {error!r}") from error
    _check(file, report)
    return report


DATE: Final = "%Y-%m-%d %H:%M"


def _check(file: Path, report: Report) -> None:
    if report.place not in get_args(PlaceName):
        raise UnreadableReportError(f"{file.name}: place {report.place!r}")
    for each in report.answers:
        if each.id not in questions():
            raise UnreadableReportError(f"{file.name}: nobody asks {each.id!r}")
        if each.verdict not in get_args(Verdict):
            raise UnreadableReportError(f"{file.name}: {each.id} is {each.verdict!r}")
    # Somebody may have written it by hand, or with another version of this.
    if found := leaks(file.read_text(), ()):
        raise UnreadableReportError(f"{file.name}: it has {', '.join(found)} in it")
