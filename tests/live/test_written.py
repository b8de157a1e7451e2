"""What the pages say of each question is what the reports say, and nothing else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from live.place import PlaceName
from live.questions import questions
from live.report import FOLDER, Answer, Report, UnreadableReportError, Verdict, read_report, write_report
from live.written import DOCS, PAGE, UNKNOWN, known_live, read_reports, rewritten, write

ROW = "| `live/key-lock`: not verified live |"


def report(
    verdict: Verdict, *, date: str = "2031-05-06 07:08", place: PlaceName = "aws", of: str = "key-lock"
) -> Report:
    versions = {"aws-cdk-lib": "2.999.0", "ml-gateway": "0.2.0"}
    return Report(place=place, date=date, versions=versions, answers=[Answer(id=of, verdict=verdict, saw="made up")])


def written(folder: Path, *reports: Report) -> str:
    for each in reports:
        write_report(each, folder, known=())
    return rewritten(ROW, known_live(read_reports(folder)))


def test_the_pages_are_as_the_reports_say() -> None:
    known = known_live(read_reports(FOLDER))
    pages = [page for page in DOCS.glob("*.md") if "`live/" in page.read_text()]
    assert len(pages) > 5
    assert [page.name for page in pages if rewritten(page.read_text(), known) != page.read_text()] == []


def test_nothing_is_known_without_a_report(tmp_path: Path) -> None:
    assert set(known_live(read_reports(tmp_path)).values()) == {UNKNOWN}
    assert written(tmp_path) == ROW


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("held", "held on 2031-05-06, aws-cdk-lib 2.999.0"),
        ("did not hold", "did NOT hold on 2031-05-06, aws-cdk-lib 2.999.0"),
        ("not asked", "not verified live"),
    ],
)
def test_a_report_changes_what_the_page_says(tmp_path: Path, verdict: Verdict, said: str) -> None:
    text = written(tmp_path, report(verdict))
    assert text == f"| `live/key-lock`: {said} |"
    assert rewritten(text, known_live(read_reports(tmp_path))) == text
    # And without the report it is as before.
    assert rewritten(text, known_live([])) == ROW


def test_the_newest_report_in_which_it_was_asked_counts(tmp_path: Path) -> None:
    later = [report("did not hold", date="2032-01-01 00:00"), report("not asked", date="2033-01-01 00:00")]
    assert "did NOT hold on 2032-01-01" in written(tmp_path, *later, report("held"))


def test_each_question_says_whether_a_run_asks_it() -> None:
    assert "None" not in (DOCS / PAGE).read_text().partition("## The questions")[2]


@pytest.mark.parametrize("verdict", ["held", "did not hold"])
def test_the_local_cloud_is_no_witness(tmp_path: Path, verdict: Verdict) -> None:
    assert written(tmp_path, report(verdict, place="local cloud")) == ROW
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_a_made_up_report_changes_all_pages_where_it_is_asked(tmp_path: Path) -> None:
    docs, reports = tmp_path / "docs", tmp_path / "reports"
    shutil.copytree(DOCS, docs)
    write_report(report("held", of="drain"), reports, known=())
    write(docs, reports)
    changed = {page.name for page in docs.glob("*.md") if page.read_text() != (DOCS / page.name).read_text()}
    assert changed == {"live.md", "security.md"}
    assert "`live/drain`: held on 2031-05-06, aws-cdk-lib 2.999.0" in (docs / "security.md").read_text()


def test_a_page_that_names_what_nobody_asks_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such"):
        rewritten("`live/no-such`", known_live([]))


def test_all_questions_are_in_the_table() -> None:
    page = (DOCS / "live.md").read_text()
    assert [each for each in questions() if f"| `{each}` |" not in page] == []


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("schema", {"schema": 2}),
    ("place", {"place": "AWS"}),
    ("nobody asks", {"answers": {"no-such": {"verdict": "held", "saw": ""}}}),
    ("is 'maybe'", {"answers": {"key-lock": {"verdict": "maybe", "saw": ""}}}),
    ("an account", {"answers": {"key-lock": {"verdict": "held", "saw": "of 123456789012"}}}),
    ("unexpected keyword", {"answers": {"key-lock": {"verdict": "held", "saw": "", "account": "1"}}}),
    ("time data", {"date": "yesterday"}),
    ("versions", {"versions": {}}),
    ("NoneType", {"versions": None}),
]


@pytest.mark.parametrize(("told", "broken"), BROKEN)
def test_a_file_that_no_run_wrote_is_refused(tmp_path: Path, told: str, broken: dict[str, Any]) -> None:
    file = write_report(report("held"), tmp_path, known=())
    read_report(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), **broken}))
    with pytest.raises(UnreadableReportError, match=told):
        read_report(file)
