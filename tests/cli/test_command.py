"""The command as a whole: its help, what it refuses, and what it does without its extra."""

import subprocess
import sys

import pytest

from ml_gateway import __version__
from tests.cli.conftest import RunCommand
from tests.synthesis import TOP

COMMANDS = ("init", "app", "check", "explain", "diff", "openapi", "local")


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_has_a_line_for_each_command(run_command: RunCommand, arguments: list[str]) -> None:
    said = run_command(*arguments)
    assert said.status == 0
    lines = [line.strip() for line in said.out.splitlines()]
    for command in COMMANDS:
        (line,) = [line for line in lines if line.startswith(f"{command}:")]
        assert len(line) > len(command) + 10


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run_command: RunCommand, command: str) -> None:
    said = run_command(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: ml-gateway {command}")


def test_version_is_that_of_the_package(run_command: RunCommand) -> None:
    assert run_command("--version").out.strip() == __version__


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["chek"], "chek"),
        (["check", "--format", "xml"], "xml"),
        (["check", "--strict"], "--strict"),
        (["explain"], "METHOD"),
        (["explain", "GET"], "PATH"),
        (["openapi", "--server"], "--server"),
    ],
)
def test_what_it_does_not_take_is_one_line_and_another_status(
    run_command: RunCommand, arguments: list[str], named: str
) -> None:
    said = run_command(*arguments)
    assert (said.status, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert said.err.startswith("ml-gateway: ")
    assert named in said.err
    assert said.err.endswith("; see ml-gateway --help\n")


def test_without_its_extra_it_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['cyclopts'] = None; from ml_gateway.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the command needs what the extra brings along: pip install 'ml-gateway[cli]'\n"


def test_the_library_and_the_app_do_without_the_extra() -> None:
    code = (
        "import sys; sys.modules['cyclopts'] = sys.modules['rich'] = None\n"
        "import app, ml_gateway.application, ml_gateway.policy, ml_gateway.reading"
    )
    subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True)


def test_what_needs_no_cdk_loads_none() -> None:
    code = (
        "import sys; from ml_gateway.cli import main\n"
        "for arguments in (['check', 'gateway.yaml'], ['explain', 'POST', '/predict'], ['openapi']):\n"
        "    try: main(arguments)\n"
        "    except SystemExit as ended: assert not ended.code, ended\n"
        "    assert not {'aws_cdk', 'jsii', 'constructs'} & sys.modules.keys(), arguments"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
