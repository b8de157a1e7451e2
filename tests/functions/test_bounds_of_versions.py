"""Where models have versions, the edge function keeps to its bounds as well, whatever comes and whatever is stored."""

import json
import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.functions import assembled_viewer_request
from ml_gateway.functions.assembly import SOURCES
from ml_gateway.serving import ServedModel, expression_of
from tests.functions.edge_runtime import UNKNOWN, EdgeRuntime, Store, settings_with, viewer_request
from tests.functions.events import ISSUER, WORDS, override
from tests.functions.test_bounds import (
    ALL,
    AT_REST,
    CODES,
    MOST_WORK,
    MOST_WORK_OF_A_SPLIT,
    SPLITS,
    paths,
    requests,
    size_of,
    texts,
    values,
)
from tests.functions.test_many_callers import bucket_of
from tests.synthesis import Json

ONE: Json = {"model": "single", "takes": "^/single/?$", "versions": ["v1"], "shares": [100]}
SETTINGS: list[Json] = [
    {},
    ALL,
    {"issuers": [ISSUER], "claims": {ISSUER: "azp"}},
    {"keyForms": None, "keyed": ["accept"], "health": "/users/7/8"},
]

STARTS = ["/m", "/users", "/a", "/%6d", "/M", "/USERS", "/%41", "/single", "/other", "/x/m"]
MARKS = ["--", "%2D%2D", "-%2d", "-", "--v1", "--v9/", "--V1/m", "---"]
ENDS = ["/7/8", "/x", "/", "", "/7/8/", "/7/8/9", "/a%20b/%61", "/v1/models/a%2Fb"]
led = st.sampled_from([f"{start}{end}" for start, end in product(STARTS, ENDS)])
hidden = st.sampled_from(["".join(parts) for parts in product(STARTS, MARKS, ENDS)])
choices = st.dictionaries(st.sampled_from(["x-version", "x-user-id", "x-api-key"]), values, max_size=3)
chosen = choices | st.sampled_from(["v1", "v2", "V2", "v9", ""]).map(lambda name: {"x-version": {"value": name}})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 101) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["v1", "v2", "split", "x"]), inner),
    max_leaves=8,
)
odd = st.none() | st.booleans() | st.just(0.5) | st.just("100") | st.integers(-1, 101)
whole = st.integers(0, 100).map(lambda share: {"v1": 100 - share, "v2": share})
shares = whole | st.dictionaries(st.sampled_from(["v1", "v2", "v3", "V2"]), odd) | json_values
THE_FILES = {"v1": 90, "v2": 10}
words = st.tuples(shares, st.just(THE_FILES) | shares).map(
    lambda pair: json.dumps({"split": pair[0], "instead_of": pair[1]})
)
rewritten = whole.map(lambda split: override(split, instead_of=THE_FILES))
stored = rewritten | words | json_values.map(json.dumps) | texts
stores = st.just("fails") | st.dictionaries(st.sampled_from(["m", "users", "a", "single"]), stored)


VERSIONS = {split["model"]: split["versions"] for split in SPLITS}
# JavaScript's dot takes none of these four.
TAKES = {"m": r"/m/.*", "users": r"/users/[^/]+/[^/]+/?", "a": "/a/[^\n\r\u2028\u2029]+"}


def is_refused(path: str, headers: Json) -> bool:
    """Whether nobody may ask for the path, or for the version that a header names."""
    choice = headers.get("x-version")
    wrong = choice and (len(choice.get("multiValue", [])) > 1 or choice["value"] not in VERSIONS["users"])
    asked = re.fullmatch(TAKES["users"], path, re.S)
    return bool(re.match("/(m|users|a|single)--", path.lower()) or (asked and wrong))


def is_not_found(answer: Json) -> bool:
    return answer.get("statusCode") == 404 and answer.get("body", UNKNOWN) == UNKNOWN


@given(
    request=requests,
    uri=led | hidden | paths,
    more=chosen,
    settings=st.sampled_from(SETTINGS),
    store=stores,
)
def test_whatever_comes_is_led_to_a_version_once_or_is_answered(
    request: Json, uri: str, more: Json, settings: Json, store: Store, runtime: EdgeRuntime
) -> None:
    event = viewer_request({**request, "uri": uri, "headers": {**request["headers"], **more}})
    code = assembled_viewer_request(settings_with({**settings, "splits": [*SPLITS, ONE]}))
    outcome = runtime.run(code, event, store)
    most = MOST_WORK + MOST_WORK_OF_A_SPLIT * (len(SPLITS) + 1)
    assert outcome.work <= most * size_of(event["request"]) + AT_REST
    found = outcome.value
    without = runtime.run(assembled_viewer_request(settings_with(settings)), event).value
    if "statusCode" in without:
        assert found == without
    elif is_refused(without["uri"], event["request"]["headers"]):
        assert is_not_found(found)
    elif models := [model for model, path in TAKES.items() if re.fullmatch(path, without["uri"], re.S)]:
        (model,) = models
        paths_of_versions = [f"/{model}--{version}{without['uri']}" for version in VERSIONS[model]]
        assert found in [{**without, "uri": path} for path in paths_of_versions]
        # What was led to a version is a path to which nobody comes by itself.
        assert is_not_found(runtime.run(code, viewer_request(found), store).value)
    else:
        assert found == without
        assert runtime.run(code, viewer_request(found), store).value == found


# The store

CALLERS = [WORDS["<key>"], WORDS["<other key>"], *(f"{number:048}" for number in range(20))]
SHARES_JS = (SOURCES.parent / "overrides" / "shares.js").read_text(encoding="utf-8")
OVERRIDE_OF = f"const module = {{}};\n{SHARES_JS}\nfunction handler(e) {{ return overrideOf(e.text, e.shares); }}"
"""How the function that writes overrides reads them."""


@given(text=stored)
def test_the_edge_and_who_writes_the_store_read_it_alike(text: str, runtime: EdgeRuntime) -> None:
    split = {"model": "m", "takes": "^/m/", "versions": [*THE_FILES], "shares": [*THE_FILES.values()], "byClient": True}
    code = assembled_viewer_request(settings_with({"splits": [split]}))
    counts = runtime.run(OVERRIDE_OF, {"text": text, "shares": THE_FILES}).value or THE_FILES
    event = viewer_request({"uri": "/m/x"})
    second = [bucket_of("m", caller) < 100 * counts["v2"] for caller in CALLERS]
    expected = [f"/m--{'v2' if each else 'v1'}/m/x" for each in second]
    assert runtime.run_each(code, event, "x-api-key", CALLERS, {"m": text}) == expected


def test_there_is_something_to_be_read_in_what_is_stored(runtime: EdgeRuntime) -> None:
    text = override({"v1": 40, "v2": 60}, instead_of=THE_FILES)
    assert runtime.run(OVERRIDE_OF, {"text": text, "shares": THE_FILES}).value == {"v1": 40, "v2": 60}


# What waits


def test_only_where_models_have_versions_anything_waits(runtime: EdgeRuntime) -> None:
    assert not any(runtime.run(code, viewer_request({})).waited for code in CODES)
    assert runtime.run(assembled_viewer_request(settings_with({"splits": SPLITS})), viewer_request({})).waited


def test_what_waits_holds_no_function_and_waits_in_no_argument() -> None:
    """CloudFront Developer Guide, "Use async and await": neither is supported."""
    code = "\n".join((SOURCES / f"{part}.js").read_text() for part in ("versions", "handler_with_versions"))
    code = re.sub(r"^ *//.*\n", "", code, flags=re.M)
    bodies = re.findall(r"^async function.*?^\}", code, re.M | re.S)
    assert len(bodies) == len(re.findall(r"\basync\b", code)) == 4
    for body in bodies:
        assert body.count("function") == 1
        assert "=>" not in body
        assert not re.search(r"\([^()]*\bawait\b", body)


@pytest.mark.parametrize(
    "path", ["/fraud", "/users/{id}/score", "/files/{rest+}", "/v1.0/$a/{x}/{y}", "/{x}/a/{rest+}"]
)
def test_no_path_of_a_model_is_tried_again_and_again(path: str) -> None:
    expression = expression_of(ServedModel(name="fraud", path=path))
    outside_of_classes = re.sub(r"\[[^\]]*\]", "", expression)
    # Between two repetitions there is a slash, which no variable but the last one takes.
    assert all(re.fullmatch(r"\^?|[\w-]*\$?|\+|\.\+\$|\??\$", part) for part in outside_of_classes.split("/"))
