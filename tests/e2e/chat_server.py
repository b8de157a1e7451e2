"""A server that speaks as much of the OpenAI API, and of Anthropic's, as the tests need.

Its model repeats what it is told, in capitals."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

from ml_gateway.local.loopback import LoopbackServer, serving

MODEL: Final = "llama"
ADAPTER: Final = "org/adapter"
"""Another model that the same server has, by an id with a slash."""


@contextmanager
def running_chat_server() -> Iterator[str]:
    """The URL of a server that answers until the block ends."""
    with serving(LoopbackServer(_Handler)) as server:
        yield server.url


class _Handler(BaseHTTPRequestHandler):
    """At `/headers` it says which headers it received. It knows two models and answers as the first."""

    def do_GET(self) -> None:
        known = {name: {"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in (MODEL, ADAPTER)}
        if self.path == "/v1/models":
            self._send(200, "application/json", json.dumps({"object": "list", "data": list(known.values())}))
        elif (name := self.path.removeprefix("/v1/models/")) in known:
            self._send(200, "application/json", json.dumps(known[name]))
        else:
            self._refuse()

    def do_POST(self) -> None:
        if self.path == "/headers":
            received = {name.lower(): value for name, value in self.headers.items()}
            self._send(200, "application/json", json.dumps(received))
            return
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/messages":
            self._send(200, "application/json", _message(asked["messages"][-1]["content"].upper()))
            return
        if self.path != "/v1/chat/completions" or asked["model"] != MODEL:
            self._refuse()
            return
        words = asked["messages"][-1]["content"].upper().split(" ")
        if asked.get("stream"):
            chunks = [_completion("chat.completion.chunk", delta={"content": word}) for word in words]
            self._send(200, "text/event-stream", "".join(f"data: {chunk}\n\n" for chunk in [*chunks, "[DONE]"]))
        else:
            message = {"role": "assistant", "content": " ".join(words)}
            self._send(200, "application/json", _completion("chat.completion", message=message))

    def _refuse(self) -> None:
        error = {"message": "no such model here", "type": "invalid_request_error", "code": "model_not_found"}
        self._send(404, "application/json", json.dumps({"error": error | {"param": None}}))

    def _send(self, status: int, content_type: str, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the tests."""


def _completion(kind: str, **said: Any) -> str:
    choice = {"index": 0, "finish_reason": "stop", **said}
    return json.dumps({"id": "chat-1", "object": kind, "created": 0, "model": MODEL, "choices": [choice]})


def _message(text: str) -> str:
    content = [{"type": "text", "text": text}]
    usage = {"input_tokens": 1, "output_tokens": 1}
    said = {"id": "msg-1", "type": "message", "role": "assistant", "model": "claude", "content": content}
    return json.dumps({**said, "stop_reason": "end_turn", "stop_sequence": None, "usage": usage})
