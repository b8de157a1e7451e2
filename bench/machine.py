"""What the numbers were measured on."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

LIBRARIES: Final = ("aws-cdk-lib", "cdk-nag", "constructs", "jsii", "pydantic")


def describe_machine(load: Sequence[float]) -> dict[str, str]:
    """Name -> value of all that the numbers depend on; `load` is the machine's load average before the first run."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607 (as jsii does)
    return {
        "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "Machine": f"{platform.machine()}, {os.cpu_count()} cores, {_memory() / 2**30:.1f} GiB, {platform.system()}",
        "Load average before the first run": f"{load[0]:.1f} (1 min), {load[1]:.1f} (5 min)",
        "Python, Node": f"{platform.python_version()}, {node.stdout.strip().removeprefix('v')}",
        "Libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
