"""`ml-gateway check`: everything that is wrong, in three forms."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import RunCommand
from tests.files import changed, report_on_data
from tests.synthesis import TOP

WRONG = """name: acme-ml
regions: [us-east1]
models:
  predict: {url: "https://model.example.com/invocations", timeout: 5}
plans:
  default: {rate: 2/s, burst: 10}
"""
AT = ["2: regions[0]", "4: models.predict.timeout"]


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)
    return file


def test_a_file_that_is_right_says_so(run_command: RunCommand) -> None:
    examples = sorted((TOP / "examples").glob("*.yaml"))
    said = run_command("check", *examples)
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [f"{file}: nothing is wrong" for file in examples]
    assert len(examples) > 3


def test_all_that_is_wrong_is_said_with_line_and_place(run_command: RunCommand, wrong: Path) -> None:
    said = run_command("check", wrong, TOP / "gateway.yaml")
    *problems, right = said.out.splitlines()
    assert (said.status, said.err) == (1, "")
    assert [line.removeprefix(f"{wrong}:").rpartition(": ")[0].partition(": ")[0] for line in problems] == ["2", "4"]
    assert all(line.startswith(f"{wrong}:{at}: ") for line, at in zip(problems, AT, strict=True))
    assert right == f"{TOP / 'gateway.yaml'}: nothing is wrong"


def test_it_says_what_loading_says(run_command: RunCommand, tmp_path: Path) -> None:
    settings = changed({"models.predict.url": "nope", "plans.default.rate": "2"})
    assert run_command("check", tmp_path / "gateway.yaml").status == 1
    told = report_on_data(settings, tmp_path)
    (file,) = tmp_path.glob("*.yaml")
    said = run_command("check", file).out.splitlines()
    assert [line.split(": ", 1)[1] for line in said] == told
    assert len(told) == 2


def test_for_github_each_is_an_annotation_of_its_line(run_command: RunCommand, wrong: Path) -> None:
    said = run_command("check", "--format", "github", wrong)
    first, second = said.out.splitlines()
    assert said.status == 1
    assert first.startswith(f"::error file={wrong},line=2,title=regions[0]::'us-east1' is not")
    assert second.startswith(f"::error file={wrong},line=4,title=models.predict.timeout::")


def test_what_would_end_an_annotation_is_escaped(run_command: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "a,b:c%0A.yaml"
    (line,) = run_command("check", "--format", "github", file).out.splitlines()
    assert line.startswith(f"::error file={tmp_path}/a%2Cb%3Ac%250A.yaml::cannot be read: ")


def test_as_json_each_is_an_object(run_command: RunCommand, wrong: Path) -> None:
    said = json.loads(run_command("check", "--format", "json", wrong, TOP / "gateway.yaml").out)
    assert [f"{each['line']}: {each['place']}" for each in said] == AT
    assert {each["file"] for each in said} == {str(wrong)}
    assert json.loads(run_command("check", "--format", "json", TOP / "gateway.yaml").out) == []


def test_nothing_is_printed_for_github_where_nothing_is_wrong(run_command: RunCommand) -> None:
    assert run_command("check", "--format", "github", TOP / "gateway.yaml").out == ""


@pytest.mark.parametrize("settings", [None, "not json", "[]", '{"context": {}}', '{"context": {"config": 5}}'])
def test_the_file_is_gateway_yaml_unless_cdk_json_names_another(
    run_command: RunCommand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    if settings is not None:
        (tmp_path / "cdk.json").write_text(settings)
    assert run_command("check").out.startswith("gateway.yaml: cannot be read: no such file or directory")
    shutil.copy(TOP / "examples" / "smallest.yaml", "gateway.yaml")
    assert run_command("check").out == "gateway.yaml: nothing is wrong\n"
    Path("cdk.json").write_text('{"context": {"config": "prod.yaml"}}')
    assert run_command("check").out.startswith("prod.yaml: cannot be read")
