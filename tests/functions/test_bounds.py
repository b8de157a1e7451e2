"""The edge function is linear in what a caller sends, and never throws: a request goes on, or is answered.

CloudFront throttles a function that takes too long, for everybody. What is counted here is work, not time: the
characters and items that built-in functions look at (`runtime.mjs`).
"""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.functions import assembled_viewer_request
from tests.functions.edge_runtime import HERE, EdgeRuntime, settings_with, viewer_request
from tests.functions.events import ISSUER, WORDS, token
from tests.functions.test_viewer_request import CORS
from tests.synthesis import Json

KEPT = ["accept", "authorization", "x-api-key", *(f"x-in-the-key-{number}" for number in range(7))]
ALL = {"cors": CORS, "health": "/health", "slashesInIds": True, "keyed": KEPT}
CODE = assembled_viewer_request(settings_with(ALL))
"""With all that there is to do."""
TOKENS = {"issuers": [ISSUER, *(f"{ISSUER}{n}" for n in range(9))]}
WITH_TOKENS = assembled_viewer_request(settings_with({**ALL, **TOKENS}))
SPLITS: list[Json] = [
    {"model": "m", "takes": "^/m/", "versions": ["v1", "v2", "v3"], "shares": [85, 10, 5], "byClient": True},
    {"model": "users", "takes": "^/users/[^/]+/[^/]+/?$", "versions": ["v1", "v2"], "shares": [50, 50],
     "byHeader": "x-user-id", "choose": "x-version"},
    {"model": "a", "takes": "^/a/.+$", "versions": ["v1", "v2"], "shares": [0, 100]},
]  # fmt: skip
WITH_VERSIONS = assembled_viewer_request(settings_with({**ALL, **TOKENS, "claims": {ISSUER: "azp"}, "splits": SPLITS}))
EVERY_CODE = {"keys": CODE, "keys and tokens": WITH_TOKENS, "versions": WITH_VERSIONS}

PARTS_OF = {name: re.sub(r"\A(import.*\n)*.*\n", "", code) for name, code in EVERY_CODE.items()}
PARTS_OF_THE_CODE = "".join(PARTS_OF.values())

MOST_WORK = 12
"""For each character of an event, its names and punctuation included: the longest way through all parts."""

MOST_WORK_OF_A_SPLIT = 2
"""And that much more for each model with versions: the first part of a path is looked at, and all of it."""

AT_REST = 600
"""What an event takes that holds nothing: the settings are looked at, and the names of headers."""

KEY = WORDS["<key>"]


def size_of(request: Json) -> int:
    return len(json.dumps(request, ensure_ascii=False))


def header(name: str, value: str) -> Json:
    return {"headers": {name: {"value": value}}}


def copies(name: str, value: str, number: int) -> Json:
    return {"headers": {name: {"value": value, "multiValue": [{"value": value}] * number}}}


LONG: dict[str, Any] = {
    "spaces in a key": lambda n: header("x-api-key", " " * n),
    "commas in a key": lambda n: header("x-api-key", f"{KEY}," * n),
    "values with commas": lambda n: header("x-api-key", ",".join(f"{k:04}" for k in range(n))),
    "copies of a key": lambda n: copies("x-api-key", KEY, n),
    "spaces after a scheme": lambda n: header("authorization", "Bearer" + " " * n + KEY),
    "schemes": lambda n: header("authorization", "bearer " * n),
    "copies of a token": lambda n: copies("authorization", f"Bearer {KEY}", n),
    "copies of a JWT": lambda n: copies("authorization", f"Bearer {WORDS['<token>']}", n // 10),
    "a long token": lambda n: header("x-api-key", token(azp="a" * min(n, 5000))),
    "a token of many claims": lambda n: header("x-api-key", token(**{f"c{k}": k for k in range(min(n, 400))})),
    "a token that nests": lambda n: header("x-api-key", f"e30.{'W1tb' * min(n, 2000)}.a"),
    "dots of a token": lambda n: header("x-api-key", "a." * n),
    "tokens in a list": lambda n: header("authorization", f"Bearer {WORDS['<token>']}, " * (n // 100)),
    "a long key of another form": lambda n: header("api-key", "k" * n),
    "a long origin": lambda n: {
        "method": "OPTIONS", **header("origin", "https://a" * n) | {
            "headers": {"origin": {"value": "https://a" * n}, "access-control-request-method": {"value": "P" * n}}
        },
    },
    "many headers of a GET": lambda n: {"method": "GET", "headers": {f"x-{k}": {"value": "1"} for k in range(n)}},
    "many headers": lambda n: {"headers": {f"x-{number}": {"value": "1"} for number in range(n)}},
    "a header with a long name": lambda n: header("x" * n, "1"),
    "a header with many underscores": lambda n: header("_" * n, "1"),
    "a header with many hyphens": lambda n: header("x-" * n, "1"),
    "a header in capitals": lambda n: header("X" * n, "1"),
    "a long value of any header": lambda n: header("accept", "*/*," * n),
    "many cookies": lambda n: {"cookies": {f"c{number}": {"value": "1"} for number in range(n)}},
    "a long cookie": lambda n: {"cookies": {"c": {"value": "%41;, " * n}}},
    "many arguments": lambda n: {"querystring": {f"q{number}": {"value": "%2F"} for number in range(n)}},
    "a repeated argument": lambda n: {"querystring": {"q": {"value": "1", "multiValue": [{"value": "1"}] * n}}},
    "a long path": lambda n: {"uri": "/" + "a" * n},
    "a path of many parts": lambda n: {"uri": "/a" * n},
    "encoded letters": lambda n: {"uri": "/" + "%41" * n},
    "encoded spaces": lambda n: {"uri": "/" + "%20" * n},
    "encoded slashes": lambda n: {"uri": "/m/v1/models/" + "a%2F" * n + "a"},
    "encoded slashes elsewhere": lambda n: {"uri": "/" + "a%2F" * n},
    "ids of ids": lambda n: {"uri": "/m" + "/v1/models/a%2Fa" * n},
    "percent signs": lambda n: {"uri": "/" + "%" * n},
    "dots": lambda n: {"uri": "/" + "." * n},
    "parts that begin with dots": lambda n: {"uri": "/..a" * n},
    "dot segments": lambda n: {"uri": "/.." * n},
    "parameters": lambda n: {"uri": "/a" + ";" * n},
    "slashes": lambda n: {"uri": "/" * n},
    "health and more": lambda n: {"method": "GET", "uri": "/health" * n},
    "a version's path": lambda n: {"uri": "/m--" + "v" * n},
    "a version's path in capitals": lambda n: {"uri": "/" + "%4D" * n + "--V"},
    "hyphens": lambda n: {"uri": "/m" + "-" * n},
    "a path of a protocol": lambda n: {"uri": "/m/" + "a/" * n},
    "a long variable": lambda n: {"uri": "/users/7/" + "a" * n},
    "variables and a part too many": lambda n: {"uri": "/users/" + "a" * n + "/7/8"},
    "a long greedy variable": lambda n: {"uri": "/a/" + "b/" * n},
    "a long choice": lambda n: {"uri": "/users/7/8", **header("x-version", "v" * n)},
    "a choice that is repeated": lambda n: {"uri": "/users/7/8", **copies("x-version", "v1", n)},
    "a long value that tells callers apart": lambda n: {"uri": "/users/7/8", **header("x-user-id", "u" * n)},
    "a token that tells clients apart": lambda n: {"uri": "/m/x", **header("x-api-key", token(azp="a" * min(n, 5000)))},
}  # fmt: skip


@pytest.mark.parametrize("code", EVERY_CODE.values(), ids=list(EVERY_CODE))
@pytest.mark.parametrize("long", LONG.values(), ids=list(LONG))
def test_twice_as_much_of_anything_is_twice_the_work_at_most(long: Any, code: str, runtime: EdgeRuntime) -> None:
    work = {n: runtime.run(code, viewer_request(long(n))).work for n in (500, 1000, 2000, 4000)}
    # What is longer than any credential is not looked at, and may be less work.
    first, second, third = (max(work[2 * n] - work[n], 0) for n in (500, 1000, 2000))
    assert second <= 2.2 * first + 50
    assert third <= 2.2 * second + 50
    most = MOST_WORK + (MOST_WORK_OF_A_SPLIT * len(SPLITS) if code == WITH_VERSIONS else 0)
    assert work[4000] <= most * size_of(viewer_request(long(4000))["request"]) + AT_REST


def test_what_was_slow_takes_hardly_any_work_now(runtime: EdgeRuntime) -> None:
    nothing = runtime.run(CODE, viewer_request({"headers": {"x-api-key": {"value": ""}}})).work
    for slow in (" " * 16_000, ",".join(map(str, range(4000))), f"{KEY}," * 300):
        assert runtime.run(CODE, viewer_request(header("x-api-key", slow))).work <= nothing + 50


def test_quadratic_work_is_noticed(runtime: EdgeRuntime) -> None:
    quadratic = (
        "function handler(e){const v=e.request.uri.split('/');v.forEach(one=>v.indexOf(one+'x'));return e.request;}"
    )
    work = {n: runtime.run(quadratic, viewer_request({"uri": "/a" * n})).work for n in (500, 1000, 2000)}
    assert work[2000] - work[1000] > 3 * (work[1000] - work[500])


def test_all_work_is_counted() -> None:
    called = set(re.findall(r"\.(\w+)\(", PARTS_OF_THE_CODE))
    counted = set(re.findall(r"'(\w+)'", (HERE / "runtime.mjs").read_text()))
    assert called <= counted
    for parts in PARTS_OF.values():
        loops = re.findall(r"\b(?:for|while|do)\b[^{]*\{(.{0,60})", parts)
        # Over the pieces of a path, each of which is sliced; and over the parts of the function.
        assert len(loops) == 2
        assert ".slice(" in loops[0]
        assert "PARTS[i](" in loops[1]


def test_no_pattern_tries_a_text_again_and_again() -> None:
    patterns = re.findall(r"/((?:\\.|\[(?:\\.|[^\]])*\]|[^/\\\n])+)/i?[.;]", PARTS_OF_THE_CODE)
    assert len(set(patterns)) == 6
    outside_of_classes = [re.sub(r"\[(?:\\.|[^\]])*\]|\\.", "", pattern) for pattern in patterns]
    # The parts of a token, of which none has a dot.
    assert {pattern for pattern in outside_of_classes if re.search(r"[*+]|,\}", pattern)} == {"^+++$"}


LACKING = {
    "for-of": r"\bfor\s*\([^;)]* of ", "classes": r"\bclass\b", "optional chaining": r"\?\.", "spread": r"\.\.\.",
    "destructuring": r"(const|let|var)\s*[\[{]", "nullish": r"\?\?", "replaceAll": r"replaceAll", "maps": r"\bnew\b",
    "default parameters": r"function \w*\([^)]*=", "promises": r"\basync\b|\bawait\b", "generators": r"function\*",
}  # fmt: skip


# CloudFront Developer Guide, "JavaScript runtime 2.0 features": both are there, and nothing else of LACKING is needed.
DOCUMENTED = r"\basync (?=function )|\bawait |\bnew (?=RegExp\()"


@pytest.mark.parametrize("pattern", LACKING.values(), ids=list(LACKING))
def test_nothing_is_written_that_cloudfront_may_lack(pattern: str) -> None:
    for name, parts in PARTS_OF.items():
        code = re.sub(r"'[^'\n]*'", "''", parts)
        assert not re.search(pattern, re.sub(DOCUMENTED, "", code) if name == "versions" else code)


# Whatever comes

texts = st.text(max_size=40) | st.sampled_from(
    [
        "",
        KEY,
        WORDS["<token>"],
        f"Bearer {WORDS['<past token>']}",
        "e30.bnVsbA.a",
        f"Bearer {KEY}",
        f"bearer {KEY}",
        "%",
        ",",
        "*",
    ]
)
pieces = ["/", "%", "%2F", "%2e", ".", "..", "//", "%00", "\\", "?", "#", "/v1/models/", "a", "%C3%A9", ";"]
paths = st.lists(st.text(max_size=5) | st.sampled_from(pieces), max_size=12).map("".join)
usual_names = (
    "x-api-key authorization api-key x-goog-api-key origin access-control-request-method x-client-id forwarded accept "
    "__proto__ constructor toString X-Api-Key x_client_id"
)
names = st.sampled_from(usual_names.split())
values = st.fixed_dictionaries(
    {"value": texts}, optional={"multiValue": st.lists(st.fixed_dictionaries({"value": texts}), max_size=4)}
)
fields = st.dictionaries(names | st.text(max_size=12), values, max_size=6)
requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) | st.text(max_size=8),
        "uri": paths | paths.map(lambda path: f"/{path}") | st.just("/health"),
        "querystring": fields, "headers": fields, "cookies": fields,
    }
)  # fmt: skip

SETTINGS: list[Json] = [
    {"cors": CORS, "health": "/health", "slashesInIds": True}, {"keyForms": None},
    {"keyForms": []}, {"cors": {**CORS, "origins": ["*"]}, "keyForms": ["bearer"]},
    {"issuers": [ISSUER]},
]  # fmt: skip
CODES = [assembled_viewer_request(settings_with(settings)) for settings in SETTINGS]

NOT_SENT_ON = re.compile(r"^[^/]|//|[\\?#\x00-\x1f\x7f]|%(?![0-9a-f]{2})|%(2f|5c|3f|23|25|[01][0-9a-f]|7f)", re.I)
DOTS = re.compile(r"/(\.|%2e){1,2}(/|;|%3b|$)", re.I)
DECODABLE = re.compile(r"%(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3[0-9]|2d|2e|5f|7e)", re.I)


@given(request=requests, code=st.sampled_from(CODES))
def test_whatever_comes_goes_on_in_one_spelling_or_is_answered(request: Json, code: str, runtime: EdgeRuntime) -> None:
    outcome = runtime.run(code, viewer_request(request))
    assert outcome.work <= MOST_WORK * size_of(request) + AT_REST
    if "statusCode" in outcome.value:
        assert outcome.value["statusCode"] in (200, 204, 400)
        return
    sent = outcome.value
    assert sent.keys() == request.keys()
    for untouched in ("method", "querystring", "cookies"):
        assert sent[untouched] == request[untouched]
    assert not NOT_SENT_ON.search(sent["uri"])
    assert not DOTS.search(sent["uri"])
    assert not DECODABLE.search(sent["uri"])
    assert not {"x-client-id", "x_client_id", "forwarded", "X-Api-Key"} & sent["headers"].keys()
    # What went on would go on as it is: nothing is left to be decoded by who comes next.
    again = runtime.run(code, viewer_request(sent))
    assert again.value == sent
