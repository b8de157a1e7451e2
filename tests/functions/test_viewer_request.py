"""The edge function: run by Node on events, and broken on purpose."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.functions import assembled_viewer_request
from tests.functions.broken import BROKEN
from tests.functions.broken_versions import BROKEN_VERSIONS
from tests.functions.edge_runtime import EdgeRuntime, broken_code, parts_with, settings_with, viewer_request
from tests.functions.events import EVENTS, WORDS, EdgeEvent, override
from tests.synthesis import Json

NJS = shutil.which("njs")
CORS: Json = {"origins": ["https://app.acme.com"], "methods": "GET, POST", "headers": "authorization", "maxAge": "600"}


@pytest.mark.parametrize("each", EVENTS, ids=[each.name for each in EVENTS])
def test_event_goes_on_or_is_answered_as_it_should(each: EdgeEvent, runtime: EdgeRuntime) -> None:
    assert runtime.run(assembled_viewer_request(each.settings), each.event, each.store).value == each.expected


def test_each_event_has_a_name_of_its_own() -> None:
    assert len(EVENTS) > 300
    assert len({each.name for each in EVENTS}) == len(EVENTS)


EVERY_WAY = [*BROKEN, *BROKEN_VERSIONS]


@pytest.mark.parametrize(("part", "right", "wrong"), [one[:3] for one in EVERY_WAY], ids=[one[3] for one in EVERY_WAY])
def test_events_notice_a_broken_function(part: str, right: str, wrong: str, runtime: EdgeRuntime) -> None:
    def holds(each: EdgeEvent) -> bool:
        code = broken_code(each.settings, part, right, wrong)
        try:
            return bool(runtime.run(code, each.event, each.store).value == each.expected)
        except RuntimeError as error:
            # What is no JavaScript is nothing that could come of a change.
            return "SyntaxError" in str(error)

    assert not all(holds(each) for each in EVENTS if part in parts_with(each.settings))


STORE = "export default { kvs: () => ({ get: async key => ({ fraud: %s })[key] }) };"
"""Stands for CloudFront's module, which njs does not have."""


def handled_by_njs(request: Json, directory: Path, **settings: Any) -> Any:
    code = assembled_viewer_request(settings_with({"cors": CORS, "health": "/health", **settings}))
    event = json.dumps(viewer_request(request))
    told = "each => console.log(JSON.stringify(each))"
    script = directory / "run.js"
    script.write_text(f"{code}\nPromise.resolve(handler({event})).then({told});\n")
    (directory / "cloudfront").write_text(STORE % override({"v1": 0, "v2": 100}, instead_of={"v1": 90, "v2": 10}))
    command = [str(NJS), "-p", str(directory), str(script)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    return json.loads(result.stdout)


WITH_NJS = pytest.mark.skipif(
    NJS is None,
    reason="optional: njs would run the function in a runtime as bare as CloudFront's",
)


@WITH_NJS
def test_a_runtime_that_lacks_what_node_has_runs_it(tmp_path: Path) -> None:
    key = WORDS["<key>"]
    post = {"headers": {"authorization": {"value": f"Bearer {key}"}}}
    asked = {"origin": {"value": "https://app.acme.com"}, "access-control-request-method": {"value": "POST"}}
    preflight = handled_by_njs({"method": "OPTIONS", "headers": asked}, tmp_path)
    assert handled_by_njs(post, tmp_path)["headers"] == {"x-api-key": {"value": key}}
    assert preflight["statusCode"] == 204
    assert preflight["headers"]["access-control-allow-origin"] == {"value": "https://app.acme.com"}
    assert handled_by_njs({"method": "GET", "uri": "/%68ealth"}, tmp_path)["body"] == '{"status":"ok"}'
    assert handled_by_njs({"uri": "/a%2Fb"}, tmp_path)["statusCode"] == 400


@WITH_NJS
def test_it_runs_what_leads_to_versions(tmp_path: Path) -> None:
    shares = {"versions": ["v1", "v2"], "shares": [90, 10], "choose": "x-version"}
    fraud = {"model": "fraud", "takes": "^/fraud/?$", **shares}
    users = {"model": "users", "takes": "^/users/[^/]+/?$", **shares, "byHeader": "x-user-id"}

    def led(uri: str, **headers: str) -> Any:
        request = {"uri": uri, "headers": {name.replace("_", "-"): {"value": said} for name, said in headers.items()}}
        found = handled_by_njs(request, tmp_path, splits=[fraud, users])
        return found.get("uri") or found["statusCode"]

    assert led("/fraud") == "/fraud--v2/fraud"
    assert led("/fraud", x_version="v1") == "/fraud--v1/fraud"
    assert led("/fraud", x_version="v3") == led("/FRAUD%2D-v2") == 404
    assert [led("/users/7", x_user_id=user) for user in ("user-19", "user-0")] == [
        "/users--v2/users/7",
        "/users--v1/users/7",
    ]
    assert led("/other") == "/other"
