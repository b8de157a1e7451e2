"""`ml-gateway local`: what it does not take, said before anything is started."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ml_gateway.cli.local import ServerError, server_of
from ml_gateway.reading import load_config
from tests.cli.conftest import RunCommand
from tests.synthesis import TOP

EVERY = TOP / "examples" / "every_backend.yaml"
CONFIG = load_config(EVERY)
URL = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        *((f"{name}={URL}", f"backends.{name}") for name in CONFIG.backends if name not in CONFIG.models),
        *(
            (f"{name}={URL}", f"backends.{model.backend}" if model.backend else f"models.{name}")
            for name, model in CONFIG.models.items()
        ),
    ],
)
def test_a_server_is_named_by_a_model_or_by_its_backend(written: str, place: str) -> None:
    assert server_of(written, CONFIG) == (place, URL)


@pytest.mark.parametrize("url", ["https://localhost", "http://[::1]:8000/a?b=c", "http://host.docker.internal:80/v1"])
def test_any_url_of_http_is_taken(url: str) -> None:
    model = next(iter(CONFIG.models))
    assert server_of(f"{model}={url}", CONFIG)[1] == url


@pytest.mark.parametrize(
    "written",
    ["", "llama", "llama=", "llama=8000", "llama=127.0.0.1:8000", "llama=ftp://a", "llama=http://", "=http://a",
     "llama=http://a:x", "llama=http://a:99999", "llama=http://a:0", "llama=http://a/b#c", "llama=http://a/b c",
     "llama=http://a\n", "llama=http://[::1", "llama http://a"],
)  # fmt: skip
def test_what_is_no_server_is_one_message(written: str) -> None:
    with pytest.raises(ServerError) as refused:
        server_of(written, CONFIG)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("--backend '")
    assert "; write " in str(refused.value) or "; did you mean " in str(refused.value)


def test_one_server_is_named_once(run_command: RunCommand) -> None:
    """Also by a model and by its backend, or by two models of one."""
    name = next(name for name, model in CONFIG.models.items() if model.backend)
    twice = ["--backend", f"{name}={URL}", "--backend", f"{CONFIG.models[name].backend}=http://127.0.0.1:9000"]
    said = run_command("local", "--file", EVERY, *twice)
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert f"backends.{CONFIG.models[name].backend} has a server already, '{URL}'; keep one" in said.err


def test_a_name_that_the_file_does_not_have_is_told_with_those_it_has(run_command: RunCommand) -> None:
    said = run_command("local", "--file", TOP / "gateway.yaml", "--backend", f"predct={URL}")
    assert (said.status, said.out) == (1, "")
    assert said.err == "--backend 'predct': the file has no such model or backend; did you mean 'predict'?\n"


def test_a_file_with_problems_is_told_as_check_does(run_command: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text((TOP / "gateway.yaml").read_text().replace("us-east-1", "us-east1"))
    said = run_command("local", "--file", file)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"{file}:3: regions[0]: ")


def run(*arguments: object, folder: Path = TOP) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as it sets what Ctrl-C does."""
    command = [sys.executable, "-m", "ml_gateway.cli", "local", *map(str, arguments)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(TOP)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_port_that_is_taken_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"port {port} cannot be listened at; write --port with another one, or --port 0\n"
    assert run("--port", 70000).stderr.startswith("port 70000 cannot be listened at; ")


def test_a_base_url_that_no_client_takes_is_told_as_of_the_file() -> None:
    done = run("--file", EVERY, "--backend", f"llama={URL}/v1/chat/completions")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ends in /chat/completions, which the protocol openai adds by itself" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_cdk_json_is_said(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text((TOP / "examples" / "smallest.yaml").read_text())
    done = run("--port", 0, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (
        f"there is no cdk.json in {tmp_path}; go to the folder that ml-gateway init wrote"
    )


@pytest.mark.parametrize("missing", ["boto3", "ministack"])
def test_without_its_extra_it_says_how_to_get_it(missing: str) -> None:
    code = (
        "import importlib.util, sys; found = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *rest: None if name == {missing!r} else found(name, *rest)\n"
        "from ml_gateway.cli import main; main(['local'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "this needs what another extra brings along: pip install 'ml-gateway[cli,local]'\n"
