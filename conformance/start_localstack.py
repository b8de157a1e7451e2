"""Starts LocalStack, held to loopback. Run by the Python of `.venv-conformance`, which has nothing of this project."""

import os
import sys
from functools import partial
from typing import Any, Final

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

SAGEMAKER_SETTING: Final = "SAGEMAKER_RUNTIME_URL"
"""The environment variable with the URL of what stands in for SageMaker's runtime."""

_ADDRESS_AT: Final = {
    "socket.bind": 1,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
"""Audit event -> which of its arguments is the address."""


def refuse_other_hosts(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: nothing is listened on, connected to or looked up but loopback, whatever LocalStack tries."""
    if event not in _ADDRESS_AT:
        return
    address = arguments[_ADDRESS_AT[event]]
    host = address[0] if isinstance(address, tuple) else address
    if host not in LOOPBACK:
        message = f"{event} refused: {host!r} is not on loopback"
        print(message, flush=True)
        raise PermissionError(message)


def lead_sagemaker_to(url: str) -> None:
    """Pass on what API Gateway asks of `runtime.sagemaker`, which LocalStack 4.9.2 looks for at its own address."""
    from localstack.http.proxy import ProxyHandler  # type: ignore[import-not-found]  # it is in the other environment
    from localstack.services.edge import ROUTER  # type: ignore[import-not-found]  # so is this

    ROUTER.add("/endpoints/<path:path>", ProxyHandler(f"{url}/endpoints"))


def main() -> None:
    sys.addaudithook(refuse_other_hosts)
    from twisted.internet import endpoints  # type: ignore[import-not-found]  # it is in the other environment

    # LocalStack 4.9.2 forgets the host of GATEWAY_LISTEN for IPv4 (localstack/runtime/server/twisted.py).
    endpoints.TCP4ServerEndpoint = partial(endpoints.TCP4ServerEndpoint, interface="127.0.0.1")
    from localstack.runtime.main import main as run_localstack  # type: ignore[import-not-found]  # so is this

    if SAGEMAKER_SETTING in os.environ:
        lead_sagemaker_to(os.environ[SAGEMAKER_SETTING])
    run_localstack()


if __name__ == "__main__":
    main()
