"""The command is written for Linux and macOS, and for each Python that the package takes: as far as pyright tells."""

import json
import subprocess
import sys
from pathlib import Path

from tests.synthesis import TOP

PYRIGHT = TOP / "node_modules" / ".bin" / "pyright"
OF_LINUX = "import os\nos.memfd_create('a')\n"
GONE_SINCE_3_12 = "from pathlib import Path\n\nPath('a').link_to('b')\n"

PARTS = ("cli", "local")


def test_it_uses_nothing_that_is_not_there(tmp_path: Path) -> None:
    """On macOS, in the newest Python. `make lint` looks at Linux with the oldest, and all else lies between the two."""
    (tmp_path / "of_linux.py").write_text(OF_LINUX)
    (tmp_path / "gone.py").write_text(GONE_SINCE_3_12)
    where = ("--pythonplatform", "Darwin", "--pythonversion", "3.13", "--pythonpath", sys.executable)
    command: list[str | Path] = [PYRIGHT, "--outputjson", *where, *(TOP / "ml_gateway" / part for part in PARTS)]
    command += tmp_path.iterdir()
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] > 30
    wrong = {Path(each["file"]).name for each in said["generalDiagnostics"] if each["severity"] in ("error", "warning")}
    assert wrong == {"of_linux.py", "gone.py"}
