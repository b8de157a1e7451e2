"""The commands that find keys and what these have used: run in a shell, with an `aws` that answers for AWS."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ml_gateway.constructs import ClientSecrets
from tests.constructs.multi_tenant import define_api, define_clients
from tests.synthesis import TOP, Json, bare_stack

FAKE_AWS = """#!{python}
import json, pathlib, sys
import jmespath
arguments = sys.argv[1:]
option = dict(zip(arguments[2::2], arguments[3::2]))
with pathlib.Path(__file__).with_name("calls").open("a") as calls:
    print(json.dumps(arguments), file=calls)
answers = json.loads(pathlib.Path(__file__).with_name("answers").read_text())
if "--query" in option:
    answer = answers[arguments[1]]
    found = jmespath.search(option["--query"], answer.get(option.get("--key-id"), answer))
    print(found if isinstance(found, str) else "\\t".join(found))
"""
"""Prints as AWS's CLI does with `--output text`, and writes down what it was asked."""


def run_in_a_shell(command: str, answers: Json, directory: Path) -> tuple[str, list[list[str]]]:
    """What a command of `aws` prints where the API answers so, and the arguments of each call that it made."""
    fake = directory / "aws"
    fake.write_text(FAKE_AWS.format(python=sys.executable))
    fake.chmod(0o700)
    (directory / "answers").write_text(json.dumps(answers))
    printed = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": f"{directory}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stderr == ""
    return printed.stdout, [json.loads(line) for line in (directory / "calls").read_text().splitlines()]


def of_key(command: str, client: str, key: str) -> str:
    """The command as somebody fills it in."""
    return command.replace("<client>", client).replace("<key>", key)


@pytest.fixture(scope="module")
def commands() -> dict[str, str]:
    stack = bare_stack()
    secrets = ClientSecrets(stack, "Clients", gateway_name="fraud", clients={"partner-x": ("b",)})
    other = bare_stack("theirs")
    keys = define_clients(other, define_api(other))
    return {"key": secrets.key_command, "usage": keys.usage_command, "disable": keys.disable_command}


def test_a_key_is_printed_by_its_name(commands: dict[str, str], tmp_path: Path) -> None:
    answers = {"get-secret-value": {"SecretString": "0123"}}
    printed, [call] = run_in_a_shell(of_key(commands["key"], "partner-x", "b"), answers, tmp_path)
    assert printed == "0123\n"
    assert call[:6] == [
        "secretsmanager", "get-secret-value", "--region", "us-east-1", "--secret-id", "fraud/clients/partner-x/b",
    ]  # fmt: skip


KEYS = {
    "items": [
        {"id": "k0"},
        {"id": "k1", "description": "fraud/clients/partner/b"},
        {"id": "k2", "description": "fraud/clients/partner-x/b: the partner"},
        {"id": "k3", "description": "fraud/clients/partner-x/bb"},
    ]
}


@pytest.mark.parametrize(("name", "key_id"), [("b", "k2"), ("bb", "k3")])
def test_the_key_of_that_name_is_disabled_and_no_other(
    commands: dict[str, str], name: str, key_id: str, tmp_path: Path
) -> None:
    answers = {"get-api-keys": KEYS}
    _, calls = run_in_a_shell(of_key(commands["disable"], "partner-x", name), answers, tmp_path)
    assert calls[1:] == [
        [
            "apigateway", "update-api-key", "--region", "us-east-1", "--api-key", key_id,
            "--patch-operations", "op=replace,path=/enabled,value=false",
        ]
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "key_id"), [("b", "k2"), ("bb", "k3")])
def test_usage_is_shown_by_the_name_of_a_key(commands: dict[str, str], name: str, key_id: str, tmp_path: Path) -> None:
    answers = {
        "get-api-keys": KEYS,
        "get-usage-plans": {"items": [{"id": "gold"}]},
        "get-usage": {},
    }
    _, calls = run_in_a_shell(of_key(commands["usage"], "partner-x", name), answers, tmp_path)
    plans, usage = calls[1:]
    assert (plans[1], plans[plans.index("--key-id") + 1]) == ("get-usage-plans", key_id)
    assert usage[:8] == [
        "apigateway", "get-usage", "--region", "us-east-1", "--key-id", key_id, "--usage-plan-id", "gold",
    ]  # fmt: skip


def test_the_key_that_is_left_over_is_the_one_that_is_deleted(tmp_path: Path) -> None:
    ((line),) = re.findall(r"```sh\n(.*?)```", (TOP / "docs" / "clients.md").read_text(), re.DOTALL)
    answers = {
        "get-api-keys": {
            "items": [
                {"id": "k0"},
                {"id": "k1", "description": "fraud/clients/partner-x/b"},
                {"id": "k2", "description": "fraud/clients/partner-x/a: the partner"},
                {"id": "k3", "description": "another/clients/partner-x/b"},
            ]
        },
        "get-usage-plans": {
            key: {"items": [{"id": "gold"}] if key == "k2" else []} for key in ("k0", "k1", "k2", "k3")
        },
    }
    command = line.replace("<name>", "fraud").replace("<region>", "us-east-1")
    _, calls = run_in_a_shell(command, answers, tmp_path)
    assert [call[1:] for call in calls if "delete" in call[1]] == [
        ["delete-api-key", "--region", "us-east-1", "--api-key", "k1"]
    ]


def test_what_is_not_filled_in_opens_no_file(commands: dict[str, str], tmp_path: Path) -> None:
    answers = {
        "get-secret-value": {"SecretString": "x"},
        "get-api-keys": {"items": []},
        "get-usage-plans": {"items": []},
    }
    before = set(tmp_path.iterdir())
    for command in commands.values():
        run_in_a_shell(command, answers, tmp_path)
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {"aws", "answers", "calls"}


def test_the_region_of_the_command_may_be_known_at_deploy_only() -> None:
    stack = bare_stack(region=None)
    command = ClientSecrets(stack, "Clients", gateway_name="fraud", clients={}).key_command
    assert {"Ref": "AWS::Region"} in stack.resolve(command)["Fn::Join"][1]
