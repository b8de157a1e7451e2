"""What /proc says about processes and the ports that they listen on."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LISTENING = "0A"
PROC = Path("/proc")


def is_alive(process: int) -> bool:
    """Whether it runs: one that ended and waits to be collected does not."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def still_alive(processes: Iterable[int]) -> list[int]:
    """Those that run even after a moment: who is killed by a signal is not gone the same instant."""
    deadline = time.monotonic() + 5
    while (alive := [process for process in processes if is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return alive


def descendants(process: int) -> set[int]:
    """The ids of all processes that a process started, and of those that they started."""
    parents: dict[int, list[int]] = {}
    for status in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        parents.setdefault(parent, []).append(int(status.parent.name))
    found: set[int] = set()
    waiting = [process]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return found


def listening_sockets(process: int) -> set[str]:
    """The address and port, as `/proc/net/tcp` writes them, of every TCP socket on which a process listens."""
    inodes = set()
    with suppress(FileNotFoundError):  # the process may end, or close a file, meanwhile
        for link in (PROC / str(process) / "fd").iterdir():
            with suppress(FileNotFoundError):
                inodes.add(str(link.readlink()))
    lines = [line.split() for table in ("tcp", "tcp6") for line in (PROC / "net" / table).read_text().splitlines()[1:]]
    return {line[1] for line in lines if line[3] == LISTENING and f"socket:[{line[9]}]" in inodes}


def on_loopback(port: int) -> str:
    """127.0.0.1 and the port, as `/proc/net/tcp` writes them."""
    return f"0100007F:{port:04X}"
