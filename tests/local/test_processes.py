"""Children never outlive the one that started them."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from ml_gateway.local import processes
from ml_gateway.local.processes import child_environment, child_process, interruptions_held, last_lines
from tests.local.linux import descendants, still_alive

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
STUBBORN_FAMILY = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {STUBBORN}"


def wait_for(log: Path, lines: int) -> None:
    deadline = time.monotonic() + 10
    while len(log.read_text().splitlines()) < lines:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_child_that_does_not_listen_is_killed_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "SECONDS_TO_STOP", 0.2)
    log = tmp_path / "log"
    with child_process([sys.executable, "-c", STUBBORN_FAMILY], environment={}, log=log, directory=tmp_path) as child:
        wait_for(log, lines=2)
        (grandchild,) = descendants(child.pid)
    assert still_alive([child.pid, grandchild]) == []


def test_interruption_waits_until_the_child_is_known() -> None:
    steps = []

    def start() -> None:
        with interruptions_held():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"]


def test_child_sees_nothing_of_the_caller_but_what_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "https_proxy", "PERSIST_STATE", "CDK_OUTDIR"):
        monkeypatch.setenv(name, "of the caller")
    environment = child_environment(tmp_path, {"OURS": "1"})
    assert "of the caller" not in environment.values()
    assert (environment["OURS"], environment["TMPDIR"]) == ("1", str(tmp_path))
    assert environment["PATH"].startswith(str(Path(sys.executable).parent))


def test_last_lines_of_a_silent_child_say_so(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("")
    assert last_lines(log) == "  (it printed nothing)"
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    assert last_lines(log).splitlines()[-1] == "  line 99"
    assert len(last_lines(log).splitlines()) == processes.LINES_OF_LOG
