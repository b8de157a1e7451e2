"""The edge function: run by Node on events, and broken on purpose."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.functions import assembled_viewer_request
from tests.functions.edge_runtime import EdgeRuntime, broken_code, settings_with, viewer_request
from tests.functions.events import EVENTS, WORDS, EdgeEvent
from tests.synthesis import Json

NJS = shutil.which("njs")
CORS: Json = {"origins": ["https://app.acme.com"], "methods": "GET, POST", "headers": "authorization", "maxAge": "600"}


@pytest.mark.parametrize("each", EVENTS, ids=[each.name for each in EVENTS])
def test_event_goes_on_or_is_answered_as_it_should(each: EdgeEvent, runtime: EdgeRuntime) -> None:
    assert runtime.run(assembled_viewer_request(each.settings), each.event).value == each.expected


def test_each_event_has_a_name_of_its_own() -> None:
    assert len(EVENTS) > 150
    assert len({each.name for each in EVENTS}) == len(EVENTS)


BROKEN = [
    ("credentials", "/^[A-Za-z0-9]{48}$/", "/^[A-Za-z0-9]{48}/", "longer values are taken"),
    ("credentials", "/^[A-Za-z0-9]{48}$/", "/[A-Za-z0-9]{48}$/", "what ends like a key is taken"),
    ("credentials", "/^[A-Za-z0-9]{48}$/", "/^.+$/", "any token is taken"),
    ("credentials", "&& others.every(other => other === key)", "", "one of two keys is picked"),
    ("credentials", ".filter(key => key && !own)", ".filter(key => key)", "two live keys are none"),
    ("credentials", "delete headers[form.header];", "", "what was consumed goes on"),
    ("credentials", "    delete headers['x-api-key'];\n", "", "an x-api-key that is none goes on"),
    ("credentials", "header && !repeated ? header.value : ''", "header ? header.value : ''", "copies are overlooked"),
    ("credentials", "header.multiValue.length > 1", "true", "one copy is taken for many"),
    ("credentials", "text.toLowerCase().indexOf(scheme)", "text.indexOf(scheme)", "capitals of a scheme matter"),
    ("credentials", "text.toLowerCase().indexOf(scheme) !== 0", "false", "any scheme is one"),
    ("credentials", "text.slice(scheme.length)", "text.slice(scheme.length).trim()", "a key has more than one text"),
    ("credentials", "if (!SETTINGS.keyForms) {", "if (false) {", "keys are looked at where there are no clients"),
    ("identities", "/^[A-Za-z0-9]{48}$/", "/^[A-Za-z0-9]{47,}$/", "beside issuers other values are taken for keys"),
    ("identities", "SETTINGS.issuers.indexOf(claims.iss) !== -1", "true", "any issuer's tokens are taken"),
    ("identities", "SETTINGS.issuers.indexOf(claims.iss) !== -1", "SETTINGS.issuers.join().indexOf(claims.iss) !== -1",
     "part of an issuer is enough"),
    ("identities", "claims.exp > Date.now() / 1000 - CLOCKS_DIFFER", "true", "tokens never end"),
    ("identities", "1000 - CLOCKS_DIFFER", "1000", "clocks have to agree"),
    ("identities", "CLOCKS_DIFFER = 30", "CLOCKS_DIFFER = 60", "a token lives longer than its policy"),
    ("identities", "delete headers[name];", "", "a token of ours goes on"),
    ("identities", "ours.length && values.length === 1 && ours[0].live", "ours.length && ours[0].live",
     "one of several tokens is picked"),
    ("identities", "header.multiValue || [header]", "[header]", "copies of a token are overlooked"),
    ("identities", "    delete headers['x-api-key'];\n", "", "an x-api-key that is none goes on beside issuers"),
    ("identities", "&& others.every(other => other === credential)", "", "one of two credentials is picked"),
    ("identities", ".filter(other => other && !own)", ".filter(other => other)", "a token beside a key is none"),
    ("identities", "value.length > LONGEST || ", "", "a token of any length is looked at"),
    ("identities", "value.toLowerCase().indexOf(scheme)", "value.indexOf(scheme)", "capitals of a scheme count"),
    ("identities", " || {};", ";", "a payload of null ends the function"),
    ("identities", "+\\.[A-Za-z0-9_-]+$/", "+\\.[A-Za-z0-9_-]*$/", "a token without a signature is taken"),
    ("headers", " x-client-id", "", "a caller names itself"),
    ("headers", " x-http-method ", " ", "a caller changes the method"),
    ("headers", "' ' + name.split('_').join('-') + ' '", "name.split('_').join('-')", "part of a name is enough"),
    ("headers", ".split('_').join('-')", "", "underscores get through"),
    ("headers", "name !== name.toLowerCase() || ", "", "capitals get through"),
    ("cache_key", "!SETTINGS.keyed || ", "", "headers go where nothing is kept"),
    ("cache_key", "request.method !== 'GET' && ", "", "a GET takes on what is in no key"),
    ("cache_key", " && request.method !== 'HEAD'", "", "a HEAD takes on what is in no key"),
    ("cache_key", "(request.method !== 'GET' && request.method !== 'HEAD')", "false", "a POST loses headers"),
    ("cache_key", "SETTINGS.keyed.indexOf(name) === -1", "!(name in SETTINGS.keyed)", "names of properties pass"),
    ("cache_key", "SETTINGS.keyed.indexOf(name) === -1", "SETTINGS.keyed.join().indexOf(name) === -1", "parts pass"),
    ("cache_key", " && SETTINGS.cors", "", "an origin passes that nobody reads"),
    ("cache_key", "!read && ", "", "pages get no answer"),
    ("cache_key", " && ALWAYS.indexOf(name) === -1", "", "what may not be removed is"),
    ("cache_key", "'accept-encoding', ", "", "nothing is compressed"),
    ("path_hygiene", "request.uri = cleaned(request.uri);", "if (cleaned(request.uri)) { return; }",
     "the raw path is sent"),
    ("path_hygiene", "/[A-Za-z0-9._~-]/", "/[A-Za-z0-9]/", "dots and hyphens stay encoded"),
    ("path_hygiene", "/[A-Za-z0-9._~-]/", "/[A-Za-z0-9._~ -]/", "spaces are decoded"),
    ("path_hygiene", r"\x1f\x7f\/\\?#%]/;", r"\x1f\x7f\\?#%]/;", "encoded slashes pass"),
    ("path_hygiene", r"\x1f\x7f\/\\?#%]/;", r"\x1f\x7f\/?#%]/;", "encoded backslashes pass"),
    ("path_hygiene", r"\x1f\x7f\/\\?#%]/;", r"\x1f\x7f\/\\#%]/;", "encoded question marks pass"),
    ("path_hygiene", r"\x1f\x7f\/\\?#%]/;", r"\x1f\x7f\/\\?%]/;", "encoded number signs pass"),
    ("path_hygiene", r"\x1f\x7f\/\\?#%]/;", r"\x1f\x7f\/\\?#]/;", "what is encoded twice passes"),
    ("path_hygiene", r"[\x00-\x1f\x7f\/\\?#%]", r"[\x01-\x1f\x7f\/\\?#%]", "encoded nulls pass"),
    ("path_hygiene", r"[\x00-\x1f\x7f\/\\?#%]", r"[\x00-\x1f\/\\?#%]", "encoded deletes pass"),
    ("path_hygiene", r"/^[^\/]|", "/", "a path may begin with anything"),
    ("path_hygiene", r"|[\x00-\x1f\x7f\\?#]|", r"|[\\?#]|", "control characters pass"),
    ("path_hygiene", r"|[\x00-\x1f\x7f\\?#]|", r"|[\x00-\x1f\x7f?#]|", "backslashes pass"),
    ("path_hygiene", r"|\/\/|", "|", "empty parts pass"),
    ("path_hygiene", r"\/\.\.?(;", r"\/\.\.(;", "single dots pass"),
    ("path_hygiene", r"(;|%3b|\/|$)", r"(\/|$)", "dot segments with parameters pass"),
    ("path_hygiene", r"(;|%3b|\/|$)", r"(;|%3b|\/)", "dot segments at the end pass"),
    ("path_hygiene", r"(;|%3b|\/|$)", "", "parts that begin with a dot are refused"),
    ("path_hygiene", "if (!/^[0-9A-Fa-f]{2}$/.test(hex)) {", "if (false) {", "wrong encoding passes"),
    ("path_hygiene", " && SETTINGS.slashesInIds", "", "slashes of ids are decoded in any gateway"),
    ("path_hygiene", "parts[0].indexOf('/v1/models/') > 0", "true", "slashes are decoded anywhere"),
    ("path_hygiene", "indexOf('/v1/models/') > 0", "indexOf('/v1/models/') !== -1", "or without a model"),
    ("path_hygiene", "REFUSED_PATH.test(path) ? '' : path", "path", "nothing is refused after decoding"),
    ("path_hygiene", "if (SETTINGS.cors) {", "if (true) {", "pages may read refusals without cors"),
    ("path_hygiene", "400, 'Bad Request'", "403, 'Bad Request'", "a refusal gets another status"),
    ("preflight", "open || cors.origins.indexOf(origin.value) !== -1", "true", "every origin is allowed"),
    ("preflight", "cors.origins.indexOf(origin.value) !== -1",
     "cors.origins.some(function (one) { return origin.value.indexOf(one) === 0; })", "a longer origin is allowed"),
    ("preflight", "cors.origins.indexOf(origin.value) !== -1",
     "cors.origins.some(function (one) { return origin.value.indexOf(one) !== -1; })", "part of an origin is enough"),
    ("preflight", "open ? '*' : origin.value", "'*'", "a listed origin opens the gateway to all"),
    ("preflight", "open ? '*' : origin.value", "origin.value", "every origin is repeated"),
    ("preflight", "open ? {} : { vary: { value: 'origin' } }", "{}", "caches mix up origins"),
    ("preflight", "request.method !== 'OPTIONS' || ", "", "a POST is taken for a preflight"),
    ("preflight", "|| !origin ", "", "an OPTIONS without an origin is answered"),
    ("preflight", "|| !request.headers['access-control-request-method']", "", "an OPTIONS is taken for a preflight"),
    ("preflight", "!cors || ", "", "preflights are answered without cors"),
    ("preflight", "statusCode: 204", "statusCode: 200", "a preflight gets another status"),
    ("health", "request.uri === SETTINGS.health", "request.uri.indexOf(SETTINGS.health) === 0", "all below is healthy"),
    ("health", "request.uri === SETTINGS.health", "SETTINGS.health", "everything is healthy"),
    ("health", " && (request.method === 'GET' || request.method === 'HEAD')", "", "health answers every method"),
    ("health", " || request.method === 'HEAD'", "", "health does not answer HEAD"),
    ("health", '{"status":"ok"}', '{"status":"ok","keys":3}', "health reveals something"),
    ("handler", "request.method !== 'HEAD'", "true", "HEAD gets a body"),
    ("handler", "'no-store'", "'max-age=60'", "answers of the edge are cached"),
    ("handler", "cleanPath, answerPreflight, answerHealth", "answerPreflight, answerHealth, cleanPath",
     "the path is cleaned too late"),
    ("handler", "answerHealth, removeHeaders, takeKey", "answerHealth, takeKey", "headers are not removed"),
    ("handler", "takeKey, keepToKey", "keepToKey, takeKey", "keys are lost before they are taken"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "right", "wrong"), [one[:3] for one in BROKEN], ids=[one[3] for one in BROKEN])
def test_events_notice_a_broken_function(part: str, right: str, wrong: str, runtime: EdgeRuntime) -> None:
    def holds(each: EdgeEvent) -> bool:
        try:
            return bool(runtime.run(broken_code(each.settings, part, right, wrong), each.event).value == each.expected)
        except RuntimeError:
            return False

    assert not all(holds(each) for each in EVENTS)


def handled_by_njs(request: Json, tmp_path: Path) -> Any:
    script = tmp_path / "run.js"
    code = assembled_viewer_request(settings_with({"cors": CORS, "health": "/health"}))
    script.write_text(f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(viewer_request(request))})));\n")
    result = subprocess.run([str(NJS), script], capture_output=True, text=True, timeout=10, check=True)
    return json.loads(result.stdout)


@pytest.mark.skipif(
    NJS is None,
    reason="optional: njs would run the function in a runtime as bare as CloudFront's",
)
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
