"""Environments to install the package into, made in no time: pip and all that is needed are those of here."""

import subprocess
import sys
import sysconfig
from pathlib import Path


def environment(folder: Path) -> Path:
    """The Python of a new environment, in which what is installed here is found after its own packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "installed_here.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


def pip(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--isolated", "--quiet", *arguments], check=True, timeout=120)
