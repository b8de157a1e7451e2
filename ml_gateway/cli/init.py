"""`ml-gateway init`: a folder that is a CDK app of one gateway."""

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Final

from rich.prompt import Prompt

import ml_gateway
from ml_gateway.conflicts import ConfigError
from ml_gateway.reading import load
from ml_gateway.serving import ProtocolName

_NEEDED: Final = {"name": "the gateway's name, such as acme-ml", "url": "the URL of a model's server"}
_USUAL: Final = {"region": "us-east-1", "model": "predict", "protocol": "raw"}
_COPIED: Final = {
    "cdk.json": "cdk.json",
    "package.json": "package.json",
    ".gitignore": "gitignore",
    ".github/workflows/gateway.yaml": "workflow.yaml",
    "pipeline-roles.yaml": "pipeline-roles.yaml",
}
"""Where each of the files goes that are the same for every gateway."""

_GATEWAY: Final = """\
# Checked by `ml-gateway check`. All settings: docs/reference.md of ml_gateway.
name: {name}
regions: [{region}]

models:
  {model}:
    url: {url}
    protocol: {protocol}

plans:
  default: {{rate: 10/s, burst: 20}}   # limits the gateway as a whole, until there are clients
"""


class RefusedError(Exception):
    """There is nothing that could be written; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What a first file says. Each may be anything: the loader judges it."""

    name: str
    region: str
    model: str
    url: str
    protocol: str


def init(
    folder: Path = Path(),
    *,
    name: str | None = None,
    region: str | None = None,
    model: str | None = None,
    url: str | None = None,
    protocol: ProtocolName | None = None,
) -> int:
    """Write a gateway's file and what the CDK CLI needs beside it, and ask for what is not given.

    Then `cdk synth`, `cdk diff` and `cdk deploy` work in that folder. No file is written over.

    Parameters
    ----------
    folder
        Where to write; it may be there already.
    name
        The gateway's name, which its stacks' names begin with.
    region
        Where the API lives.
    model
        The first model's name, which its path has.
    url
        The URL of the model's server: of a protocol what its own clients take.
    protocol
        What the server speaks.
    """
    given = {"name": name, "region": region, "model": model, "url": url, "protocol": protocol}
    try:
        written = rendered(_asked(given))
        write(folder, written)
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("\n".join(f"wrote {folder / file}" for file in written))
    steps = ["pip install -r requirements.txt", "npm install", "npx cdk synth", "npx cdk deploy --all"]
    print("next:", *([f"cd {folder}"] if folder != Path() else []), *steps, sep="\n  ")
    return 0


def rendered(answers: Answers) -> Mapping[str, str]:
    """The text of each file. Raises RefusedError for answers that make no gateway."""
    said = {each.name: getattr(answers, each.name) for each in fields(answers)}
    # JSON is YAML: quoted, a text is one whatever stands in it.
    gateway = _GATEWAY.format(**{key: _plain_or_quoted(value) for key, value in said.items()})
    _check(gateway)
    shipped = files("ml_gateway.cli") / "project"
    return {
        "gateway.yaml": gateway,
        **{place: (shipped / source).read_text() for place, source in _COPIED.items()},
        "requirements.txt": f"ml-gateway[cli]=={ml_gateway.__version__}\n",
    }


def write(folder: Path, written: Mapping[str, str]) -> None:
    """All of the files or none. Raises RefusedError if one is there already, or cannot be written."""
    taken = [str(folder / file) for file in written if (folder / file).exists()]
    if taken:
        raise RefusedError(f"{', '.join(taken)}: there already, and nothing is written over; name another folder")
    done: list[Path] = []
    try:
        for file, text in written.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            done.append(folder / file)
            done[-1].write_text(text)
    except OSError as error:
        for begun in done:
            begun.unlink(missing_ok=True)
        raise RefusedError(f"{folder}: cannot be written to: {(error.strerror or str(error)).lower()}") from None


def _asked(given: Mapping[str, str | None]) -> Answers:
    """What was given, and for the rest what somebody answers; without a terminal what is usual."""
    if sys.stdin.isatty():
        asked = {
            key: Prompt.ask(_NEEDED.get(key, key), default=_USUAL.get(key, "")) if value is None else value
            for key, value in given.items()
        }
        return Answers(**asked)
    missing = [f"--{key}" for key in _NEEDED if given[key] is None]
    if missing:
        raise RefusedError(f"there is no terminal to ask in; write {' and '.join(missing)}")
    return Answers(**{key: value or _USUAL[key] for key, value in given.items()})


def _plain_or_quoted(text: str) -> str:
    return text if text and all(each.isalnum() or each == "-" for each in text) else json.dumps(text)


def _check(gateway: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gateway.yaml"
        file.write_text(gateway)
        try:
            load(file)
        except ConfigError as error:
            raise RefusedError("\n".join(f"{each.place}: {each.message}" for each in error.problems)) from None
