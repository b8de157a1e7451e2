"""Reviews of hand-written assemblies, as the command gives them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from ml_gateway import define_gateway
from ml_gateway.cli.diff import diff
from tests.review.assemblies import write_assembly
from tests.synthesis import CONTEXT, Json, gateway_config


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What the command exits with, and what it writes."""

    status: int
    comment: str
    errors: str


RunReview = Callable[..., Review]
ReviewResources = Callable[[Json, Json], Review]
Assemble = Callable[..., Path]


@pytest.fixture
def run_review(capsys: pytest.CaptureFixture[str]) -> RunReview:
    def run(*arguments: str | Path) -> Review:
        old, new, *labelled = arguments
        status = diff(str(old), Path(new), labelled=labelled == ["--labelled"])
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


@pytest.fixture(scope="session")
def assemble(tmp_path_factory: pytest.TempPathFactory) -> Assemble:
    """The folder of the assembly of the default gateway with these changes."""
    known: dict[str, Path] = {}

    def run(**changes: Any) -> Path:
        key = repr(changes)
        if key not in known:
            known[key] = tmp_path_factory.mktemp("assembly")
            app = App(context=CONTEXT, builtin_cloud_formation_validation=False, outdir=str(known[key]))
            define_gateway(app, gateway_config(**changes))
            app.synth()
        return known[key]

    return run
