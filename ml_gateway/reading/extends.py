"""A file on top of another one: `extends: gateway.yaml` in prod.yaml, a file for each environment.

Maps merge, key by key. Everything else replaces what the base says, a list as a whole. A null that is written out takes
a setting or an entry away. A value that is left empty does not, as somebody may have forgotten it; nor does a null
where the base says nothing, as a name may have changed there.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ml_gateway.conflicts import ConfigError, Place, Problem, Spot, Written, problem_at
from ml_gateway.reading.source import Empty, Source, UnreadableError, read_source
from ml_gateway.wording import shown

EXTENDS: Final = "extends"

_FORGOTTEN: Final = "empty; write a value, or null to take away what the file below says, or leave the line out"


def read_file(path: Path, *, extended_by: tuple[Path, ...] = ()) -> Source:
    """What the file at `path` says, on top of what it extends: a path from its own folder.

    Raises ConfigError for a file that cannot be read, and for one that leads back to those it is `extended_by`.
    """
    source = _read(path)
    if EXTENDS not in source.data:
        return source
    spot = source.written.at((EXTENDS,))
    named = source.data[EXTENDS]
    if not isinstance(named, str) or not named:
        told = "empty" if named in (Empty, "") else f"{shown(named)} is not the name of a file"
        raise _refused(spot, f"{told}; write extends: gateway.yaml")
    if Path(named).is_absolute():
        # At another commit, or on another machine, it would be another file or none.
        raise _refused(spot, f"{shown(named)} is a path of this machine; write it from the folder of this file")
    base = Path(os.path.normpath(path.parent / named))
    chain = (*extended_by, path)
    if not _is_file(base):
        raise _refused(spot, f"there is no file {shown(named)}; write its path from the folder of this file")
    if base.resolve() in {each.resolve() for each in chain}:
        raise _refused(spot, f"{shown(named)} leads back to this file; name another one")
    return _on_top(source, read_file(base, extended_by=chain))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no path at all: too long, or with a null character
        return False


def _read(path: Path) -> Source:
    try:
        return read_source(path.read_bytes().decode("utf-8-sig"), str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message, line = f"cannot be read: {reason}; name another file, for the CDK with -c config=PATH", None
    except UnicodeDecodeError as error:
        message, line = "not text in UTF-8; save the file as such", error.object.count(b"\n", 0, error.start) + 1
    except UnreadableError as error:
        message, line = str(error), error.line
    raise ConfigError([Problem(message=message, file=str(path), line=line)])


def _refused(spot: Spot, message: str) -> ConfigError:
    return ConfigError([problem_at(spot, (EXTENDS,), message)])


def _on_top(top: Source, base: Source) -> Source:
    """What both say together. Each value stands where it is written; one that is taken away, where that is said."""
    data = _merged(top.data, base.data, top.nulls, ())
    del data[EXTENDS]
    kept = {place: spot for place, spot in base.written.spots.items() if _is_in(data, place)}
    forgotten = [
        problem_at(top.written.at(place), place, _FORGOTTEN) for place in top.empty if _is_in(base.data, place)
    ]
    return Source(
        data=data,
        written=Written({**kept, **top.written.spots}),
        repeated=[*base.repeated, *top.repeated, *forgotten],
        merged=[*base.merged, *top.merged],
        takes_nothing=frozenset(place for place in top.nulls if not _is_in(base.data, place)),
    )


def _merged(top: Mapping[str, Any], base: Mapping[str, Any], nulls: frozenset[Place], at: Place) -> dict[str, Any]:
    merged = {**base, **{key: value for key, value in top.items() if key not in base or value is not Empty}}
    for key in top.keys() & base.keys():
        if (*at, key) in nulls:
            del merged[key]
        elif isinstance(top[key], dict) and isinstance(base[key], dict):
            merged[key] = _merged(top[key], base[key], nulls, (*at, key))
    return merged


def _is_in(data: Any, place: Place) -> bool:
    for key in place:
        match data:
            case dict() if key in data:
                data = data[key]
            case list() if isinstance(key, int) and key < len(data):
                data = data[key]
            case _:
                return False
    return True
