"""What the edge keeps for single models: what is refused, in which order patterns are tried, and what fits."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import changed, gateway, report_on_data
from tests.files import get as model_at

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}

NO_EFFECT = (
    "has no effect: CloudFront keeps answers to GET and HEAD alone, never to POST, and no such request reaches this "
    "model"
)


def get(path: str, cache: Any = None) -> dict[str, Any]:
    """A model of GET at `path`, with that cache."""
    return model_at(path, **({} if cache is None else {"cache": cache}))


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
            # The list of models that openai has is asked for each time.
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
