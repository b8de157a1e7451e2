"""MiniStack, an AWS emulator, as a child process that listens on loopback only."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Final

import urllib3

from ml_gateway.local.processes import LocalCloudError, child_environment, child_process, last_lines

DEFAULT_ACCOUNT: Final = "000000000000"
API_PATH: Final = "/_aws/execute-api"
"""Below it lie all REST APIs: `<API_PATH>/<api id>/<stage>/...`."""
NEAR_HEADER: Final = "x-local-near"
"""With a request to a distribution: the region that is the nearest to the viewer. It goes no further."""
SECONDS_TO_START: Final = 120
LAUNCHER: Final = Path(__file__).with_name("start_ministack.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cloud:
    """A running emulator. `directory` holds its log and whatever is worth keeping until it stops."""

    port: int
    account: str
    directory: Path
    process_id: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_cloud(
    directory: Path,
    *,
    account: str | None = None,
    backend_timeout: timedelta | None = None,
    port: int | None = None,
    state: Path | None = None,
    certificates: Path | None = None,
) -> Iterator[Cloud]:
    """A cloud whose only account is `account`, at `port` or any that is free.

    `backend_timeout`: how long its API Gateway waits for any backend, whatever the timeout of an integration.
    `state`: a directory that it begins with the content of, and writes to when the block ends; one that is killed
    writes nothing. Without it the cloud begins empty and forgets everything. `certificates`: whom its functions trust
    beside the usual authorities.
    """
    account = account or DEFAULT_ACCOUNT
    port = port or free_port()
    log = directory / "ministack.log"
    settings = _settings(directory, port, account, backend_timeout)
    if certificates:
        settings["NODE_EXTRA_CA_CERTS"] = str(certificates)
    if state:
        settings |= {"PERSIST_STATE": "1", "STATE_DIR": str(state)}
    # -P: what lies beside the launcher is not to be taken for a package.
    command = [sys.executable, "-P", str(LAUNCHER)]
    environment = child_environment(directory, settings)
    with child_process(command, environment=environment, log=log, directory=directory) as process:
        wait_until_healthy(process, f"http://127.0.0.1:{port}/_ministack/health", log)
        yield Cloud(port=port, account=account, directory=directory, process_id=process.pid)


def _settings(directory: Path, port: int, account: str, backend_timeout: timedelta | None) -> dict[str, str]:
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": account,
        # Both would listen on all interfaces.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # It removes containers that it takes for its own: there is no Docker for it to find.
        "DOCKER_HOST": f"unix://{directory / 'no-docker'}",
        "LAMBDA_EXECUTOR": "local",
        # Where functions of Node find what the runtime of AWS brings along: the SDK.
        "NODE_PATH": str(Path("node_modules").resolve()),
    }
    if backend_timeout:
        settings["MINISTACK_APIGW_PROXY_TIMEOUT_SECONDS"] = str(backend_timeout.total_seconds())
    return settings


def free_port() -> int:
    """A port of the loopback interface that nothing listens on at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_until_healthy(process: Popen[bytes], health: str, log: Path) -> None:
    """Wait until the emulator answers at the URL `health`; its log, named after it, tells why if it never does."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if _is_healthy(health):
            return
        time.sleep(0.1)
    ended = f"exit code {process.poll()}" if process.poll() is not None else f"no answer within {SECONDS_TO_START} s"
    raise LocalCloudError(f"{log.stem} did not start ({ended}); the end of its log:\n{last_lines(log)}")


def _is_healthy(health: str) -> bool:
    with urllib3.PoolManager(timeout=5, retries=False) as pool:
        try:
            return pool.request("GET", health).status == 200
        except urllib3.exceptions.HTTPError:
            return False
