"""From a path to a valid gateway, or to the list of all that is wrong with the file."""

import re
from dataclasses import dataclass
from pathlib import Path

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError, Written
from ml_gateway.reading.extends import read_file
from ml_gateway.reading.problems import examined


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayFile:
    """A file that is right: the gateway that it describes, and where each setting is written."""

    config: GatewayConfig
    written: Written


def load(path: Path) -> GatewayFile:
    """Read the file at `path`, and those that it extends. Raises ConfigError with every problem that is in them."""
    source = read_file(path)
    config, found = (None, source.merged) if source.merged else examined(source)
    problems = [*source.repeated, *found]
    if config is None or problems:
        raise ConfigError(
            sorted(
                problems,
                key=lambda each: (each.file != str(path), each.file, each.line, _sortable(each.place), each.message),
            )
        )
    return GatewayFile(config=config, written=source.written)


def _sortable(place: str) -> str:
    """The tenth of a list comes after the second."""
    return re.sub(r"\[([0-9]+)\]", lambda position: f"[{position[1]:0>6}]", place)


def load_config(path: Path) -> GatewayConfig:
    """The gateway that the file at `path` describes. Raises ConfigError with every problem that is in it."""
    return load(path).config
