"""The code of the function that overrides shares: its files in JavaScript, a config.json beside them, and a signer."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ml_gateway.functions.node_packages import PinnedPackage

SIGNER_VERSION: Final = "3.6.2"
"""What the function was tested with; package.json has the same."""

SOURCES: Final = Path(__file__).parent / "overrides"

_SIGNER: Final = PinnedPackage(
    name="@smithy/signature-v4a", version=SIGNER_VERSION, does="overrides of rollouts are signed"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RollbackSettings:
    """What an alarm says: that `version` of `model` fails. Its share goes to the version `to`."""

    model: str
    version: str
    to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OverridesSettings:
    """What the function knows of one gateway: by the names of its `models` the shares that the file gives, whole
    percents by version; and by the names of its `alarms` which version each is about."""

    models: Mapping[str, Mapping[str, int]]
    alarms: Mapping[str, RollbackSettings]


def write_overrides(settings: OverridesSettings, folder: Path, *, project: Path) -> None:
    """Write the code of the function into `folder`, which is there and empty.

    It needs @smithy/signature-v4a, of the version `SIGNER_VERSION`, in the `node_modules` of `project` or of a folder
    above it, as Node looks for packages. Raises MissingModuleError where that has none.
    """
    signer = find_signer(project)
    for source in sorted(SOURCES.glob("*.js")):
        shutil.copyfile(source, folder / source.name)
    (folder / "config.json").write_text(json.dumps(_render(settings), indent=1), encoding="utf-8")
    _SIGNER.copy_with_dependencies(signer, folder)


def _render(settings: OverridesSettings) -> dict[str, object]:
    """Models and alarms by name; shares as the file has them."""
    return {
        "models": {name: dict(shares) for name, shares in sorted(settings.models.items())},
        "alarms": {name: asdict(alarm) for name, alarm in sorted(settings.alarms.items())},
    }


def find_signer(project: Path) -> Path:
    """The folder of the package. Raises MissingModuleError where it is not, or is another version."""
    return _SIGNER.find(project)
