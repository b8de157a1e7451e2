"""LocalStack as a child process that listens on loopback only, run from a Python environment of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from conformance.start_localstack import SAGEMAKER_SETTING
from ml_gateway.local.cloud import DEFAULT_ACCOUNT, Cloud, free_port, wait_until_healthy
from ml_gateway.local.processes import LocalCloudError, child_environment, child_process

PYTHON: Final = Path(__file__).parents[1] / ".venv-conformance" / "bin" / "python"
LAUNCHER: Final = Path(__file__).with_name("start_localstack.py")


@contextmanager
def running_localstack(directory: Path, *, sagemaker: str | None = None) -> Iterator[Cloud]:
    """An empty LocalStack; it keeps its files in `directory` and forgets everything when the block ends.

    It has no SageMaker; the server at the URL `sagemaker` stands in for its runtime.
    """
    if not PYTHON.exists():
        raise LocalCloudError("LocalStack is not installed; `make conformance` installs it")
    port = free_port()
    log = directory / "localstack.log"
    environment = child_environment(directory, _settings(directory, port, sagemaker))
    # -I keeps our own modules out of its way.
    command = [str(PYTHON), "-I", str(LAUNCHER)]
    with child_process(command, environment=environment, log=log, directory=directory) as process:
        wait_until_healthy(process, f"http://127.0.0.1:{port}/_localstack/health", log)
        yield Cloud(port=port, account=DEFAULT_ACCOUNT, directory=directory, process_id=process.pid)


def _settings(directory: Path, port: int, sagemaker: str | None) -> Mapping[str, str]:
    return {
        **({SAGEMAKER_SETTING: sagemaker} if sagemaker else {}),
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
