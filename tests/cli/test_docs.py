"""docs/command.md and the hook show what the command does."""

import re
import shlex
import tomllib

import pytest
import yaml

from tests.cli.conftest import RunCommand
from tests.cli.test_command import COMMANDS
from tests.synthesis import TOP

PAGE = (TOP / "docs" / "command.md").read_text()


def test_each_command_has_a_section() -> None:
    assert set(re.findall(r"^## `ml-gateway ([a-z]+)", PAGE, re.MULTILINE)) == set(COMMANDS)


def test_the_page_shows_what_is_printed(run_command: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    shown = re.findall(r"```console\n\$ ml-gateway (.*)\n((?:.*\n)*?)```", PAGE)
    assert shown
    for arguments, printed in shown:
        assert run_command(*shlex.split(arguments)).out == printed


def test_the_hook_runs_a_command_with_the_packages_of_the_extra() -> None:
    (hook,) = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"].split() == ["ml-gateway", "check"]
    assert f"hooks: [{{id: {hook['id']}}}]" in PAGE
    extras = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert hook["additional_dependencies"] == extras["cli"]
    assert re.search(hook["files"], "deploy/gateway.yaml")
    assert not re.search(hook["files"], "my-gateway.yaml")
