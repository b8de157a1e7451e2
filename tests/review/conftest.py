"""Reviews of hand-written assemblies, as the command gives them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from review.__main__ import main
from tests.review.assemblies import write_assembly
from tests.synthesis import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What the command exits with, and what it writes."""

    status: int
    comment: str
    errors: str


RunReview = Callable[..., Review]
ReviewResources = Callable[[Json, Json], Review]


@pytest.fixture
def run_review(capsys: pytest.CaptureFixture[str]) -> RunReview:
    def run(*arguments: str | Path) -> Review:
        status = main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Review(status=status, comment=written.out, errors=written.err)

    return run


@pytest.fixture
def review_resources(run_review: RunReview, tmp_path: Path) -> ReviewResources:
    """The review of one stack, given its resources before and after."""

    def run(old: Json, new: Json) -> Review:
        return run_review(
            write_assembly(tmp_path / "old", {"stack": old}), write_assembly(tmp_path / "new", {"stack": new})
        )

    return run
