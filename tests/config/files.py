"""Files to load: a small valid one, and what becomes of it when settings are changed."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from ml_gateway.config import ConfigError, load_config

TOP = Path(__file__).parents[2]

MISSING = object()

SMALL: dict[str, Any] = {
    "name": "acme-ml",
    "regions": ["us-east-1"],
    "models": {"predict": {"url": "https://model.example.com/invocations"}},
    "plans": {"default": {"rate": "2/s", "burst": 10}},
}


def changed(changes: dict[str, Any], data: dict[str, Any] = SMALL) -> dict[str, Any]:
    """`data` with the value at each place, such as plans.default.rate, replaced, or taken out where it is MISSING."""
    data = deepcopy(data)
    for place, value in changes.items():
        *above, key = place.split(".")
        section = data
        for step in above:
            section = section.setdefault(step, {})
        if value is MISSING:
            del section[key]
        else:
            section[key] = value
    return data


def report(path: Path) -> list[str]:
    """The lines that loading the file gives, none when it is right."""
    try:
        load_config(path)
    except ConfigError as error:
        return str(error).splitlines()
    return []


def report_on(text: str | bytes, directory: Path) -> list[str]:
    """The lines for a file with this text, each without the name of the file."""
    path = directory / "gateway.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [line.removeprefix(f"{path}:") for line in report(path)]


def report_on_data(data: dict[str, Any], directory: Path) -> list[str]:
    """The lines for a file with these settings, each without its place in the file."""
    lines = report_on(yaml.safe_dump(data, sort_keys=False), directory)
    return [line.partition(": ")[2] for line in lines]
