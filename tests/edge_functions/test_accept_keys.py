"""The CloudFront Function: run by Node on events, and read as text for what Node would not notice."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from ml_gateway.config import KeyForm
from ml_gateway.constructs.accept_keys import EVERY_FORM, SOURCE, render_accept_keys
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_KEY_LENGTH, KEY_FORMS

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
NJS = shutil.which("njs")
MOST_BYTES = 10 * 1024


def run_node_tests(source: Path = SOURCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, "--test", HERE / "accept_keys.test.mjs"],
        env={**os.environ, "ACCEPT_KEYS": str(source)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_event_goes_on_as_it_should() -> None:
    result = run_node_tests()
    events = json.loads((HERE / "accept_keys.events.json").read_text())
    assert result.returncode == 0, result.stdout
    assert f"pass {len(events)}" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("/^[A-Za-z0-9]{48}$/", "/^[A-Za-z0-9]{48}/", id="longer values are taken"),
        pytest.param("/^[A-Za-z0-9]{48}$/", "/[A-Za-z0-9]{48}$/", id="signatures are taken"),
        pytest.param("/^[A-Za-z0-9]{48}$/", "/^.+$/", id="any token is taken"),
        pytest.param("keys.length !== 1", "keys.length === 0", id="one of two keys is picked"),
        pytest.param("const keys = given\n", "const keys = carriers.length === 0\n", id="a bearer token wins"),
        pytest.param("delete headers[headerOf(form)];", "", id="what was consumed goes on"),
        pytest.param("carriers.forEach", "given || carriers.forEach", id="a second key goes on"),
        pytest.param("header.multiValue || [header]", "[header]", id="copies are overlooked"),
        pytest.param("multiValue: [{ value: key }]", "multiValue: given.multiValue", id="copies go on"),
        pytest.param(".join(',').split(/ *, */)", "", id="copies in one line are overlooked"),
    ],
)
def test_events_notice_a_broken_function(right: str, wrong: str, tmp_path: Path) -> None:
    code = SOURCE.read_text()
    assert code.count(right) == 1
    broken = tmp_path / "accept_keys.js"
    broken.write_text(code.replace(right, wrong))
    assert run_node_tests(broken).returncode != 0


def test_what_looks_like_a_key_is_what_is_generated() -> None:
    assert f"/^[A-Za-z0-9]{{{CLIENT_KEY_LENGTH}}}$/" in SOURCE.read_text()


def test_the_file_takes_every_form_that_there_is() -> None:
    assert SOURCE.read_text().splitlines().count(EVERY_FORM) == 1
    assert render_accept_keys(list(KEY_FORMS)) == SOURCE.read_text()


def test_a_file_may_list_the_forms_that_are_known_here() -> None:
    assert set(get_args(KeyForm)) == set(KEY_FORMS)


@pytest.mark.parametrize(
    ("accepted", "translated"),
    [
        ([API_KEY_HEADER], []),
        ([API_KEY_HEADER, "bearer"], ["bearer"]),
        (["x-goog-api-key", "bearer", "bearer"], ["bearer", "x-goog-api-key"]),
    ],
)
def test_only_listed_forms_reach_the_code(accepted: list[str], translated: list[str]) -> None:
    code = render_accept_keys(accepted)
    assert f"const ACCEPTED = {json.dumps(translated)};" in code.splitlines()
    assert EVERY_FORM not in code


def test_a_form_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a key cannot be accepted as 'cookie'; choose from x-api-key, bearer, "):
        render_accept_keys(["bearer", "cookie"])


def test_the_function_fits_into_what_cloudfront_takes() -> None:
    assert len(render_accept_keys(list(KEY_FORMS)).encode()) < MOST_BYTES


@pytest.mark.skipif(NJS is None, reason="njs, the closest thing to CloudFront's runtime, is not installed")
def test_a_runtime_that_lacks_what_node_has_runs_it(tmp_path: Path) -> None:
    key = "k" * CLIENT_KEY_LENGTH
    event = json.dumps({"request": {"headers": {"authorization": {"value": f"Bearer {key}"}}}})
    script = tmp_path / "run.js"
    script.write_text(f"{SOURCE.read_text()}\nconsole.log(JSON.stringify(handler({event})));\n")
    result = subprocess.run([str(NJS), script], capture_output=True, text=True, timeout=10, check=True)
    assert json.loads(result.stdout) == {"headers": {"x-api-key": {"value": key}}}
