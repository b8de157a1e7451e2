"""The CloudFront Function: run by Node on events, and read as text for what Node would not notice."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from ml_gateway.config import CorsConfig
from ml_gateway.constructs.cors import CORS_METHODS, request_headers
from ml_gateway.constructs.viewer_request import SOURCE, render_viewer_request
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_KEY_LENGTH, KEY_FORMS, KeyForm
from ml_gateway.design import Callers, Keyed, Open

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
NJS = shutil.which("njs")

EVERY_KEY = Keyed(get_args(KeyForm))
CORS = CorsConfig(origins=("https://app.acme.com",))


def run_node_tests(source: Path = SOURCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, "--test", HERE / "viewer_request.test.mjs"],
        env={**os.environ, "VIEWER_REQUEST": str(source)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_of(code: str) -> dict[str, Any]:
    (line,) = (line for line in code.splitlines() if line.startswith("const SETTINGS = "))
    settings: dict[str, Any] = json.loads(line.removeprefix("const SETTINGS = ").removesuffix(";"))
    return settings


def test_every_event_goes_on_or_is_answered_as_it_should() -> None:
    result = run_node_tests()
    events = [event for file in HERE.glob("*.events.json") for event in json.loads(file.read_text())]
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
        pytest.param(
            "SETTINGS.keyForms ? withOneKey(request, SETTINGS.keyForms) : request",
            "withOneKey(request, SETTINGS.keyForms || [])",
            id="keys are looked at where there are no clients",
        ),
        pytest.param("cors.origins.indexOf(origin) !== -1", "true", id="every origin is allowed"),
        pytest.param(
            "cors.origins.indexOf(origin) !== -1",
            "cors.origins.some(function (one) { return origin.indexOf(one) === 0; })",
            id="an origin that begins like a listed one is allowed",
        ),
        pytest.param(
            "cors.origins.indexOf(origin) !== -1",
            "cors.origins.some(function (one) { return origin.indexOf(one) !== -1; })",
            id="an origin that contains a listed one is allowed",
        ),
        pytest.param("open ? '*' : origin", "'*'", id="a listed origin opens the gateway to all"),
        pytest.param("open ? '*' : origin", "origin", id="every origin is repeated"),
        pytest.param("open ? {} : { vary: { value: 'origin' } }", "{}", id="caches mix up origins"),
        pytest.param("request.method === 'OPTIONS' && ", "", id="a POST is taken for a preflight"),
        pytest.param("Boolean(request.headers.origin)", "true", id="an OPTIONS without an origin is answered"),
        pytest.param(
            "&& Boolean(request.headers['access-control-request-method'])",
            "",
            id="an OPTIONS that is no preflight is answered",
        ),
        pytest.param("SETTINGS.cors && ", "", id="preflights are answered without cors"),
        pytest.param("statusCode: 204", "statusCode: 200", id="a preflight gets another status"),
        pytest.param(
            "request.uri === SETTINGS.health", "request.uri.indexOf(SETTINGS.health) === 0", id="all below is healthy"
        ),
        pytest.param("request.uri === SETTINGS.health", "SETTINGS.health", id="everything is healthy"),
        pytest.param(
            " && (request.method === 'GET' || request.method === 'HEAD')", "", id="health answers every method"
        ),
        pytest.param(" || request.method === 'HEAD'", "", id="health does not answer HEAD"),
        pytest.param("if (method === 'GET')", "if (method)", id="HEAD gets a body"),
        pytest.param("'no-store'", "'max-age=60'", id="health is cached"),
        pytest.param('{"status":"ok"}', '{"status":"ok","keys":3}', id="health reveals something"),
    ],
)
def test_events_notice_a_broken_function(right: str, wrong: str, tmp_path: Path) -> None:
    code = SOURCE.read_text()
    assert code.count(right) == 1
    broken = tmp_path / "viewer_request.js"
    broken.write_text(code.replace(right, wrong))
    assert run_node_tests(broken).returncode != 0


def test_what_looks_like_a_key_is_what_is_generated() -> None:
    assert f"/^[A-Za-z0-9]{{{CLIENT_KEY_LENGTH}}}$/" in SOURCE.read_text()


def test_the_file_takes_every_form_that_there_is() -> None:
    translated = [form for form in KEY_FORMS if form != API_KEY_HEADER]
    assert settings_of(SOURCE.read_text()) == {"keyForms": translated, "cors": None, "health": None}
    assert render_viewer_request(callers=EVERY_KEY, cors=None, health=None) == SOURCE.read_text()


def test_nothing_but_the_settings_of_the_file_is_replaced() -> None:
    code = render_viewer_request(callers=Open(), cors=None, health=None)
    changed = [
        (old, new) for old, new in zip(SOURCE.read_text().splitlines(), code.splitlines(), strict=True) if old != new
    ]
    assert [new for _, new in changed] == ['const SETTINGS = {"keyForms":null,"cors":null,"health":null};']


def test_a_file_may_list_the_forms_that_are_known_here() -> None:
    assert set(get_args(KeyForm)) == set(KEY_FORMS)


@pytest.mark.parametrize(
    ("callers", "translated"),
    [
        (Open(), None),
        (Keyed(("x-api-key",)), []),
        (Keyed(("x-api-key", "bearer")), ["bearer"]),
        (Keyed(("x-goog-api-key", "bearer", "x-api-key")), ["bearer", "x-goog-api-key"]),
    ],
)
def test_only_listed_forms_reach_the_code(callers: Callers, translated: list[str] | None) -> None:
    code = render_viewer_request(callers=callers, cors=None, health=None)
    assert settings_of(code) == {"keyForms": translated, "cors": None, "health": None}


def test_preflights_allow_what_the_settings_say() -> None:
    cors = CorsConfig(origins=("https://app.acme.com", "http://localhost:3000"), headers=("X-Trace-Id",))
    settings = settings_of(render_viewer_request(callers=Open(), cors=cors, health="/health"))
    assert settings["health"] == "/health"
    assert settings["cors"] == {
        "origins": ["https://app.acme.com", "http://localhost:3000"],
        "methods": ", ".join(CORS_METHODS),
        "headers": ", ".join(request_headers(cors)),
        "maxAge": "7200",
    }


def test_a_page_may_send_keys_in_every_form_and_what_is_listed_each_once() -> None:
    headers = request_headers(CorsConfig(origins=("*",), headers=("X-Trace-Id", "OpenAI-Beta")))
    assert len(headers) == len(set(headers))
    assert {*KEY_FORMS.values(), API_KEY_HEADER, "content-type", "x-trace-id", "x-stainless-lang"} <= set(headers)
    assert "*" not in headers


def test_no_value_can_leave_its_line() -> None:
    hostile = '/a"};\u2028\nevil();//'
    assert settings_of(render_viewer_request(callers=Open(), cors=None, health=hostile))["health"] == hostile


def handled_by_njs(request: dict[str, Any], tmp_path: Path) -> Any:
    script = tmp_path / "run.js"
    call = f"console.log(JSON.stringify(handler({json.dumps({'request': request})})));"
    script.write_text(f"{render_viewer_request(callers=EVERY_KEY, cors=CORS, health='/health')}\n{call}\n")
    result = subprocess.run([str(NJS), script], capture_output=True, text=True, timeout=10, check=True)
    return json.loads(result.stdout)


@pytest.mark.skipif(
    NJS is None,
    reason="optional: njs would run the function in a runtime as bare as CloudFront's",
)
def test_a_runtime_that_lacks_what_node_has_runs_it(tmp_path: Path) -> None:
    key = "k" * CLIENT_KEY_LENGTH
    post = {"method": "POST", "uri": "/predict", "headers": {"authorization": {"value": f"Bearer {key}"}}}
    asked = {"origin": {"value": "https://app.acme.com"}, "access-control-request-method": {"value": "POST"}}
    preflight = handled_by_njs({"method": "OPTIONS", "uri": "/predict", "headers": asked}, tmp_path)
    assert handled_by_njs(post, tmp_path)["headers"] == {"x-api-key": {"value": key}}
    assert preflight["statusCode"] == 204
    assert preflight["headers"]["access-control-allow-origin"] == {"value": "https://app.acme.com"}
    assert handled_by_njs({"method": "GET", "uri": "/health", "headers": {}}, tmp_path)["body"] == '{"status":"ok"}'
