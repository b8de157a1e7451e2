"""What the edge keeps for single models: what is refused, in which order patterns are tried, and what fits."""

from datetime import timedelta
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import CacheConfig, GatewayConfig, ModelConfig
from ml_gateway.config.cache_rules import neighbour_conflicts, ordered_caches
from ml_gateway.routes import answers, specificity
from tests.config.files import CLIENTS, SMALL, changed, gateway, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
NO_EFFECT = (
    "has no effect: CloudFront keeps answers to GET and HEAD alone, never to POST, and no such request reaches this "
    "model"
)


def get(path: str, cache: Any = None) -> dict[str, Any]:
    """A model of GET at `path`, with that cache."""
    return {"url": URL, "path": path, "methods": ["GET"], **({} if cache is None else {"cache": cache})}


def models(cache: Any = None, /, **entries: dict[str, Any]) -> dict[str, Any]:
    """The small file with these models, and with that cache of the edge."""
    return changed({"models": entries, **({} if cache is None else {"edge.cache": cache})})


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        # where nothing can be kept
        (
            changed({"models.predict.cache": "60s"}),
            [f"predict.cache: {NO_EFFECT}; add GET to methods, or leave the line out"],
        ),
        (
            changed({"models.predict.cache": "0s", "edge.cache": CACHE}),
            [f"predict.cache: {NO_EFFECT}; add GET to methods, or leave the line out"],
        ),
        *(
            (
                models(a={"url": URL, "protocol": protocol, "cache": "60s"}),
                [f"a.cache: {NO_EFFECT}; leave the line out"],
            )
            # The list of models that openai has is the gateway's own answer.
            for protocol in ("openai", "anthropic")
        ),
        # what holds anyway
        (
            models(a=get("/a", "0s")),
            ["a.cache: 0s has no effect without edge.cache, as nothing is kept then; leave the line out"],
        ),
        (models(CACHE, a=get("/a", CACHE)), ["a.cache: is what edge.cache says for all models; leave the line out"]),
        (
            models("60s", a=get("/a", {"default": "60s", "max": "60s"})),
            ["a.cache: is what edge.cache says for all models; leave the line out"],
        ),
        # what is kept for others, too
        (
            models(a=get("/a/{id}", "60s"), b=get("/a/b")),
            [
                "a.cache: takes '/a/b' of model 'b' along, which has no cache of its own; write one there (0s "
                "keeps nothing), or give one of them another path"
            ],
        ),
        (
            models(a=get("/a/{id}", "60s"), b=get("/a")),
            [
                "a.cache: takes '/a/' of model 'b' along, which has no cache of its own; write one there (0s "
                "keeps nothing), or give one of them another path"
            ],
        ),
        (
            models(CACHE, a=get("/a/{id}", "0s"), b=get("/a/{id}/b/{c}")),
            [
                "a.cache: takes '/a/{id}/b/{c}' of model 'b' along, which has no cache of its own; write one "
                "there (0s keeps nothing), or give one of them another path"
            ],
        ),
        (
            models(a={"url": URL, "protocol": "oip-v2", "path": "/a", "cache": "60s"}, b=get("/a/x")),
            [
                "a.cache: takes '/a/x' of model 'b' along, which has no cache of its own; write one there (0s "
                "keeps nothing), or give one of them another path"
            ],
        ),
        (
            models(a=get("/a/{id}", "60s"), b=get("/{rest+}", "30s")),
            [
                "a.cache: takes '/a/.../...' of model 'b' along, which has another cache; write the same in "
                "both, or give one of them another path"
            ],
        ),
        (
            models(a=get("/a/{x}", "60s"), b=get("/{x}/b/{y}", "30s")),
            [
                "a.cache: takes '/a/b/{y}' of model 'b' along, which has another cache; write the same in both, "
                "or give one of them another path"
            ],
        ),
        # limits of CloudFront
        (
            models(a=get("/" + "a" * 255, "60s")),
            [
                "a.cache: needs a path pattern of 257 characters, and CloudFront takes 255; write a shorter "
                "path, or leave the line out"
            ],
        ),
        (
            models(a=get("/a", {**CACHE, "headers": [f"X-{n}" for n in range(9)]})),
            ["a.cache.headers: 9 entries are too many; keep at most 8"],
        ),
        (
            gateway({"models.predict": get("/a", {**CACHE, "headers": [f"X-{n}" for n in range(8)]})}),
            [
                "predict.cache.headers: 8 entries are too many beside x-api-key, which clients add to the cache "
                "key; keep at most 7"
            ],
        ),
        # the value itself
        (
            models(a=get("/a", "60")),
            ["a.cache: '60' has no unit; write a whole number and ms, s, m, h or d, such as 29s"],
        ),
        (
            models(a=get("/a", "1500ms")),
            ["a.cache: 1500ms is not a lifetime of CloudFront; write whole seconds, such as 1s"],
        ),
        (models(a=get("/a", ["60s"])), ["a.cache: a list is not a quantity; write a number and a unit, such as 60s"]),
        (
            models(a={"url": URL, "methods": ["GET"], "cache": None}),
            ["a.cache: empty; write cache: 60s or leave the line out"],
        ),
        (
            models(CACHE, a=get("/a", {"default": "0s", "max": "0s", "headers": ["X-A"]})),
            ["a.cache.headers: has no effect beside a max of 0s, which keeps nothing; leave the line out"],
        ),
        (
            models(a=get("/a", {"default": "2h", "max": "1h"})),
            ["a.cache.default: 2h is longer than max; write at most 1h"],
        ),
    ],
)
def test_a_cache_that_could_not_be_or_would_do_nothing_is_refused(
    tmp_path: Path, settings: dict[str, Any], lines: list[str]
) -> None:
    assert report_on_data(settings, tmp_path) == [f"models.{line}" for line in lines]


@pytest.mark.parametrize(
    "settings",
    [
        models(a=get("/a", "60s")),
        models(a={**get("/a", "60s"), "methods": ["HEAD", "POST"]}),
        models(CACHE, a=get("/a", "0s")),
        models(CACHE, a=get("/a", {**CACHE, "headers": ["X-A"]})),
        models(a={"url": URL, "protocol": "oip-v2", "cache": "60s"}),
        # Another model has an answer to the same request that is never kept, or is kept in the same way.
        models(a=get("/a/{id}", "60s"), b={"url": URL, "path": "/a/b"}),
        models(a=get("/a/{id}", "60s"), b={"url": URL, "path": "/a/b", "protocol": "openai"}),
        models(a=get("/a/{id}", "60s"), b=get("/a/b", "60s")),
        models("1h", a=get("/a/{id}", "0s"), b=get("/a/b", "0s")),
        # Its pattern is tried first.
        models(a=get("/a/{id}", "60s"), b=get("/a/b", "0s")),
        models(a=get("/a/{id}", "60s"), b=get("/a", "0s")),
        models(CACHE, a=get("/a/{id}", "60s"), b=get("/a/b", CACHE)),
        models(a=get("/{x}/b", "60s"), b=get("/a/{y}", "30s")),
        # API Gateway asks the model whose path is literal.
        models(a=get("/a/b", "60s"), b=get("/a/{id}")),
        models(a=get("/a", "60s"), b=get("/a1")),
    ],
)
def test_a_cache_may_be_beside_others(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


def test_of_two_models_each_pattern_is_told_once(tmp_path: Path) -> None:
    settings = models(
        a={"url": URL, "protocol": "oip-v2", "path": "/a", "cache": "60s"},
        b={"url": URL, "protocol": "oip-v2", "path": "/a/b"},
    )
    assert report_on_data(settings, tmp_path) == [
        "models.a.cache: takes '/a/b/v2' of model 'b' along, which has no cache of its own; write one there (0s keeps "
        "nothing), or give one of them another path"
    ]


def test_of_each_cache_one_neighbour_is_told(tmp_path: Path) -> None:
    settings = models(a=get("/a/{id}", "60s"), b=get("/a/b"), c=get("/a/c"), d=get("/d/{id}", "0s"))
    settings["models"]["d"]["cache"] = "30s"
    settings["models"]["e"] = get("/d/e/{n}")
    assert report_on_data(settings, tmp_path) == [
        f"models.{line} along, which has no cache of its own; write one there (0s keeps nothing), or give one of them "
        "another path"
        for line in ("a.cache: takes '/a/b' of model 'b'", "d.cache: takes '/d/e/{n}' of model 'e'")
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"models.a": get("/a", "60"), "models.b": get("/a/b")}, "models.a.cache"),
        ({"models.a": get("/a/{id}", "60s"), "models.b": get("/a/b", "60")}, "models.b.cache"),
        ({"models.a": {**get("/a/{id}", "60s"), "methods": ["GTE"]}}, "models.a.methods[0]"),
        ({"models.a": get("/a", "0s"), "edge.cache": {"default": "1h"}}, "edge.cache.max"),
        ({"models.a": get("/a", "0s"), "edge.cache": "0s"}, "edge.cache"),
        ({"models.a": {**get("/a", "60s"), "protocol": "opnai"}}, "models.a.protocol"),
    ],
)
def test_what_only_follows_from_another_problem_is_not_told(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    assert [line.partition(": ")[0] for line in report_on_data(changed(changes), tmp_path)] == [place]


PARTS = st.lists(st.sampled_from(["a", "b", "{x}"]), min_size=1, max_size=3)
PATHS = st.tuples(PARTS, st.sampled_from(["", "/{p+}"])).map(
    lambda path: "".join(f"/{part.replace('x', f'x{position}')}" for position, part in enumerate(path[0])) + path[1]
)
REQUESTS = ["/" + "/".join(parts) for length in range(1, 6) for parts in product("abc", repeat=length)]


def kept_for(cache: CacheConfig | None) -> timedelta:
    return timedelta(0) if cache is None else cache.max


@given(
    st.dictionaries(PATHS, st.sampled_from([None, None, "0s", "30s", "60s"]), min_size=2, max_size=3),
    st.sampled_from([None, "60s"]),
)
def test_what_is_not_refused_keeps_each_request_as_the_model_says_that_answers_it(
    caches: dict[str, str | None], usual: str | None
) -> None:
    """API Gateway is taken to choose the most specific of all routes that answer, CloudFront the first pattern."""
    entries = {path: ModelConfig(**get(path, cache)) for path, cache in caches.items()}
    routes = {path: model.serving(path).routes() for path, model in entries.items()}
    default = None if usual is None else CacheConfig.model_validate(usual)
    if any(" along" in str(conflict) for conflict in neighbour_conflicts(entries, routes, default)):
        return
    patterns = ordered_caches(entries)
    for request in REQUESTS:
        answering = min((path for path in entries if answers(path, request)), key=specificity, default=None)
        for sent in (request, f"{request}/") if answering else ():
            found = next((cache for pattern, cache in patterns.items() if fnmatchcase(sent, pattern)), default)
            said = entries[str(answering)].cache or default
            assert kept_for(found) == kept_for(said), sent


# How many


def many(count: int, path: str = "/m{n}/{id}") -> dict[str, Any]:
    return {f"m{n}": get(path.replace("{n}", str(n)), "60s") for n in range(count)}


@pytest.mark.parametrize(("path", "most", "each"), [("/m{n}/{id}", 74, 1), ("/m{n}", 37, 2)])
def test_a_distribution_takes_75_cache_behaviors(tmp_path: Path, path: str, most: int, each: int) -> None:
    assert report_on_data(models(**many(most, path)), tmp_path) == []
    assert report_on_data(models(**many(most + 1, path)), tmp_path) == [
        f"models: their caches make {1 + each * (most + 1)} cache behaviors of the distribution (2 for a "
        f"path that ends "
        "without a variable and 1 for any other, 1 for all the rest), and CloudFront takes 75; write "
        "fewer caches, or put "
        "models in another gateway"
    ]


def test_an_account_takes_20_cache_policies(tmp_path: Path) -> None:
    caches = {f"m{n}": get(f"/m{n}", f"{n}s") for n in range(21)}
    assert report_on_data(models(**{**caches, "m20": get("/m20", "19s"), "m0": get("/m0", "1s")}), tmp_path) == []
    assert report_on_data(models(CACHE, **caches), tmp_path) == [
        "models: they and edge.cache have 21 different caches, each a cache policy, and CloudFront takes 20 in an "
        "account; write the same cache in more models"
    ]


@pytest.mark.parametrize("path", ["/v1/m{n}/{id}", "/{tenant}/m{n}", "/m{n}"])
def test_a_thousand_models_are_compared_in_well_below_a_second(path: str) -> None:
    entries = many(1000, path)
    for name in list(entries)[37:]:
        del entries[name]["cache"]
    values = {name: ModelConfig(**entry) for name, entry in entries.items()}
    routes = {name: model.serving(name).routes() for name, model in values.items()}
    before = process_time()
    assert list(neighbour_conflicts(values, routes, None)) == []
    assert process_time() - before < 1


@pytest.mark.parametrize(
    "path", ["/{{a}}/m{n}/{{b}}/{{c}}/{{d}}", "/{{a}}/m{n}/{{b}}/x{n}/{{c}}/y/{{d}}", "/{{a}}/{{b}}/{{c}}/{{d}}/m{n}"]
)
def test_thirty_caches_with_four_variables_each_are_compared_in_no_time(tmp_path: Path, path: str) -> None:
    settings = models(**{f"m{n}": get(path.format(n=n), f"{n % 19 + 1}s") for n in range(30)})
    before = process_time()
    lines = report_on_data(settings, tmp_path)
    assert process_time() - before < 0.3
    assert len(lines) in (0, 30)


# The values


def test_a_cache_has_a_short_form() -> None:
    assert CacheConfig.model_validate("60s") == CacheConfig(default="60s", max="60s")
    assert CacheConfig.model_validate(CacheConfig(default="1h", max="2h")) == CacheConfig(default="1h", max="2h")
    assert CacheConfig.model_validate("0s").keeps is False
    assert CacheConfig.model_validate({"default": "0s", "max": "1s"}).keeps is True


@pytest.mark.parametrize("cache", ["60s", CACHE, {**CACHE, "headers": ["X-A"]}])
def test_what_is_dumped_of_a_cache_can_be_validated_again(cache: Any) -> None:
    config = GatewayConfig(**models(a=get("/a", cache)))
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config


def test_patterns_are_tried_with_the_most_specific_first() -> None:
    config = GatewayConfig(
        **models(
            CACHE,
            one=get("/a/{id}", "1s"),
            two=get("/a/b", "0s"),
            three={"url": URL, "path": "/c", "protocol": "oip-v2", "cache": "3s"},
            four=get("/d"),
            five=get("/a", "5s"),
        )
    )
    assert list(config.model_caches.items()) == [
        ("/a/b/", CacheConfig(default="0s", max="0s")),
        ("/a/", CacheConfig(default="5s", max="5s")),
        ("/a/b", CacheConfig(default="0s", max="0s")),
        ("/a/*", CacheConfig(default="1s", max="1s")),
        ("/c/*", CacheConfig(default="3s", max="3s")),
        ("/a", CacheConfig(default="5s", max="5s")),
    ]


def test_without_caches_of_models_there_is_no_pattern() -> None:
    assert GatewayConfig(**SMALL).model_caches == {}
    assert GatewayConfig(**changed({**CLIENTS, "edge.cache": CACHE})).model_caches == {}
