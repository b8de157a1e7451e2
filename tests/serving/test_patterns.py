"""Path patterns beside routes: shown against all short requests, matched by other means."""

import re
from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.serving import ProtocolName, ServedModel, answers, specificity, stray_request
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
def test_a_stray_request_is_found_if_there_is_one(taker: str, path: str, slash: bool) -> None:
    end = "/" * slash
    strays = [
        request
        for request in REQUESTS
        if is_answered(path, request)
        and not (specificity(taker) < specificity(path) and is_answered(taker, request))
        and fnmatchcase(request + end, pattern_of(taker))
    ]
    found = stray_request(pattern_of(taker), path, [taker], slash=slash)
    # The shortest has six parts at most: for one path it fills the wildcard of the other, and then the other way round.
    if found is None:
        assert strays == []
    else:
        request = re.sub(r"\{[^/]+\}|\.\.\.", "c", found.removesuffix(end))
        assert request in strays
        assert len(request) == min(map(len, strays))


@pytest.mark.parametrize(
    ("pattern", "path", "own", "slash", "request_taken"),
    [
        ("/a/*", "/a/b", ["/a/{id}"], False, "/a/b"),
        ("/a/*", "/a/b", ["/a/{id}"], True, "/a/b/"),
        ("/a/*", "/a", ["/a/{id}"], False, None),
        ("/a/*", "/a", ["/a/{id}"], True, "/a/"),
        ("/a/b", "/a/{id}", ["/a/b"], False, None),
        ("/models/*/labels", "/models/{id}", [], False, None),
        ("/a/*", "/{proxy+}", ["/a/{id}"], False, "/a/.../..."),
        ("/llama/*", "/{proxy+}", ["/llama/v2"], False, "/llama/..."),
        ("/a/*", "/a/{id}/b/{version}", ["/a/{id}"], False, "/a/{id}/b/{version}"),
        ("/a/*", "/a/{id}/{proxy+}", ["/a/{id}"], False, "/a/{id}/{proxy+}"),
        ("/a/*/b", "/{tenant}/{id}/{proxy+}", ["/a/{id}/b"], True, None),
        ("/*/b", "/a/{id}", ["/{x}/b"], False, "/a/b"),
        ("/a/*", "/{x}/b", ["/a/{id}"], False, None),
        ("/*/b/*", "/{t}/{x}/{y}", ["/{t}/b/{y}"], False, None),
        ("/*/b/*", "/{t}/{x}/{y}", ["/{t}/b/{y}"], True, "/{t}/{x}/b/"),
        ("/a/*/c/d", "/a/{x}/d", ["/a/{x}/c/d"], False, None),
    ],
)
def test_a_stray_request_is_shown_as_short_as_it_can_be(
    pattern: str, path: str, own: list[str], slash: bool, request_taken: str | None
) -> None:
    assert stray_request(pattern, path, own, slash=slash) == request_taken


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
    assert stray_request(pattern, path, [], slash=False) is not None
    assert any(stray_request(pattern, path, [own], slash=slash) for slash in (False, True)) == counts


def test_very_long_paths_are_compared() -> None:
    path = "/a" * 1500
    assert answers(path, path)
    assert not answers(path, f"{path}/b")
