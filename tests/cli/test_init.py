"""`ml-gateway init`: what it writes makes a gateway, and it writes nothing over."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App

from ml_gateway import __version__, define_gateway
from ml_gateway.cli.new_project import Answers, rendered
from ml_gateway.functions.authorizer_code import JOSE_VERSION
from ml_gateway.functions.overrides_code import SIGNER_VERSION
from ml_gateway.reading import load_config
from tests.cli.conftest import RunCommand
from tests.synthesis import CONTEXT, TOP, Json

SIGNER = "@smithy/signature-v4a"

URL = "https://llama.example.com/v1"
RIGHT = Answers(name="acme-ml", region="us-east-1", model="predict", url=URL, protocol="raw")
ANSWERS = ("--name", "acme-ml", "--url", URL)
FILES = {
    "gateway.yaml", "cdk.json", "package.json", ".gitignore", ".github/workflows/gateway.yaml",
    ".github/workflows/deploy.yaml", "requirements.txt", "pipeline-roles.yaml",
}  # fmt: skip
SHIPPED = TOP / "ml_gateway" / "cli" / "project"


def written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_what_it_writes_is_a_gateway(run_command: RunCommand, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    more = ("--model", "llama", "--protocol", "openai", "--region", "eu-west-1")
    said = run_command("init", folder, *ANSWERS, *more)
    assert (said.status, said.err, written(folder)) == (0, "", FILES)
    assert all(f"wrote {folder / file}\n" in said.out for file in FILES)
    config = load_config(folder / "gateway.yaml")
    assert (config.name, list(config.regions), config.models["llama"].url) == ("acme-ml", ["eu-west-1"], URL)
    assert config.models["llama"].protocol == "openai"
    assert (folder / "requirements.txt").read_text() == f"ml-gateway[cli]=={__version__}\n"
    assert json.loads((folder / "cdk.json").read_text())["app"] == "ml-gateway app"


@pytest.mark.parametrize("file", sorted(FILES))
def test_nothing_is_written_over_or_beside(run_command: RunCommand, tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("mine")
    said = run_command("init", tmp_path, *ANSWERS)
    assert (said.status, said.out) == (1, "")
    assert said.err == f"{tmp_path / file}: there already, and nothing is written over; name another folder\n"
    assert written(tmp_path) == {file}
    assert (tmp_path / file).read_text() == "mine"


def test_what_cannot_be_written_whole_is_not_written(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("a file where a folder has to be")
    said = run_command("init", tmp_path, *ANSWERS)
    assert (said.status, said.out) == (1, "")
    assert said.err == f"{tmp_path}: cannot be written to: not a directory\n"
    assert written(tmp_path) == {".github"}


def test_a_link_that_leads_out_is_not_written_through(run_command: RunCommand, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "new", tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "gateway.yaml").symlink_to(elsewhere)
    assert run_command("init", folder, *ANSWERS).status == 1
    assert not elsewhere.exists()
    assert [path.name for path in folder.iterdir()] == ["gateway.yaml"]


@pytest.mark.parametrize("name", ["true", "null", "123"])
def test_a_name_is_a_text_whatever_it_looks_like(run_command: RunCommand, tmp_path: Path, name: str) -> None:
    said = run_command("init", tmp_path / "new", "--name", "acme-ml", "--url", URL, "--model", name)
    if name == "123":
        assert (said.status, said.err.startswith("models.123: '123' is not ")) == (1, True)
    else:
        assert list(load_config(tmp_path / "new" / "gateway.yaml").models) == [name]


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        (("--name", "A", "--url", URL), ["name: 'A' is not a gateway name"]),
        (("--name", "acme-ml", "--url", "nope"), ["models.predict.url: 'nope' is not an absolute URL"]),
        (("--name", "a: b\n", "--url", URL, "--region", "us-east1"), ["name: ", "regions[0]: 'us-east1'"]),
        (("--name", "", "--url", URL), ["name: "]),
        (("--name", "acme-ml", "--url", ""), ["models.predict.url: "]),
        (("--name", "acme-ml"), ["there is no terminal to ask in; write --url"]),
    ],
)
def test_answers_that_make_no_gateway_are_told_as_the_file_would_be(
    run_command: RunCommand, tmp_path: Path, answers: tuple[str, ...], lines: list[str]
) -> None:
    said = run_command("init", tmp_path / "new", *answers)
    told = said.err.splitlines()
    assert (said.status, said.out, len(told)) == (1, "", len(lines))
    assert all(line.startswith(start) for line, start in zip(told, lines, strict=True))
    assert not (tmp_path / "new").exists()


def test_in_a_terminal_it_asks_for_what_is_not_given(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "ml_gateway.cli",
        "init",
        str(tmp_path / "new"),
        "--url",
        URL,
        "--protocol",
        "openai",
    ]
    with subprocess.Popen(command, cwd=TOP, stdin=theirs, stdout=subprocess.PIPE, text=True) as running:
        os.write(ours, b"acme-ml\n\nllama\n")  # the name, the usual region, the model
        said, _ = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert running.returncode == 0, said
    config = load_config(tmp_path / "new" / "gateway.yaml")
    assert (config.name, list(config.regions), list(config.models)) == ("acme-ml", ["us-east-1"], ["llama"])


@pytest.mark.parametrize(
    "file", ["gateway.yaml", *(f"examples/{path.name}" for path in (TOP / "examples").glob("*.yaml"))]
)
def test_its_flags_are_those_that_matter(file: str) -> None:
    """With all that this repository's own cdk.json has, the templates are the same."""
    context = json.loads((SHIPPED / "cdk.json").read_text())["context"]
    few, all_ = (templates(file, {**flags, "@aws-cdk/core:stackResourceLimit": 0}) for flags in (context, CONTEXT))
    assert few == all_
    assert CONTEXT.items() >= context.items()


def templates(file: str, context: dict[str, object]) -> dict[str, Json]:
    app = App(context=context, builtin_cloud_formation_validation=False)
    define_gateway(app, load_config(TOP / file))
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def test_its_cli_is_the_one_that_is_tested_here() -> None:
    pins = [
        json.loads(path.read_text())["devDependencies"] for path in (SHIPPED / "package.json", TOP / "package.json")
    ]
    assert pins[0] == {name: pins[1][name] for name in ("aws-cdk", "jose", SIGNER)}
    assert (pins[0]["jose"], pins[0][SIGNER]) == (JOSE_VERSION, SIGNER_VERSION)


def test_what_is_shipped_is_what_is_written() -> None:
    assert set(rendered(RIGHT)) == FILES
    assert {path.name for path in SHIPPED.iterdir()} == {
        "cdk.json", "package.json", "gitignore", "workflow.yaml", "deploy.yaml", "pipeline-roles.yaml"
    }  # fmt: skip
