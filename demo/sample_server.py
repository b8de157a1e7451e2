"""A sample model server: a real scikit-learn classifier behind plain HTTP, on loopback."""

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Final

from pydantic import BaseModel, ValidationError
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from ml_gateway.local.loopback import LoopbackServer, serving

Flower = tuple[float, float, float, float]
"""Sepal length, sepal width, petal length and petal width in centimetres."""

SAMPLE_FLOWERS: Final[tuple[Flower, ...]] = ((5.1, 3.5, 1.4, 0.2), (6.0, 2.9, 4.5, 1.5), (6.3, 3.3, 6.0, 2.5))
"""One flower of each class, so that a constant answer is not mistaken for a prediction."""

BEHAVIOR_PREFIX: Final = "/behave"
"""Paths below it do something special, see `_Handler`; every other path is the model."""

SECONDS_OF_A_SLOW_ANSWER: Final = 1.5


class IrisClassifier:
    """Tells three kinds of iris apart. Trained on the data set that scikit-learn ships; always the same."""

    def __init__(self) -> None:
        iris = load_iris()
        self._kinds = [str(kind) for kind in iris.target_names]
        self._model = LogisticRegression(max_iter=1000).fit(iris.data, iris.target)

    def predict(self, flowers: tuple[Flower, ...]) -> list[str]:
        return [self._kinds[kind] for kind in self._model.predict(flowers)]


class PredictionRequest(BaseModel):
    """What a client posts: `{"instances": [[5.1, 3.5, 1.4, 0.2]]}`."""

    instances: tuple[Flower, ...]


class SampleServer(LoopbackServer):
    """Listens on a free port of the loopback interface."""

    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.classifier = IrisClassifier()


def running_sample_server() -> AbstractContextManager[SampleServer]:
    """A sample server that answers until the block ends."""
    return serving(SampleServer())


class _Handler(BaseHTTPRequestHandler):
    """Answers every method of every path with a prediction, if it was asked for one, and with what it received.

    Below `/behave`: `status/<code>` answers with that status and a body that names it, `echo` returns the body as it
    came, `slow` takes its time and then answers like any path, `silent` does not answer before the server stops,
    `hang-up` closes the connection without a word.
    """

    server: SampleServer

    def __getattr__(self, name: str) -> object:
        """The base class looks for `do_<METHOD>`: the same for all methods."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        match self.path.partition("?")[0].removeprefix(f"{BEHAVIOR_PREFIX}/").split("/"):
            case ["status", code]:
                self._send(int(code), json.dumps({"error": f"the model answered {code}"}).encode())
            case ["echo"]:
                self._send(200, body, self.headers.get("Content-Type", "application/octet-stream"))
            case ["silent"]:
                self.server.stopping.wait()
            case ["hang-up"]:
                pass
            case ["slow"]:
                self.server.stopping.wait(SECONDS_OF_A_SLOW_ANSWER)
                self._send(200, json.dumps({"received": self._received(body)}).encode())
            case _:
                self._send(200, json.dumps(self._predictions(body) | {"received": self._received(body)}).encode())

    def _predictions(self, body: bytes) -> dict[str, object]:
        try:
            flowers = PredictionRequest.model_validate_json(body).instances
        except ValidationError:
            return {}
        return {"predictions": self.server.classifier.predict(flowers) if flowers else []}

    def _received(self, body: bytes) -> dict[str, object]:
        headers = {name.title(): value for name, value in self.headers.items()}
        return {"method": self.command, "path": self.path, "headers": headers, "body_bytes": len(body)}

    def _send(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.send_response(status)
        # MiniStack looks this one up as it is written here.
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal for the demo."""
