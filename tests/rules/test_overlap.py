"""Path patterns of caches: how many, in which order, and that each request is kept as its model says."""

from datetime import timedelta
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import CacheConfig, GatewayConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.rules import overlap
from ml_gateway.serving import answers, specificity
from tests.files import CLIENTS, SMALL, changed, report_on_data
from tests.files import get as model_at

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}


def get(path: str, cache: Any = None) -> dict[str, Any]:
    """A model of GET at `path`, with that cache."""
    return model_at(path, **({} if cache is None else {"cache": cache}))


def models(cache: Any = None, /, **entries: dict[str, Any]) -> dict[str, Any]:
    """The small file with these models, and with that cache of the edge."""
    return changed({"models": entries, **({} if cache is None else {"edge.cache": cache})})


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
    settings = models(usual, **{f"m{number}": get(path, cache) for number, (path, cache) in enumerate(caches.items())})
    config = GatewayConfig(**settings)
    design = GatewayDesign.of(config)
    if any(overlap.requests_of_another_model.find(config, design)):
        return
    entries = {model.served.path: model for model in design.models.values()}
    default, patterns = design.edge.cache, design.edge.model_caches
    for request in REQUESTS:
        answering = min((path for path in entries if answers(path, request)), key=specificity, default=None)
        for sent in (request, f"{request}/") if answering else ():
            found = next((cache for pattern, cache in patterns.items() if fnmatchcase(sent, pattern)), default)
            said = entries[str(answering)].cache or default
            assert kept_for(found) == kept_for(said), sent


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
def test_a_thousand_models_on_paths_of_their_own_do_not_meet(path: str) -> None:
    entries = many(1000, path)
    for name in list(entries)[37:]:
        del entries[name]["cache"]
    config = GatewayConfig(**changed({"models": entries}))
    assert list(overlap.requests_of_another_model.find(config, GatewayDesign.of(config))) == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/{{a}}/m{n}/{{b}}/{{c}}/{{d}}", 30),
        ("/{{a}}/m{n}/{{b}}/x{n}/{{c}}/y/{{d}}", 30),
        ("/{{a}}/{{b}}/{{c}}/{{d}}/m{n}", 0),
    ],
)
def test_each_of_thirty_caches_that_meet_is_told_once(tmp_path: Path, path: str, told: int) -> None:
    settings = models(**{f"m{n}": get(path.format(n=n), f"{n % 19 + 1}s") for n in range(30)})
    assert len(report_on_data(settings, tmp_path)) == told


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
    assert list(GatewayDesign.of(config).edge.model_caches.items()) == [
        ("/a/b/", CacheConfig(default="0s", max="0s")),
        ("/a/", CacheConfig(default="5s", max="5s")),
        ("/a/b", CacheConfig(default="0s", max="0s")),
        ("/a/*", CacheConfig(default="1s", max="1s")),
        ("/c/*", CacheConfig(default="3s", max="3s")),
        ("/a", CacheConfig(default="5s", max="5s")),
    ]


def test_without_caches_of_models_there_is_no_pattern() -> None:
    for settings in (SMALL, changed({**CLIENTS, "edge.cache": CACHE})):
        assert GatewayDesign.of(GatewayConfig(**settings)).edge.model_caches == {}
