"""Rules that hold between the entries of a gateway's maps."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from ml_gateway.config.annotations import Matching
from ml_gateway.config.conflicts import ConflictError
from ml_gateway.config.fields import RESERVED_PATHS
from ml_gateway.config.wording import shown


def misnamed(section: str, names: Iterable[str], form: Matching) -> Iterator[ConflictError]:
    """Keys which are not of the form."""
    for name in names:
        try:
            form.check(name)
        except ValueError as error:
            yield ConflictError(str(error), (section, name))


def only_one(section: str, entries: Collection[object], reason: str) -> Iterator[ConflictError]:
    if len(entries) > 1:
        yield ConflictError(f"{len(entries)} {section} are given, {reason}; keep one", (section,))


def models_alike(names: Iterable[str]) -> Iterator[ConflictError]:
    """Models whose names differ in hyphens only: `llama3` and `llama-3` would both give the output `Llama3Url`."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(name.replace("-", ""), name)
        if other != name:
            message = f"{shown(name)} and {shown(other)} differ in hyphens only, which outputs leave out; rename one"
            yield ConflictError(message, ("models", name))


def unusable_paths(paths: Mapping[str, str]) -> Iterator[ConflictError]:
    """Models (name -> path) at a path of another one, or at a path that API Gateway reserves."""
    first: dict[str, str] = {}
    for name, path in paths.items():
        other = first.setdefault(path, name)
        if other != name:
            message = f"{shown(path)} is the path of model {shown(other)} too; give one of them another path"
            yield ConflictError(message, ("models", name, "path"), ("models", other, "path"))
        if path in RESERVED_PATHS:
            message = f"{shown(path)} is reserved by API Gateway; write another path, such as /models{path}"
            yield ConflictError(message, ("models", name, "path"))
