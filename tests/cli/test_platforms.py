"""The command is written for Linux and macOS, and for each Python that the package takes: as far as pyright tells."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthesis import TOP

PYRIGHT = TOP / "node_modules" / ".bin" / "pyright"
OF_LINUX = "import os\nos.memfd_create('a')\n"
OF_3_13 = "from warnings import deprecated\n\nprint(deprecated)\n"


PARTS = ("cli", "local")


@pytest.mark.parametrize(("platform", "version"), [("Linux", "3.13"), ("Darwin", "3.11")])
def test_it_uses_nothing_that_is_not_there(platform: str, version: str, tmp_path: Path) -> None:
    """What is there on one side alone is refused on the other.

    What Python 3.12 lacks is missing in 3.11 as well, or in 3.13.
    """
    refused = {"of_linux.py"} if platform == "Darwin" else set()
    if version != "3.13":
        refused.add("of_3_13.py")
    (tmp_path / "of_linux.py").write_text(OF_LINUX)
    (tmp_path / "of_3_13.py").write_text(OF_3_13)
    where = ("--pythonplatform", platform, "--pythonversion", version, "--pythonpath", sys.executable)
    command: list[str | Path] = [PYRIGHT, "--outputjson", *where, *(TOP / "ml_gateway" / part for part in PARTS)]
    command += tmp_path.iterdir()
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] > 30
    wrong = {Path(each["file"]).name for each in said["generalDiagnostics"] if each["severity"] == "error"}
    assert wrong == refused
