"""LocalStack as a child process that listens on loopback only, run from a Python environment of its own."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Final

import urllib3

from local.cdk_cli import REPOSITORY
from local.cloud import DEFAULT_ACCOUNT, Cloud
from local.processes import LocalCloudError, child_environment, child_process, last_lines

PYTHON: Final = REPOSITORY / ".venv-conformance" / "bin" / "python"
LAUNCHER: Final = Path(__file__).with_name("start_localstack.py")
SECONDS_TO_START: Final = 120


@contextmanager
def running_localstack(directory: Path) -> Iterator[Cloud]:
    """An empty LocalStack; it keeps its files in `directory` and forgets everything when the block ends."""
    if not PYTHON.exists():
        raise LocalCloudError("LocalStack is not installed; `make conformance` installs it")
    port = _free_port()
    log = directory / "localstack.log"
    environment = child_environment(directory, _settings(directory, port))
    # -I keeps our own modules out of its way.
    command = [str(PYTHON), "-I", str(LAUNCHER)]
    with child_process(command, environment=environment, log=log, directory=directory) as process:
        _wait_until_healthy(process, port, log)
        yield Cloud(port=port, account=DEFAULT_ACCOUNT, directory=directory, process_id=process.pid)


def _settings(directory: Path, port: int) -> Mapping[str, str]:
    return {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        # All that it writes goes here, also where it takes the machine for a container.
        "OVERRIDE_IN_DOCKER": "0",
        "FILESYSTEM_ROOT": str(directory / "root"),
        "HOME": str(directory / "home"),
        # It would start a name server on port 53, download a certificate and report how it is used.
        "DNS_ADDRESS": "0",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_healthy(process: Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if _is_healthy(port):
            return
        time.sleep(0.2)
    ended = f"exit code {process.poll()}" if process.poll() is not None else f"no answer within {SECONDS_TO_START} s"
    raise LocalCloudError(f"LocalStack did not start ({ended}); the end of its log:\n{last_lines(log)}")


def _is_healthy(port: int) -> bool:
    with urllib3.HTTPConnectionPool("127.0.0.1", port, timeout=5, retries=False) as pool:
        try:
            return pool.request("GET", "/_localstack/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False
