"""From a path to a valid configuration, or to the list of all that is wrong with the file."""

from pathlib import Path

from ml_gateway.config.gateway import GatewayConfig
from ml_gateway.reading.problems import find_problems
from ml_gateway.reading.source import UnreadableError, read_source


class ConfigError(Exception):
    """The file cannot be used. Its text has a line for each problem: `file:line: path: what is wrong; what to do`."""


def load_config(path: Path) -> GatewayConfig:
    """Read the gateway that the file describes. Raises ConfigError with every problem that is in the file."""
    try:
        source = read_source(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{path}: cannot be read: {reason}; name another file with -c config=PATH") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not text in UTF-8; save the file as such") from None
    except UnreadableError as error:
        raise ConfigError(f"{path}:{error.line}: {error}") from None
    problems = sorted([*source.repeated, *find_problems(source)], key=lambda problem: (problem.line, str(problem)))
    if problems:
        raise ConfigError("\n".join(f"{path}:{problem}" for problem in problems))
    return GatewayConfig.model_validate(source.data)
