"""What a session needs beside an emulator is asked for before anything is started."""

import json
from pathlib import Path

import pytest

from ml_gateway.cli.local_run import LocalRun
from ml_gateway.local.session import SDK, SDK_VERSION
from ml_gateway.reading import load_config
from tests.synthesis import TOP

FILE = TOP / "examples" / "identities.yaml"


def test_the_sdk_that_lambda_has_is_asked_for_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = LocalRun(file=FILE, config=load_config(FILE), servers={}, port=0, as_json=False)
    assert run.until_told_to_stop() == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith(f"npm install --save-dev --save-exact {SDK}@{SDK_VERSION}")


def test_the_version_that_is_asked_for_is_the_one_that_is_tested() -> None:
    assert json.loads((TOP / "package.json").read_text())["devDependencies"][SDK] == SDK_VERSION
