"""MLServer behind the gateway and NVIDIA's client in front of it: neither knows of a gateway."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.local.http_client import HttpClient
from tests.local_command import running_command
from tests.real.mlserver import run_script, running_mlserver

pytestmark = pytest.mark.real

FILE = Path(__file__).with_name("open_inference.yaml")

Answers = Mapping[str, Any]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def model(directory: Path) -> Answers:
    """Flowers, and what the saved model predicts for them without any server."""
    said: Answers = run_script("train_model.py", str(directory), directory=directory)
    assert set(said["predictions"]) == {0, 1, 2}
    return said


@pytest.fixture(scope="module")
def mlserver(directory: Path, model: Answers) -> Iterator[HttpClient]:  # noqa: ARG001 (the model has to be there)
    with running_mlserver(directory) as client:
        yield client


@pytest.fixture(scope="module")
def gateway(mlserver: HttpClient) -> Iterator[str]:
    """Host and port of `ml-gateway local`."""
    with running_command("--file", FILE, "--backend", f"flowers=http://127.0.0.1:{mlserver.port}") as running:
        yield str(running.ready["url"]).removeprefix("http://")


def ask(address: str, model: Answers, directory: Path) -> Answers:
    """What tritonclient hears at an address, and nothing is said to it beside that."""
    said: Answers = run_script("ask_model.py", address, json.dumps(model["flowers"]), directory=directory)
    return said


@pytest.fixture(scope="module")
def through_gateway(gateway: str, model: Answers, directory: Path) -> Answers:
    return ask(f"{gateway}/flowers", model, directory)


@pytest.fixture(scope="module")
def from_server(mlserver: HttpClient, model: Answers, directory: Path) -> Answers:
    return ask(f"127.0.0.1:{mlserver.port}", model, directory)


@pytest.mark.parametrize("question", ["server is live", "server is ready", "model is ready", "version is ready"])
def test_health_of_server_and_model_is_told(through_gateway: Answers, question: str) -> None:
    assert through_gateway[question] is True


@pytest.mark.parametrize("question", ["predictions", "predictions of the version"])
def test_predictions_are_those_of_the_model(through_gateway: Answers, model: Answers, question: str) -> None:
    assert through_gateway[question] == model["predictions"]


@pytest.mark.parametrize(("question", "name"), [("server", "mlserver"), ("model", "iris_1")])
def test_metadata_is_what_the_server_says(
    through_gateway: Answers, from_server: Answers, question: str, name: str
) -> None:
    assert through_gateway[question] == from_server[question]
    assert through_gateway[question]["name"] == name


def test_error_of_the_server_is_what_the_client_raises(through_gateway: Answers, from_server: Answers) -> None:
    assert from_server["another version"] == {"status": "404", "message": "Model iris_1 with version v2 not found"}
    assert through_gateway["another version"] == from_server["another version"]


def test_repository_is_not_to_be_seen(through_gateway: Answers, from_server: Answers) -> None:
    """The server itself has that route: it says what it misses in the request."""
    assert from_server["list of the repository"]["status"] == "422"
    assert through_gateway["list of the repository"]["status"] == "404"


def test_refusal_of_the_gateway_is_a_text_for_the_client(through_gateway: Answers) -> None:
    """`errors: oip`: any other body is an exception within the client."""
    message = through_gateway["list of the repository"]["message"]
    assert re.fullmatch(r"no model answers this method and path; request [0-9a-f-]{36}", message)
