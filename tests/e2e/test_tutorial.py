"""docs/tutorial.md, followed to the letter: every line but those that need an account, in the order of the page.

The ports are others, as those of the page may be taken here. pip and npm take what is installed or kept here already.
"""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from ml_gateway.local.cloud import free_port
from tests.environments import environment
from tests.local_command import stop
from tests.synthesis import TOP

pytestmark = pytest.mark.e2e

PAGE = (TOP / "docs" / "tutorial.md").read_text()
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "npm_config_prefer_offline": "true"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


class Reader:
    """A folder with an environment of its own, and shells in it."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        self.folder = folder
        self.ports = ports
        scripts = environment(folder / "venv").parent
        (scripts / "pip").write_text(f'#!/bin/sh\nexec {scripts / "python"} -m pip "$@"\n')
        (scripts / "pip").chmod(0o755)
        path = os.pathsep.join([str(scripts), os.environ["PATH"]])
        self._environment = {**os.environ, **OFFLINE, "PATH": path}

    def translated(self, text: str) -> str:
        for port, free in self.ports.items():
            text = re.sub(rf"\b{port}\b", str(free), text)
        return text

    def types(self, lines: str, *, at: Path) -> str:
        done = subprocess.run(
            ["bash", "-euc", self.translated(lines)],
            cwd=at, env=self._environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def another_terminal(self, line: str, *, at: Path) -> Iterator[list[str]]:
        """Runs the line until the block ends, and gives what it has printed so far."""
        command = ["bash", "-euc", f"exec {self.translated(line)}"]
        with Popen(command, cwd=at, env=self._environment, stdout=PIPE, text=True) as process:
            assert process.stdout
            printed: list[str] = []
            collecting = threading.Thread(target=printed.extend, args=(process.stdout,), daemon=True)
            collecting.start()
            try:
                yield printed
            finally:
                stop(process)


def lines_of(printed: list[str], text: str) -> list[str]:
    deadline = time.monotonic() + 120
    while not (found := [line for line in printed if text in line]):
        assert time.monotonic() < deadline, printed
        time.sleep(0.1)
    return found


def test_the_page_leads_to_a_prediction(tmp_path: Path) -> None:
    install, serve, begin, run, ask, look, deploy = blocks("sh")
    assert deploy.startswith("npx cdk bootstrap\n")  # needs an account
    reader = Reader(tmp_path, {"8000": free_port(), "8080": (port := free_port())})
    reader.types(install, at=TOP)
    (server,) = blocks("python")
    (tmp_path / "server.py").write_text(reader.translated(server))
    (expected,) = blocks("json")
    with reader.another_terminal(serve.strip(), at=tmp_path):
        reader.types(begin, at=tmp_path)
        project = tmp_path / "my-gateway"
        # The page leaves the port to the default.
        with reader.another_terminal(f"{run.strip()} --port {port}", at=project) as printed:
            lines_of(printed, "curl ")
            assert json.loads(reader.types(ask, at=tmp_path)) == json.loads(expected)
            assert "  200  " in lines_of(printed, "POST /flowers")[-1]

        (client,) = blocks("yaml")
        with (project / "gateway.yaml").open("a") as file:
            file.write(client)
        said = reader.types(look, at=project)
        assert "gateway.yaml: nothing is wrong\n" in said
        assert "without it 403" in said
        with reader.another_terminal(f"{run.strip()} --port {port}", at=project) as printed:
            (pasted,) = lines_of(printed, "curl ")
            assert json.loads(reader.types(pasted, at=tmp_path)) == json.loads(expected)
            assert json.loads(reader.types(ask, at=tmp_path)) == {"message": "Forbidden"}
            (refused,) = lines_of(printed, "  403  ")
            assert refused.endswith("POST /flowers\n")
