"""Reviews of the gateway's own APIs: what an edit of a model means for its callers."""

import re
from typing import Any

import pytest

from ml_gateway import EdgeConfig, ModelConfig
from ml_gateway.config import DomainConfig
from tests.review.apis import lost, rows
from tests.review.conftest import Assemble, RunReview
from tests.synthesis import TOP

URL = "https://model.example.com/invocations"
PREDICT = ModelConfig(url=URL)
EMBED = ModelConfig(url="https://embed.example.com/v1", protocol="openai")
DOMAIN = EdgeConfig(domain=DomainConfig(name="ml.acme.com", hosted_zone="Z0123456789ABCDEFGHIJ"))


def models(**changes: ModelConfig) -> dict[str, Any]:
    return {"models": changes}


def test_the_page_of_pipelines_shows_what_a_review_says(assemble: Assemble, run_review: RunReview) -> None:
    """Of the page's example every line is one of the comment, but for the tags that a browser shows."""
    predict = ModelConfig(url="https://new.example.com/invocations", timeout="10s")
    old = assemble(**models(predict=PREDICT, embed=EMBED), edge=DOMAIN)
    review = run_review(old, assemble(**models(predict=predict), edge=DOMAIN))
    page = (TOP / "docs" / "pipelines.md").read_text()
    (example,) = re.findall(r"```markdown\n(.*?)```", page, re.DOTALL)
    comment = review.comment.replace("<code>", "`").replace("</code>", "`")
    assert review.status == 1
    assert [line for line in example.splitlines() if line != "..." and line not in comment.splitlines()] == []


def test_another_path_is_two_addresses_and_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(**models(predict=ModelConfig(url=URL, path="/team/predict"))))
    assert review.status == 1
    assert lost(review.comment) == [
        "model predict: https://<distribution>/predict stops answering; "
        "the model answers at https://<distribution>/team/predict now"
    ]


def test_another_name_at_the_server_is_another_path_for_callers(assemble: Assemble, run_review: RunReview) -> None:
    before = ModelConfig(url="https://triton.example.com", protocol="oip-v2")
    after = before.model_copy(update={"served_as": "densenet_onnx"})
    review = run_review(assemble(**models(densenet=before)), assemble(**models(densenet=after)))
    assert review.status == 1
    assert lost(review.comment) == [
        "model densenet: its paths call it densenet_onnx, no longer densenet; 10 of its operations answer under that "
        "name, as GET /densenet/v2/models/densenet did"
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (ModelConfig(url=URL, timeout="10s"), "timeout: 29s → 10s"),
        (ModelConfig(url="https://other.example.com/invocations"), "https://model.example.com → https://other.example"),
        (ModelConfig(url=URL, stream=True), "stream: false → true<br>timeout: 29s → 15m"),
    ],
)
def test_what_changes_behind_a_path_is_shown_and_needs_no_label(
    changed: ModelConfig, told: str, assemble: Assemble, run_review: RunReview
) -> None:
    review = run_review(assemble(), assemble(**models(predict=changed)))
    (row,) = rows(review.comment)
    assert row.startswith("| changed | model predict | POST /predict |")
    assert told in row
    assert (review.status, "Body" in review.comment) == (0, False)


def test_a_pause_and_its_end_are_one_row_and_need_no_label(assemble: Assemble, run_review: RunReview) -> None:
    going, paused = (
        assemble(**models(predict=PREDICT, embed=EMBED.model_copy(update={"paused": paused})))
        for paused in (False, True)
    )
    for old, new, told in ((going, paused, "false → true"), (paused, going, "true → false")):
        review = run_review(old, new)
        assert (review.status, rows(review.comment)) == (0, [f"| changed | model embed | all 9 | paused: {told} |"])


def test_another_model_needs_no_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(), assemble(**models(predict=PREDICT, embed=EMBED)))
    assert (review.status, rows(review.comment)) == (0, ["| added | model embed | all 9 |  |"])


def test_another_dialect_of_errors_needs_the_label(assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(errors="plain"), assemble(errors="openai"))
    assert review.status == 1
    (line,) = lost(review.comment)
    assert re.fullmatch(r"errors: \d+ of the API's own answers get another status or body, .*", line)
