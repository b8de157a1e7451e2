"""What pyright tells, in one run, as reading the CDK takes it most of the time.

What people copy is not red in their editors: Pylance shows what pyright tells, in strict mode and without plugins. The
other examples are left out: CDK's own classes do not satisfy CDK's own protocols there, so that passing a
ServicePrincipal is an error (https://github.com/aws/aws-cdk/issues/31454), and each takes half a minute.

And the command is written for Linux and macOS, and for each Python that the package takes. `make lint` looks at Linux
with the oldest, pyright at macOS with the newest, and all else lies between the two.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_gateway.config.section import Section
from tests.synthesis import TOP

PYRIGHT = TOP / "node_modules" / ".bin" / "pyright"
OWN_STACK = "examples/own_stack/app.py"

POSITIONAL_DEFAULT = """
from ml_gateway.config.section import Section
from pydantic import Field

class Plan(Section):
    burst: int | None = Field(None, gt=0)

Plan()
"""


def sections(base: type[Section] = Section) -> Iterator[type[Section]]:
    for section in base.__subclasses__():
        if section.__module__.startswith("ml_gateway."):
            yield section
            yield from sections(section)


def with_what_it_needs(section: type[Section]) -> str:
    """A function that builds a section with what pydantic wants and nothing else."""
    needed = ", ".join(f"{name}=a" for name, field in section.model_fields.items() if field.is_required())
    name, module = section.__name__, section.__module__
    imports = f"from typing import Any\nfrom {module} import {name}\n"
    return f"{imports}def built(a: Any) -> {name}:\n    return {name}({needed})\n"


def shown() -> dict[str, str]:
    """The programs that the pages show, whole, and the example of the constructs."""
    found = {OWN_STACK: (TOP / OWN_STACK).read_text()}
    for page in ("docs/constructs.md", "docs/policy.md"):
        for block in re.findall(r"```python\n(.*?)```", (TOP / page).read_text(), re.DOTALL):
            if "app = App()" in block:
                found[page] = block
    return found


NEEDS = {section.__name__: with_what_it_needs(section) for section in sections()}
SHOWN = shown()
REFUSED = {
    "no name": SHOWN["docs/constructs.md"].replace('name="acme-ml",', ""),
    "another type": SHOWN["docs/constructs.md"].replace("burst=10", 'burst="10"'),
    "no lock": SHOWN[OWN_STACK].replace("api.origin(lock)", "api.origin()"),
    "a positional default": POSITIONAL_DEFAULT,
}
EDITED = {**SHOWN, **NEEDS, **REFUSED}

NOT_EVERYWHERE = {
    "of Linux": "import os\nos.memfd_create('a')\n",
    "gone since 3.12": "from pathlib import Path\n\nPath('a').link_to('b')\n",
}
COMMAND = [str(path) for part in ("cli", "local") for path in (TOP / "ml_gateway" / part).rglob("*.py")]


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What pyright says of each program, by its name, and of each file of the command, by its path."""
    folder = tmp_path_factory.mktemp("pyright")
    names = {path: path for path in COMMAND}
    for part, programs in (("edited", EDITED), ("elsewhere", NOT_EVERYWHERE)):
        (folder / part).mkdir()
        for number, (name, text) in enumerate(programs.items()):
            file = folder / part / f"program_{number}.py"
            file.write_text(text)
            names[str(file)] = name
    settings = {
        # Absolute paths are ignored here.
        "include": [".", *(os.path.relpath(path, folder) for path in COMMAND)],
        "strict": ["edited"],
        "extraPaths": [str(TOP)],
        # For all of them: for each folder others could be said, and not for the types of Python's own library.
        "pythonVersion": "3.13",
        "pythonPlatform": "Darwin",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command: list[str | Path] = [PYRIGHT, "--outputjson", "--pythonpath", sys.executable, "--project", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(names)
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    for each in report["generalDiagnostics"]:
        if each["severity"] in ("error", "warning"):
            found[names[each["file"]]].append(f"{each['rule']}: {each['message']}")
    return found


@pytest.mark.parametrize("program", SHOWN)
def test_what_is_shown_has_no_error_in_an_editor(program: str, errors: dict[str, list[str]]) -> None:
    assert errors[program] == []


@pytest.mark.parametrize("section", NEEDS)
def test_an_editor_asks_for_no_more_than_a_section_needs(section: str, errors: dict[str, list[str]]) -> None:
    assert errors[section] == []


def test_programs_of_the_pages_are_among_them() -> None:
    assert set(SHOWN) == {"docs/constructs.md", "docs/policy.md", OWN_STACK}
    assert {"GatewayConfig", "ModelConfig", "PlanConfig", "HttpBackendConfig"} <= set(NEEDS)


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("no name", 'reportCallIssue: Argument missing for parameter "name"'),
        ("another type", "reportArgumentType"),
        ("no lock", 'reportCallIssue: Argument missing for parameter "lock"'),
        ("a positional default", 'reportCallIssue: Argument missing for parameter "burst"'),
    ],
)
def test_an_editor_refuses(program: str, error: str, errors: dict[str, list[str]]) -> None:
    assert EDITED[program] not in SHOWN.values()
    assert [found for found in errors[program] if found.startswith(error)] != []


def test_the_command_uses_nothing_that_is_not_everywhere(errors: dict[str, list[str]]) -> None:
    assert len(COMMAND) > 30
    assert {path: errors[path] for path in COMMAND if errors[path]} == {}
    assert all(errors[name] for name in NOT_EVERYWHERE)
