"""What is measured."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from bench.gateways import render_gateway
from bench.runs import REPOSITORY, Subject

EMPTY: Final = "empty app"
DEFAULT: Final = "default gateway"
MODELS: Final = (1, 10, 100, 1000)
MOST_MODELS: Final = 299
"""As many raw models as fit into every account, see docs/limits.md."""


def empty_app() -> Subject:
    return Subject(name=EMPTY, command=(sys.executable, "-m", "bench.empty"))


def gateways(directory: Path, against: Path | None = None) -> list[Subject]:
    """The default gateway, and gateways with many models, whose files are written to `directory`.

    The checkout `against` reads the same files with this one's Python and libraries; its default gateway is its own.
    """
    app = (sys.executable, "app.py")
    checkout = against or REPOSITORY
    suffix = f" at {commit_of(against)}" if against else ""
    default = Subject(name=DEFAULT + suffix, command=app, models=1, checkout=checkout)
    grown = [
        Subject(
            name=f"{count} {'model' if count == 1 else 'models'}{suffix}",
            command=app,
            models=count,
            context=(("config", str(_write(directory / f"{count}.yaml", render_gateway(count)))),),
            checkout=checkout,
        )
        for count in MODELS
        # Beyond that a file needs a setting that another checkout may not know.
        if against is None or count <= MOST_MODELS
    ]
    return [default, *grown]


def loaded_files(directory: Path) -> list[Subject]:
    """The largest file that every account takes, one that needs a raised quota, and one in which all are refused."""
    texts = {
        f"{MOST_MODELS} models, as many as fit into every account": render_gateway(MOST_MODELS),
        "1000 models, with a raised quota": render_gateway(1000),
        "1000 models, each with a problem": render_gateway(1000, scheme="http"),
    }
    return [
        Subject(
            name=f"file of {content}",
            command=(sys.executable, "-m", "bench.load_file", str(_write(directory / f"{content}.yaml", text))),
        )
        for content, text in texts.items()
    ]


def commit_of(checkout: Path) -> str:
    """The commit of a checkout, with "-dirty" if its files differ from it."""
    command = ("git", "-C", str(checkout), "describe", "--always", "--dirty", "--exclude=*")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 (ours)


def _write(file: Path, text: str) -> Path:
    file.write_text(text)
    return file
