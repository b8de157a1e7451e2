"""`ml-gateway explain`: the way of one request through the file."""

import json
import sys
from pathlib import Path

from ml_gateway.cli.explanation import steps_of
from ml_gateway.cli.files import usual_file
from ml_gateway.cli.requests import Asked
from ml_gateway.conflicts import ConfigError
from ml_gateway.reading import load
from ml_gateway.rules import checked


def explain(method: str, path: str, /, *, file: Path | None = None, json_: bool = False) -> int:
    """Say what happens to one request, such as POST /predict: at the edge, at the lock, within which limits and times,
    and what is asked for the answer.

    Nothing is sent. Exits with 1 for what is no request, and for a file with problems.

    Parameters
    ----------
    method
        The HTTP method.
    path
        The path, or a whole URL.
    file
        The file to read; by default the one that cdk.json names, or gateway.yaml.
    json_
        Print an object with the sentences of each step.
    """
    try:
        design = checked(load(file or usual_file()).config)
        steps = list(steps_of(Asked.of(method, path), design))
    except (ConfigError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if json_:
        print(json.dumps({step.at: list(step.says) for step in steps}, indent=2))
        return 0
    width = max(len(step.at) for step in steps)
    for step in steps:
        for number, said in enumerate(step.says):
            print(f"{'' if number else step.at:<{width}}  {said}")
    return 0
