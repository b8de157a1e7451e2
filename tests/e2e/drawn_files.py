"""Draws the file of a gateway, and what somebody makes of it, one version after another.

Left out is what needs assets, which stack_deployer.py does not take: `models` and `jwt` of clients, and versions.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from hypothesis import strategies as st

from tests.e2e import drawn_edits
from tests.e2e.drawn_edits import MODELS, OF_ALL, OF_CLIENTS, OF_MODELS, OF_PLANS, Data, Edit
from tests.e2e.stack_deployer import ROLES, Role
from tests.files import report


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnChange:
    """The next version of a file, the names of what was changed, and the stack that fails at first, if one does."""

    file: Data
    edits: tuple[str, ...]
    failing: Role | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnHistory:
    """A file, and its versions."""

    first: Data
    changes: tuple[DrawnChange, ...]


@st.composite
def histories(draw: st.DrawFn, *, directory: Path, most_changes: int) -> DrawnHistory:
    """Every version is a file that the loader takes; `directory` is where it reads them."""
    names = draw(drawn_edits.some(MODELS, least=2, most=4))
    file: Data = {
        "name": "drawn",
        "regions": ["us-east-1"],
        "models": {name: draw(drawn_edits.models(name)) for name in names},
        "plans": {"gold": {"rate": "1000/s", "burst": 1000}},
        "origin_lock": {"generation": 1},
    }
    beginnings = st.sampled_from([drawn_edits.add_client, drawn_edits.add_plan, drawn_edits.other_setting])
    edits = st.sampled_from([OF_MODELS, OF_MODELS, OF_CLIENTS, [*OF_PLANS, *OF_ALL]]).flatmap(st.sampled_from)
    first, _ = _edited(draw, file, beginnings, directory)
    changes, latest = [], first
    for _ in range(draw(st.integers(1, most_changes))):
        latest, done = _edited(draw, latest, edits, directory)
        failing = draw(st.sampled_from([None, *ROLES]))
        changes.append(DrawnChange(file=latest, edits=done, failing=failing))
    return DrawnHistory(first=first, changes=tuple(changes))


def _edited(
    draw: st.DrawFn, file: Data, edits: st.SearchStrategy[Edit], directory: Path
) -> tuple[Data, tuple[str, ...]]:
    """The file after two to four edits, without those that change nothing or that the loader does not take."""
    needed = dict.fromkeys(OF_CLIENTS, "clients") | dict.fromkeys(OF_PLANS, "plans")
    done = []
    for _ in range(draw(st.integers(2, 4))):
        edit = draw(edits)
        if edit in needed and not file.get(needed[edit]):
            continue
        edited = edit(draw, file)
        if edited != file and _is_taken(edited, directory):
            file = edited
            done.append(edit.__name__)
    return file, tuple(done)


def _is_taken(file: Data, directory: Path) -> bool:
    path = directory / "gateway.yaml"
    path.write_text(yaml.safe_dump(file, sort_keys=False))
    return not report(path)
