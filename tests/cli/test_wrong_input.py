"""Every command that reads a file, against what is none: one message, a status, and no traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import RunCommand
from tests.synthesis import TOP

READING = {
    "check": ["check", "{}"],
    "explain": ["explain", "POST", "/predict", "--file", "{}"],
    "openapi": ["openapi", "--file", "{}"],
    "local": ["local", "--file", "{}"],
}
"""`diff` and `app` synthesize the file in a process of their own: test_diff.py, and below."""


def wrong_files(folder: Path) -> dict[str, Path]:
    files = {
        "binary": b"\x00\x01\xff\xfe",
        "latin": "name: caf\xe9".encode("latin-1"),
        "empty": b"",
        "list": b"- name: acme-ml\n",
        "two documents": b"name: a\n---\nname: b\n",
        "tag": b"name: !!python/object/apply:os.system [ls]\n",
        "bomb": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "deep": b"a: " + b"[" * 500 + b"]" * 500,
        "extends itself": b"extends: extends-itself.yaml\n",
        "extends nothing": b"extends: nothing.yaml\n",
    }
    written = {}
    for name, content in files.items():
        written[name] = folder / f"{name.replace(' ', '-')}.yaml"
        written[name].write_bytes(content)
    return {**written, "missing": folder / "nope.yaml", "folder": folder}


@pytest.mark.parametrize("command", READING)
def test_a_file_that_is_none_is_one_message(command: str, run_command: RunCommand, tmp_path: Path) -> None:
    for name, file in wrong_files(tmp_path).items():
        said = run_command(*(word.format(file) for word in READING[command]))
        told = said.out + said.err
        assert said.status == 1, name
        assert told.startswith(f"{file}:"), name
        assert all("; " in line for line in told.splitlines()), (name, told)
        assert "Traceback" not in told, name
        assert (said.out == "") is (command != "check")


def test_what_cdk_json_calls_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    said = {"CDK_CONTEXT_JSON": json.dumps({"config": "nope.yaml"}), "PYTHONPATH": str(TOP)}
    command = [sys.executable, "-m", "ml_gateway.cli", "app"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **said}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "nope.yaml: cannot be read: no such file or directory; name another file, for the CDK with -c config=PATH\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("asked", [("FETCH ME", "/predict"), ("POST", "predict"), ("POST", ""), ("", "/predict")])
def test_what_is_no_request_is_one_message(asked: tuple[str, str], run_command: RunCommand) -> None:
    said = run_command("explain", *asked, "--file", TOP / "gateway.yaml")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)


def test_a_url_that_is_none_is_told_in_our_words(run_command: RunCommand) -> None:
    said = run_command("explain", "POST", "https://[::1/a", "--file", TOP / "gateway.yaml")
    assert said.err == "'https://[::1/a' is not a URL; write a path that begins with a slash\n"


def test_a_folder_without_an_assembly_is_told_with_what_is_one(run_command: RunCommand, tmp_path: Path) -> None:
    said = run_command("diff", tmp_path, tmp_path)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert str(tmp_path) in said.err
    assert said.err.endswith("; name a cdk.out folder, or a commit, branch or tag\n")


@pytest.mark.parametrize(
    ("to", "status", "message"),
    [("| head -1", 1, ""), ("> /dev/full", 1, "ml-gateway: what it says cannot be written: ")],
)
def test_what_cannot_be_written_ends_the_command_and_no_more(to: str, status: int, message: str) -> None:
    line = f"set -o pipefail; {sys.executable} -m ml_gateway.cli openapi --file examples/complete.yaml {to}"
    command = ["bash", "-c", line]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, status)  # 0 where all fits into the pipe
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == (1 if message else 0)


def test_a_server_that_is_no_address_is_one_message(run_command: RunCommand, tmp_path: Path) -> None:
    shutil.copy(TOP / "gateway.yaml", tmp_path / "gateway.yaml")
    said = run_command("openapi", "--file", tmp_path / "gateway.yaml", "--server", "nope")
    assert (said.status, said.out) == (1, "")
    assert said.err.count("\n") == 1
