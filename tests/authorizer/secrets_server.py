"""Secrets Manager as far as the authorizer asks it, on loopback."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, cast

from ml_gateway.local.loopback import LoopbackServer


class SecretsServer(LoopbackServer):
    """Answers BatchGetSecretValue (Secrets Manager API reference) with `values`, by name.

    `wrong` has the error code of secrets that cannot be read. `asked`: the names in each call. `down`: it answers 500.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(_Answering)
        self.values = dict(values)
        self.wrong: dict[str, str] = {}
        self.asked: list[list[str]] = []
        self.down = False


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = cast(SecretsServer, self.server)
        names = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["SecretIdList"]
        assert self.headers["X-Amz-Target"] == "secretsmanager.BatchGetSecretValue"
        server.asked.append(names)
        if server.down:
            return self._answer(400, {"__type": "InternalServiceError"})
        errors = {name: "ResourceNotFoundException" for name in names if name not in server.values} | server.wrong
        return self._answer(
            200,
            {
                "SecretValues": [
                    {"Name": name, "SecretString": server.values[name]} for name in names if name not in errors
                ],
                "Errors": [{"SecretId": name, "ErrorCode": errors[name]} for name in names if name in errors],
            },
        )

    def _answer(self, status: int, said: Mapping[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at `asked`."""
