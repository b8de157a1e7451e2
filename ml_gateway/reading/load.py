"""From a path to a valid gateway, or to the list of all that is wrong with the file."""

from dataclasses import dataclass
from pathlib import Path

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError, Problem, Written
from ml_gateway.reading.problems import examined
from ml_gateway.reading.source import UnreadableError, read_source
from ml_gateway.wording import shown_place


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayFile:
    """A file that is right: the gateway that it describes, and where each setting is written."""

    config: GatewayConfig
    written: Written


def load(path: Path) -> GatewayFile:
    """Read the file at `path`. Raises ConfigError with every problem that is in it."""
    try:
        source = read_source(path.read_bytes().decode("utf-8-sig"), str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot be read: {reason}; name another file, for the CDK with -c config=PATH"
        raise ConfigError([Problem(message=message, file=str(path))]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = "not text in UTF-8; save the file as such"
        raise ConfigError([Problem(message=message, file=str(path), line=line)]) from None
    except UnreadableError as error:
        raise ConfigError([Problem(message=str(error), file=str(path), line=error.line)]) from None
    config, found = (None, source.merged) if source.merged else examined(source)
    problems = [
        Problem(message=each.message, place=shown_place(each.place), file=each.spot.file, line=each.spot.line)
        for each in (*source.repeated, *found)
    ]
    if config is None or problems:
        raise ConfigError(sorted(problems, key=lambda problem: (problem.line, problem.place, problem.message)))
    return GatewayFile(config=config, written=source.written)


def load_config(path: Path) -> GatewayConfig:
    """The gateway that the file at `path` describes. Raises ConfigError with every problem that is in it."""
    return load(path).config
