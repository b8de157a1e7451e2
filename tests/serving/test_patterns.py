"""Path patterns beside routes: shown against all short requests, matched by other means."""

import re
from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.serving import ProtocolName, ServedModel, answers, shared_request, specificity
from ml_gateway.serving.patterns import pattern_of

REQUESTS = ["/" + "/".join(parts) for length in range(1, 7) for parts in product("abc", repeat=length)]
"""All requests of up to six parts; `c` is in no path below, so it stands for any other part."""

PARTS = st.lists(st.sampled_from(["a", "b", "{x}"]), min_size=1, max_size=3)
PATHS = st.tuples(PARTS, st.sampled_from(["", "/{p+}"])).map(lambda path: "/" + "/".join(path[0]) + path[1])


def is_answered(path: str, request: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\{x\}", "[^/]+", path).replace("{p+}", ".+"), request))


@pytest.mark.parametrize(
    ("protocol", "path", "patterns"),
    [
        ("raw", "/fraud", ("/fraud", "/fraud/")),
        ("raw", "/fraud/{id}", ("/fraud/*",)),
        ("raw", "/{tenant}/scores/{id}/last", ("/*/scores/*/last", "/*/scores/*/last/")),
        ("raw", "/files/{proxy+}", ("/files/*",)),
        ("openai", "/llama", ("/llama/*",)),
    ],
)
def test_a_model_is_known_by_its_path_patterns(protocol: ProtocolName, path: str, patterns: tuple[str, ...]) -> None:
    serving = ServedModel(name="x", path=path, protocol=protocol)
    assert serving.path_patterns == patterns
    assert serving.path_pattern == patterns[0]


@pytest.mark.parametrize("protocol", ["openai", "anthropic", "oip-v2", "tfserving", "torchserve", "sagemaker"])
def test_the_pattern_of_a_protocol_takes_all_its_routes(protocol: ProtocolName) -> None:
    serving = ServedModel(name="m", path="/x", protocol=protocol)
    routes = serving.routes
    assert routes
    assert all(fnmatchcase(pattern_of(route.path), serving.path_pattern) for route in routes)


@given(PATHS, st.sampled_from(REQUESTS))
def test_the_pattern_of_a_path_takes_what_its_route_answers(path: str, request: str) -> None:
    assert answers(path, request) == is_answered(path, request)
    assert fnmatchcase(request, pattern_of(path)) or not answers(path, request)


@given(PATHS, PATHS)
def test_a_pattern_within_another_one_is_tried_before_it(one: str, other: str) -> None:
    inner, outer = pattern_of(one), pattern_of(other)
    if fnmatchcase(inner, outer) and inner != outer and "/*/" not in outer:
        assert specificity(inner) < specificity(outer)


def test_patterns_are_tried_part_by_part_literals_first() -> None:
    patterns = ["/*", "/a/*", "/*/b", "/a/*/c", "/a/b", "/a/b/", "/a", "/a/b/*"]
    assert sorted(patterns, key=specificity) == ["/a/b/", "/a/b/*", "/a/b", "/a/*/c", "/a/*", "/a", "/*/b", "/*"]


@given(taker=PATHS, path=PATHS, slash=st.booleans())
def test_a_shared_request_is_found_if_there_is_one(taker: str, path: str, slash: bool) -> None:
    """Requests that API Gateway answers by the pattern's own route do not count."""
    shared = [
        request
        for request in REQUESTS
        if is_answered(path, request)
        and not (specificity(taker) < specificity(path) and is_answered(taker, request))
        and fnmatchcase(request + "/" * slash, pattern_of(taker))
    ]
    found = shared_request(pattern_of(taker), path, own=taker, slash=slash)
    # The shortest has six parts at most: for one path it fills the wildcard of the other, and then the other way round.
    if found is None:
        assert shared == []
    elif taker.count("{") < 2:
        assert shared


@pytest.mark.parametrize(
    ("pattern", "path", "slash", "request_taken"),
    [
        ("/a/*", "/a/b", False, "/a/b"),
        ("/a/*", "/a/b", True, "/a/b/"),
        ("/a/*", "/a", False, None),
        ("/a/*", "/a", True, "/a/"),
        ("/a/b", "/a/{id}", False, "/a/b"),
        ("/models/*/labels", "/models/{id}", False, None),
        ("/a/*", "/{proxy+}", False, "/a/{proxy+}"),
        ("/llama/*", "/{proxy+}", False, "/llama/{proxy+}"),
        ("/a/*", "/a/{id}/b/{version}", False, "/a/{id}/b/{version}"),
        ("/*/b", "/a/{id}", False, "/a/b"),
        ("/a/*/c/d", "/a/{x}/d", False, None),
    ],
)
def test_a_shared_request_is_shown_with_what_either_spells_out(
    pattern: str, path: str, slash: bool, request_taken: str | None
) -> None:
    assert shared_request(pattern, path, slash=slash) == request_taken


@pytest.mark.parametrize(
    ("own", "path", "counts"),
    [
        ("/models/popular", "/models/{id}", False),
        ("/fraud/{id}", "/{tenant}/score", False),
        ("/fraud/{id}", "/fraud/health", True),
        ("/fraud/{id}", "/{tenant}/score/{id}", True),
        ("/fraud/{id}", "/{rest+}", True),
        ("/fraud", "/{rest+}", False),
    ],
)
def test_a_request_that_the_cached_route_itself_answers_does_not_count(own: str, path: str, counts: bool) -> None:
    pattern = pattern_of(own)
    assert shared_request(pattern, path) is not None
    assert (shared_request(pattern, path, own=own) is not None) == counts


def test_very_long_paths_are_compared() -> None:
    path = "/a" * 1500
    assert answers(path, path)
    assert not answers(path, f"{path}/b")
