"""What answers where nobody named a server, and what leads from a Lambda function to a server on this machine.

Each says of itself that it stands in for something: nobody shall take its answer for that of a model.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

from ml_gateway.config import GatewayConfig, LambdaBackendConfig
from ml_gateway.config.types.by_region import in_region
from ml_gateway.local.loopback import LoopbackServer

_SAID: Final = "no server was named for this model: --backend <model>=http://127.0.0.1:8000 puts yours in its place"

_INVOCATIONS: Final = "/2015-03-31/functions/function/invocations"
"""Where AWS's Lambda Runtime Interface Emulator takes an event, as in each of its images: Lambda Developer Guide."""

# Runs in the function, with the standard library alone. The event is that of API Gateway's proxy integration.
_CODE: Final = """
import json
import urllib.request

URL = {url!r}
SAID = {said!r}


def handler(event, context):
    if URL is None:
        told = json.dumps({{"stand_in": SAID, "received": event}})
        return {{"statusCode": 200, "headers": {{"Content-Type": "application/json"}}, "body": told}}
    headers = {{"Content-Type": "application/json"}}
    asked = urllib.request.Request(URL, data=json.dumps(event).encode(), headers=headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)
"""


class StandIn(LoopbackServer):
    """Answers any request with what it received, and says that it is none of the models' servers."""

    def __init__(self) -> None:
        super().__init__(_Telling)


class _Telling(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _tell(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        received = {
            "method": self.command,
            "path": self.path,
            "headers": dict(self.headers.items()),
            "body": body.decode(errors="replace"),
        }
        said = json.dumps({"stand_in": _SAID, "received": received}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _tell  # noqa: N815 (http.server)

    def log_message(self, format: str, *args: object) -> None:
        """The gateway's own log has each request."""


def define_functions(config: GatewayConfig, servers: Mapping[str, str], client: Any, *, region: str) -> None:
    """Define each Lambda function that a backend names in `region`, as one that hands its event on to the server that
    `servers` has for it: the Runtime Interface Emulator of AWS's images, or what speaks as it does. `client` is boto3's
    for Lambda there.
    """
    for place, backend in config.backends.items():
        if isinstance(backend, LambdaBackendConfig):
            name, _, alias = in_region(backend.function, region).partition(":")
            server = servers.get(f"backends.{place}")
            url = server and server.rstrip("/") + _INVOCATIONS
            # Another backend may name the function, too: it is one, with the server of the first.
            with suppress(client.exceptions.ResourceConflictException):
                define_function(client, name, {"handler.py": _CODE.format(url=url, said=_SAID)})
            with suppress(client.exceptions.ResourceConflictException):
                if alias and not alias.isdecimal():
                    version = client.publish_version(FunctionName=name)["Version"]
                    client.create_alias(FunctionName=name, Name=alias, FunctionVersion=version)


def define_function(client: Any, name: str, code: Mapping[str, str]) -> None:
    """`client` is boto3's for Lambda, `code` the text of each file; `handler` in handler.py answers.

    MiniStack runs the function with the Python that it runs on itself.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for file, text in code.items():
            zipped.writestr(file, text)
    client.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/of-nobody",
        Handler="handler.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=90,
    )
