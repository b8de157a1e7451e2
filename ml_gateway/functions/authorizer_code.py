"""The code of the authorizer: its files in JavaScript, a config.json beside them, and jose where tokens are checked."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ml_gateway.functions.node_packages import NODE_MODULES, PinnedPackage, copy_part
from ml_gateway.functions.node_packages import MissingModuleError as MissingModuleError

JOSE_VERSION: Final = "6.2.18"
"""What the authorizer was tested with; package.json has the same."""

SOURCES: Final = Path(__file__).parent / "authorizer"

_JOSE: Final = PinnedPackage(name="jose", version=JOSE_VERSION, does="tokens are checked")
_OF_JOSE: Final = ("package.json", "LICENSE.md", "dist/webapi")
"""What of the package runs, and its license. No other package is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuerSettings:
    """One issuer: its tokens have to have its `url` as `iss`, any `audience` if there are some, and what is in
    `require`. `clients` has whose they are, by the value of `claim`."""

    url: str
    audience: tuple[str, ...]
    claim: str
    require: Mapping[str, str]
    clients: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientSettings:
    """One client: the names of the secrets of its `keys`, and of the one that counts for its `tokens`, if it may have
    some. `allowed`: what it may call, as `allowed_by` has it."""

    keys: tuple[str, ...]
    tokens: str | None
    allowed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizerSettings:
    """What the function knows of one gateway; `clients` by their names."""

    issuers: tuple[IssuerSettings, ...]
    clients: Mapping[str, ClientSettings]


def write_authorizer(settings: AuthorizerSettings, folder: Path, *, project: Path) -> None:
    """Write the code of the function into `folder`, which is there and empty.

    With issuers it needs jose, of the version `JOSE_VERSION`, in the `node_modules` of `project` or of a folder above
    it, as Node looks for packages. Raises MissingModuleError where that has none.
    """
    jose = find_jose(project) if settings.issuers else None
    for source in sorted(SOURCES.glob("*.js")):
        shutil.copyfile(source, folder / source.name)
    (folder / "config.json").write_text(json.dumps(asdict(settings), indent=1, sort_keys=True), encoding="utf-8")
    if jose:
        for part in _OF_JOSE:
            copy_part(jose / part, folder / NODE_MODULES / "jose" / part)


def find_jose(project: Path) -> Path:
    """The folder of the package. Raises MissingModuleError where it is not, or is another version."""
    return _JOSE.find(project)
