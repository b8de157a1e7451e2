"""The comment: what it shows, what it cannot be made to show, and how long it gets."""

from pathlib import Path

import pytest

from ml_gateway.review.comment import LONGEST_COMMENT, LONGEST_VALUE, MARKER, MOST_DIFFERENCES
from tests.review.assemblies import LOG_GROUP, resource, write_assembly
from tests.review.conftest import ReviewResources, RunReview

# GitHub's own limit on a comment.
GITHUB_TAKES = 65_536


def test_the_whole_comment_on_a_small_change(tmp_path: Path, run_review: RunReview) -> None:
    old = write_assembly(
        tmp_path / "old", {"api": {"Log": LOG_GROUP, "Queue": resource("AWS::SQS::Queue", DelaySeconds=1)}}
    )
    new = write_assembly(
        tmp_path / "new",
        {"api": {"Queue": resource("AWS::SQS::Queue", DelaySeconds=2), "Topic": resource("AWS::SNS::Topic")}},
    )
    assert run_review(old, new).comment == (
        "<!-- ml_gateway review -->\n"
        "## What a deploy would change\n"
        "\n"
        "**This needs the label `replacement-ok`**, as a deploy loses what callers or operators rely on:\n"
        "\n"
        "* <code>api</code> (<code>us-east-1</code>): <code>Log</code> (<code>AWS::Logs::LogGroup</code>), removed: "
        "its lines are lost\n"
        "\n"
        "### <code>api</code> (<code>us-east-1</code>)\n"
        "\n"
        "1 removed, 1 changed, 1 added\n"
        "\n"
        "| | resource | what |\n"
        "|---|---|---|\n"
        "| removed | <code>Log</code> (<code>AWS::Logs::LogGroup</code>) |  |\n"
        "| changed | <code>Queue</code> (<code>AWS::SQS::Queue</code>) "
        "| <code>DelaySeconds</code>: <code>1</code> → <code>2</code> |\n"
        "| added | <code>Topic</code> (<code>AWS::SNS::Topic</code>) |  |\n"
    )


def test_outputs_are_listed(tmp_path: Path, run_review: RunReview) -> None:
    old = write_assembly(tmp_path / "old", {"api": {}}, outputs={"Gone": "a", "Kept": "b", "Other": "c"})
    new = write_assembly(tmp_path / "new", {"api": {}}, outputs={"Kept": "b", "Other": "d", "Fresh": "e"})
    review = run_review(old, new)
    assert review.status == 0
    rows = [line for line in review.comment.splitlines() if line.startswith("| ") and "<code>" in line]
    assert rows == [
        '| added | <code>Fresh</code> | (none) → <code>"e"</code> |',
        '| removed | <code>Gone</code> | <code>"a"</code> → (none) |',
        '| changed | <code>Other</code> | <code>"c"</code> → <code>"d"</code> |',
    ]


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
        ("a|b", "a&#124;b"),
        ("`c` *d* _e_ ~f~", "&#96;c&#96; &#42;d&#42; &#95;e&#95; &#126;f&#126;"),
        ("[g](http://h)", "&#91;g&#93;(http://h)"),
        ("@somebody #1 $x$", "&#64;somebody &#35;1 &#36;x&#36;"),
        ("\n\n# title", "&#92;n&#92;n&#35; title"),
        ("</code>-->", "&lt;/code&gt;--&gt;"),
        ("\u202eé", "&#92;u202e&#92;u00e9"),
    ],
)
def test_values_are_text_and_nothing_else(hostile: str, shown: str, review_resources: ReviewResources) -> None:
    review = review_resources(
        {"A": resource("AWS::SQS::Queue", QueueUrl="")}, {"A": resource("AWS::SQS::Queue", QueueUrl=hostile)}
    )
    assert f'<code>"{shown}"</code> |\n' in review.comment


def test_names_are_text_too(tmp_path: Path, run_review: RunReview) -> None:
    hostile = "<b>\n| @x \u202e"
    shown = "<code>&lt;b&gt;?&#124; &#64;x ?</code>"
    old, new = write_assembly(tmp_path / "old", {"a": {}}), tmp_path / "new"
    write_assembly(new, {"a": {hostile: resource(hostile, **{hostile: 1})}}, outputs={hostile: 1})
    comment = run_review(old, new).comment
    assert f"| added | {shown} ({shown}) |" in comment
    assert f"| added | {shown} | (none) → <code>1</code> |" in comment


def test_a_long_value_is_shown_around_what_differs(review_resources: ReviewResources) -> None:
    start = "s" * 500
    review = review_resources(
        {"A": resource("AWS::SQS::Queue", Policy=f"{start}old")},
        {"A": resource("AWS::SQS::Queue", Policy=f"{start}new{'e' * 500}")},
    )
    before = "s" * (LONGEST_VALUE // 4)
    assert f'<code>…{before}old"</code> → <code>…{before}new' in review.comment
    assert "e…</code>" in review.comment
    assert len(review.comment) < 1000


def test_a_resource_with_many_differences_says_how_many(review_resources: ReviewResources) -> None:
    old, new = ({f"P{number}": value for number in range(MOST_DIFFERENCES + 5)} for value in (1, 2))
    review = review_resources({"A": resource("AWS::SQS::Queue", **old)}, {"A": resource("AWS::SQS::Queue", **new)})
    assert "<br>and 5 more |\n" in review.comment


def test_a_comment_of_any_size_fits_and_says_what_is_left_out(review_resources: ReviewResources) -> None:
    many = {f"Queue{number}": resource("AWS::SQS::Queue", Name=number) for number in range(2000)}
    review = review_resources({"Log": LOG_GROUP}, many)
    assert review.status == 1
    assert LONGEST_COMMENT - 500 < len(review.comment) <= LONGEST_COMMENT < GITHUB_TAKES
    assert review.comment.startswith(MARKER + "\n")
    assert "its lines are lost" in review.comment
    shown = review.comment.count("| added |")
    assert review.comment.endswith(f"lines left out: {2000 - shown}\n")


def test_no_row_is_longer_than_a_comment(review_resources: ReviewResources) -> None:
    """The worst: long names, every character escaped, everything different."""
    name = "|" * 500
    old, new = ({f"{name}{number}": "|" * 500 + end for number in range(100)} for end in "ab")
    review = review_resources({name: resource(name, **old)}, {name: resource(name, **new)})
    assert "and 80 more" in review.comment
    assert len(review.comment) <= LONGEST_COMMENT


def test_a_dynamic_reference_stays_a_reference(review_resources: ReviewResources) -> None:
    def key(number: int) -> dict[str, object]:
        return resource("AWS::SQS::Queue", Name=f"{{{{resolve:secretsmanager:acme/origin/{number}:SecretString:::}}}}")

    comment = review_resources({"A": key(1)}, {"A": key(2)}).comment
    assert '"{{resolve:secretsmanager:acme/origin/1:SecretString:::}}"</code> → <code>"{{resolve:' in comment
