"""Versions of a model: ordinary routes below a path of their own, to which the edge alone leads.

`/fraud--v2` before the path of the model is that of its version v2. A single hyphen is all that a name has between
letters, so no model's own path is taken for one.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from ml_gateway.serving.model import ServedModel
from ml_gateway.serving.paths import is_greedy, is_variable, parts_of

MOST_VERSIONS: Final = 3
"""Two grow out of the first one, from either end, and none ever takes a caller from another than the first. For a
fourth there is no place where that holds."""

MARK: Final = "--"
"""Between a model and its version. The edge function has it, too."""


def version_name(model: str, version: str) -> str:
    """`fraud--v2`: how paths, logs and metrics call it."""
    return f"{model}{MARK}{version}"


def version_of(model: ServedModel, version: str, *, served_as: str | None, timeout: timedelta) -> ServedModel:
    """The routes of one version, each behind the path of that version; `served_as` is what its server calls it."""
    path = f"/{version_name(model.name, version)}{model.path}"
    return replace(model, path=path, callers_path=model.path, served_as_by_server=served_as, timeout=timeout)


def hides(model: str, path: str) -> bool:
    """Whether the edge takes the path, in whatever capitals, for that of a version of the model, and answers 404."""
    return path.lower().startswith(f"/{model}{MARK}")


def expression_of(model: ServedModel) -> str:
    """A regular expression of JavaScript that takes the paths of requests for the model, and no longer ones.

    Of a raw model its path, with a slash at the end or without; of a protocol all that is below it.
    """
    if model.protocol != "raw":
        return f"^{_escaped(model.path)}/"
    *first, last = parts_of(model.path)
    end = ".+" if is_greedy(last) else f"{_part(last)}/?"
    return f"^{''.join(f'/{_part(part)}' for part in first)}/{end}$"


def _part(part: str) -> str:
    return "[^/]+" if is_variable(part) else _escaped(part)


def _escaped(text: str) -> str:
    """As `LITERAL` of paths.py has it: what else there is means itself."""
    return text.replace(".", "[.]").replace("$", "[$]")
