"""Packages of npm that the code of a function takes along: found as Node finds them, and copied without Docker."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NODE_MODULES: Final = Path("node_modules")

_LICENSES: Final = ("LICENSE*", "NOTICE*", "CopyrightNotice*")
_OF_OTHER_RUNTIMES: Final = ("*.browser.js", "*.native.js")
"""What a package has for browsers and for React Native, beside what Node runs."""


class MissingModuleError(ValueError):
    """A package of npm is not there, or is another version; the message has the line that installs it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PinnedPackage:
    """A package, and the version that the function was tested with. `does`: what it does, to begin a message."""

    name: str
    version: str
    does: str

    def find(self, project: Path) -> Path:
        """Its folder, in the `node_modules` of `project` or of a folder above it. Raises MissingModuleError where it is
        not, or is another version."""
        package = _found(self.name, project)
        if not package:
            raise MissingModuleError(
                f"{self.does} by {self.name}, a package of npm, and no node_modules has it; {self.install}"
            )
        version = _manifest(package)["version"]
        if version != self.version:
            raise MissingModuleError(
                f"{self.does} by {self.name} {self.version}, and {package} is {version}; {self.install}"
            )
        return package

    def copy_with_dependencies(self, package: Path, folder: Path) -> None:
        """Copy what runs of the package and of all that it depends on into the `node_modules` of `folder`.

        Each goes to the top, where all find it; of two versions of one package the second goes into whatever needs it.
        Raises MissingModuleError where a dependency is not there.
        """
        waiting = [(package.resolve(), _place(folder, self.name))]
        taken = {place: source for source, place in waiting}
        while waiting:
            source, target = waiting.pop()
            _copy_what_runs(source, target)
            # All of one package first: what is below it must find them as it does.
            for name in _manifest(source).get("dependencies", {}):
                needed = self._dependency(name, source)
                place = _free_place(name, needed, target, folder, taken)
                if place not in taken:
                    taken[place] = needed
                    waiting.append((needed, place))

    def _dependency(self, name: str, package: Path) -> Path:
        found = _found(name, package)
        if not found:
            raise MissingModuleError(
                f"{self.does} by {self.name} {self.version}, {package} needs {name}, and no node_modules has it; "
                f"{self.install}"
            )
        return found.resolve()

    @property
    def install(self) -> str:
        return f"in the folder of cdk.json run npm install --save-exact {self.name}@{self.version}"


def copy_part(source: Path, target: Path, *, without: tuple[str, ...] = ()) -> None:
    """Copy a file, or a folder without the files whose names have one of these forms."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*without))
    else:
        shutil.copyfile(source, target)


def _found(name: str, start: Path) -> Path | None:
    places = (_place(folder, name) for folder in (start, *start.parents))
    return next((place for place in places if (place / "package.json").is_file()), None)


def _place(folder: Path, name: str) -> Path:
    return folder / NODE_MODULES / name


def _free_place(name: str, package: Path, needing: Path, top: Path, taken: Mapping[Path, Path]) -> Path:
    """Where the package at `needing` shall find the other one: where it is already, else at the top, else in itself."""
    above = needing.relative_to(top).parents
    places = [_place(needing, name), *(_place(top / folder, name) for folder in above)]
    first = next((place for place in places if place in taken), None)
    if first is None:
        return places[-1]
    return first if taken[first] == package else places[0]


def _copy_what_runs(package: Path, target: Path) -> None:
    """Its manifest, its licenses, and the file or folder that its `main` is in."""
    main = Path(_manifest(package)["main"]).parts[0]
    licenses = (path.name for pattern in _LICENSES for path in package.glob(pattern))
    for part in ("package.json", *licenses, main):
        copy_part(package / part, target / part, without=_OF_OTHER_RUNTIMES)


def _manifest(package: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return manifest
