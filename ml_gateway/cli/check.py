"""`ml-gateway check`: all that is wrong with a file, without the CDK."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from ml_gateway.cli.files import usual_file
from ml_gateway.conflicts import ConfigError, Problem
from ml_gateway.reading import load

Format = Literal["text", "github", "json"]


def check(*files: Path, format: Format = "text") -> int:
    """Say all that is wrong with the FILES, by default the one that cdk.json names, or gateway.yaml.

    What CloudFormation counts, such as the bytes of a template, `cdk synth` says. Exits with 1 if there are problems.

    Parameters
    ----------
    files
        The files to check.
    format
        How problems are written: as text, as annotations of a GitHub workflow, or as JSON.
    """
    named = list(files) or [usual_file()]
    found = {file: problems_of(file) for file in named}
    output = _FORMATS[format](found)
    if output:
        print(output)
    return 1 if any(found.values()) else 0


def problems_of(file: Path) -> Sequence[Problem]:
    """Everything that is wrong with it; nothing where it can be deployed as far as the file alone tells."""
    try:
        load(file)
    except ConfigError as error:
        return error.problems
    return ()


def _as_text(found: Mapping[Path, Sequence[Problem]]) -> str:
    return "\n".join(
        "\n".join(map(str, problems)) if problems else f"{file}: nothing is wrong" for file, problems in found.items()
    )


def _for_github(found: Mapping[Path, Sequence[Problem]]) -> str:
    """GitHub Docs, "Workflow commands for GitHub Actions": Setting an error message."""
    lines = []
    for problem in (each for problems in found.values() for each in problems):
        where = {"file": problem.file, "line": problem.line, "title": problem.place}
        said = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTIES)}" for name, value in where.items() if value)
        lines.append(f"::error {said}::{_escaped(problem.message, _IN_DATA)}")
    return "\n".join(lines)


def _as_json(found: Mapping[Path, Sequence[Problem]]) -> str:
    told = [
        {"file": each.file, "line": each.line, "place": each.place, "message": each.message}
        for problems in found.values()
        for each in problems
    ]
    return json.dumps(told, indent=2)


_IN_DATA: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES: Final = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def _escaped(text: str, characters: Mapping[str, str]) -> str:
    return "".join(characters.get(each, each) for each in text)


_FORMATS: Final[Mapping[Format, Callable[[Mapping[Path, Sequence[Problem]]], str]]] = {
    "text": _as_text,
    "github": _for_github,
    "json": _as_json,
}
