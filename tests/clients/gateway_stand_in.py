"""What a client meets: any server on loopback, which keeps each request and answers as the model behind would.

The gateway's part is played by its own parts: the edge function runs on what came, and the design's routes are asked
whether there is one. So a client whose row passes here has been run, and what it sent would have arrived.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from ml_gateway import load_config
from ml_gateway.design import GatewayDesign
from ml_gateway.functions import assembled_viewer_request
from ml_gateway.serving.paths import is_greedy, is_variable
from tests.functions.edge_runtime import KEYED, EdgeRuntime
from tests.synthesis import TOP, Json

KEY: Final = "k" * 48
ROUTES: Final = [
    route
    for routes in GatewayDesign.of(load_config(TOP / "tests" / "clients" / "clients.yaml")).routes.values()
    for route in routes
]
EDGE: Final = assembled_viewer_request(replace(KEYED, slashes_in_ids=True))

CHAT: Final[Json] = {
    "id": "c-1",
    "object": "chat.completion",
    "created": 1,
    "model": "llama",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "HELLO"}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
MESSAGE: Final[Json] = {
    "id": "m-1",
    "type": "message",
    "role": "assistant",
    "model": "claude",
    "content": [{"type": "text", "text": "HELLO"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
SPECIES: Final[Json] = {
    "model_name": "iris",
    "outputs": [{"name": "species", "shape": [1], "datatype": "INT64", "data": [2]}],
}
ANSWERS: Final = {
    "chat/completions": CHAT,
    "messages": MESSAGE,
    "infer": SPECIES,
    "invocations": {"answer": "HELLO"},
    "half:predict": {"predictions": [1.5]},
}
"""By what a path ends with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A request as it came."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]


@dataclass(kw_only=True, slots=True)
class StandIn:
    """A running one: `address` is `host:port`."""

    address: str
    received: list[Sent] = field(default_factory=list)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """One on a free port, which is stopped afterwards."""
    running = StandIn(address="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            running.received.append(Sent(method=self.command, path=path, headers=tuple(self.headers.items())))
            (answer,) = [each for end, each in ANSWERS.items() if path.endswith(f"/{end}")] or [{}]
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running.address = f"127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()


def arrives(sent: Sent, runtime: EdgeRuntime) -> tuple[str | None, str | None]:
    """The route that answers it and the key that API Gateway reads, once the edge function has had the request."""
    headers: dict[str, Json] = {}
    for name, value in sent.headers:
        copies = headers.setdefault(name.lower(), {"value": value, "multiValue": []})["multiValue"]
        copies.append({"value": value})
    single = {
        name: {"value": each["value"]} if len(each["multiValue"]) == 1 else each for name, each in headers.items()
    }
    event = {
        "version": "1.0",
        "request": {"method": sent.method, "uri": sent.path, "querystring": {}, "headers": single, "cookies": {}},
    }
    request = runtime.run(EDGE, event).value
    route = next(
        (f"{each.http_method} {each.path}" for each in ROUTES if answers(each.http_method, each.path, request)), None
    )
    return route, request.get("headers", {}).get("x-api-key", {}).get("value")


def answers(method: str, path: str, request: Json) -> bool:
    parts = (".+" if is_greedy(part) else "[^/]+" if is_variable(part) else re.escape(part) for part in path.split("/"))
    return request.get("method") == method and re.fullmatch("/".join(parts), request.get("uri", "")) is not None
