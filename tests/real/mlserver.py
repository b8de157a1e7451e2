"""MLServer, a model server of the Open Inference Protocol, in an environment of its own."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

from ml_gateway.local.cloud import free_port
from ml_gateway.local.http_client import HttpClient, Request
from ml_gateway.local.processes import LocalCloudError, child_environment, child_process, last_lines
from tests.synthesis import TOP

OIP: Final = TOP / ".venv-oip" / "bin"
SECONDS_TO_START: Final = 120
SECONDS_FOR_ONE_SCRIPT: Final = 120


def run_script(name: str, *arguments: str, directory: Path) -> Any:
    """What a script of this folder prints, as JSON, when the environment's own Python runs it."""
    finished = subprocess.run(
        [OIP / "python", Path(__file__).with_name(name), *arguments],
        cwd=directory,
        env=child_environment(directory, {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_ONE_SCRIPT,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


@contextmanager
def running_mlserver(directory: Path) -> Iterator[HttpClient]:
    """Serve the model of `directory` until the block ends, on loopback only."""
    port = free_port()
    # Without workers the model is in the server's own process. Whatever gRPC and metrics listen on stays unused.
    settings = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": free_port(),
        "metrics_port": free_port(),
        "parallel_workers": 0,
    }
    (directory / "settings.json").write_text(json.dumps(settings))
    log = directory / "mlserver.log"
    command = [str(OIP / "mlserver"), "start", str(directory)]
    environment = child_environment(directory, {})
    with (
        child_process(command, environment=environment, log=log, directory=directory) as process,
        closing(HttpClient(port, {})) as client,
    ):
        _wait_until_ready(process, client, log)
        yield client


def _wait_until_ready(process: Popen[bytes], client: HttpClient, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if _is_ready(client):
            return
        time.sleep(0.2)
    raise LocalCloudError(f"MLServer did not start; the end of its log:\n{last_lines(log)}")


def _is_ready(client: HttpClient) -> bool:
    try:
        return client.send(Request(method="GET", path="/v2/models/iris_1/ready")).status == 200
    except LocalCloudError:
        return False
