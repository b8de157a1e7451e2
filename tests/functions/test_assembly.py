"""The function as it is deployed: its settings, its size, and how it is known again."""

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from ml_gateway.config import CorsConfig
from ml_gateway.config.edge import MOST_SETTINGS_OF_THE_FUNCTION
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_KEY_LENGTH, KEY_FORMS, KeyForm
from ml_gateway.design import Callers, EdgeDesign, Identified, Keyed, Open
from ml_gateway.design.cors import CORS_METHODS, request_headers
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.errors import INVALID_PATH, Dialect, error_body
from ml_gateway.functions import assembled_viewer_request, settings_of_viewer_request
from ml_gateway.functions.assembly import SOURCES, parts_of
from tests.functions.edge_runtime import KEYED, EdgeRuntime, viewer_request

EVERY_KEY = Keyed(get_args(KeyForm))
EVERY_PART = {part for tokens in (False, True) for versions in (False, True)
              for part in parts_of(tokens=tokens, versions=versions)}  # fmt: skip
MOST_BYTES = 10 * 1024
"""CloudFront Developer Guide, "Quotas on CloudFront Functions"; not raised."""

MOST_NAMES_IN_A_KEY = 1024
"""Characters of all names in a cache policy together (CloudFront Developer Guide, "Quotas on policies")."""

ROOM = 256
"""What is to be left with the largest settings that a file may have."""


def settings_of(code: str) -> dict[str, Any]:
    settings = settings_of_viewer_request(code)
    assert settings is not None
    return settings


def largest_edge() -> EdgeDesign:
    """As much as `edge.cors` and `edge.health` may say: the file refuses a character more."""
    health = "/" + "h" * 100
    left = MOST_SETTINGS_OF_THE_FUNCTION - len(health)
    origins = tuple(f"https://{number:04}.example.com" for number in range(left // 30))
    rest = left - sum(len(origin) + 3 for origin in origins)
    cors = CorsConfig(origins=origins, headers=("X-" + "a" * (rest - 5),))
    return EdgeDesign(cors=cors, health=health, dialect="openai", slashes_in_model_ids=True)


def test_the_largest_settings_leave_room_in_the_function() -> None:
    keyed = [f"x-{number}-{'a' * (MOST_NAMES_IN_A_KEY // 10 - 4)}" for number in range(10)]
    code = render_edge_function(EVERY_KEY, largest_edge(), keyed)
    assert len(code.encode()) + ROOM <= MOST_BYTES


def test_every_part_is_there_in_its_order_and_without_comments() -> None:
    code = assembled_viewer_request(KEYED)
    names = ["cleanPath", "answerPreflight", "answerHealth", "removeHeaders", "takeKey", "keepToKey", "handler"]
    defined = [name for name in re.findall(r"function (\w+)\(", code) if name in names]
    assert defined == names
    assert "const PARTS=[cleanPath,answerPreflight,answerHealth,removeHeaders,takeKey,keepToKey];" in code
    assert {path.stem for path in SOURCES.glob("*.js")} == EVERY_PART
    assert not re.search(r"^\s*//", code, re.M)


def test_where_no_issuer_is_known_nothing_of_tokens_is_in_the_function() -> None:
    """So that the templates of all other gateways stay as they are."""
    with_keys, with_tokens = (render_edge_function(each, EdgeDesign()) for each in (Keyed(), Identified()))
    assert with_keys == with_tokens
    assert "issuers" not in with_keys
    assert "base64" not in with_keys
    assert "base64" in render_edge_function(Identified(issuers=("https://login.acme.com/",)), EdgeDesign())


def test_each_part_has_events_of_its_own() -> None:
    here = {path.name.partition(".")[0] for path in (SOURCES.parents[2] / "tests" / "functions").glob("*.events.json")}
    assert here == EVERY_PART - {"handler", "handler_with_versions", "answers"}


def test_what_looks_like_a_key_is_what_is_generated() -> None:
    assert f"/^[A-Za-z0-9]{{{CLIENT_KEY_LENGTH}}}$/" in assembled_viewer_request(KEYED)


def test_a_file_may_list_the_forms_that_are_known_here() -> None:
    assert set(get_args(KeyForm)) == set(KEY_FORMS)


BEARER = {"header": "authorization", "scheme": "bearer "}


@pytest.mark.parametrize(
    ("callers", "translated"),
    [
        (Open(), None),
        (Keyed(("x-api-key",)), []),
        (Keyed(("x-api-key", "bearer")), [BEARER]),
        (Keyed(("x-goog-api-key", "bearer", "x-api-key")), [BEARER, {"header": "x-goog-api-key", "scheme": ""}]),
    ],
)
def test_only_listed_forms_reach_the_code(callers: Callers, translated: list[Any] | None) -> None:
    assert settings_of(render_edge_function(callers, EdgeDesign()))["keyForms"] == translated


def test_without_any_setting_paths_are_cleaned_and_headers_removed(runtime: EdgeRuntime) -> None:
    code = render_edge_function(Open(), EdgeDesign())
    sent = runtime.run(code, viewer_request({"uri": "/%66raud", "headers": {"x-client-id": {"value": "me"}}})).value
    assert (sent["uri"], sent["headers"]) == ("/fraud", {})
    refused = runtime.run(code, viewer_request({"uri": "/a%2Fb"})).value
    assert (refused["statusCode"], refused["body"]) == (400, error_body("plain", INVALID_PATH, request_id=None))


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_a_path_is_refused_in_the_dialect_of_the_callers(dialect: Dialect, runtime: EdgeRuntime) -> None:
    code = render_edge_function(Open(), EdgeDesign(dialect=dialect))
    assert runtime.run(code, viewer_request({"uri": "//"})).value["body"] == error_body(
        dialect, INVALID_PATH, request_id=None
    )


def test_preflights_allow_what_the_settings_say() -> None:
    cors = CorsConfig(origins=("https://app.acme.com", "http://localhost:3000"), headers=("X-Trace-Id",))
    settings = settings_of(render_edge_function(Open(), EdgeDesign(cors=cors, health="/health")))
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
    code = assembled_viewer_request(replace(KEYED, health=hostile))
    assert settings_of(code)["health"] == hostile
    assert code.count("\n") == assembled_viewer_request(KEYED).count("\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code + " ",
        lambda code: code.replace("48", "20", 1),
        lambda code: "x" + code,
        lambda code: code.replace("{", "{{", 1),
        lambda code: code.replace("const SETTINGS={", "const SETTINGS=[{", 1).replace("};\n", "}];\n", 1),
        lambda code: code.partition("\n")[0],
        lambda _: "",
    ],
)
def test_a_function_that_is_not_the_gateways_is_not_taken_for_it(change: Any) -> None:
    assert settings_of_viewer_request(change(assembled_viewer_request(KEYED))) is None


# A key has one text for the firewall

SPELLINGS = {
    "x-api-key": ["{key}", " {key}", "{key} ", "{key},{key}", "{key}, {key}", "Bearer {key}"],
    "bearer": ["Bearer {key}", "bearer {key}", "bEaReR {key}", "Bearer  {key}", "Bearer\t{key}", "{key}",
               "Bearer {key}, Bearer {key}", "Bearer {key} ", " Bearer {key}", "Bearer {key},"],
    "api-key": ["{key}", " {key}", "{key};", "{key},", "bearer {key}"],
    "x-goog-api-key": ["{key}", " {key}", "{key}\u00a0", "{key},{key}"],
}  # fmt: skip


@pytest.mark.parametrize("form", get_args(KeyForm))
def test_all_texts_that_are_taken_for_a_key_are_counted_as_one_by_waf(form: KeyForm, runtime: EdgeRuntime) -> None:
    """LOWERCASE and COMPRESS_WHITE_SPACE are what the rate rules of `EdgeFirewall` do to a header."""
    code = render_edge_function(EVERY_KEY, EdgeDesign())
    key = "Ab3" * 16

    def taken(text: str) -> bool:
        request = {"headers": {KEY_FORMS[form]: {"value": text}}}
        return API_KEY_HEADER in runtime.run(code, viewer_request(request)).value["headers"]

    texts = {text.format(key=key) for text in SPELLINGS[form]}
    counted = {re.sub(r"\s+", " ", text.lower()) for text in texts if taken(text)}
    assert len(counted) == 1
