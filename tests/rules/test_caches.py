"""What the edge keeps for single models, beside what it keeps for others."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import changed, report_on_data
from tests.files import get as model_at

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}


def get(path: str, cache: Any = None) -> dict[str, Any]:
    """A model of GET at `path`, with that cache."""
    return model_at(path, **({} if cache is None else {"cache": cache}))


def models(cache: Any = None, /, **entries: dict[str, Any]) -> dict[str, Any]:
    """The small file with these models, and with that cache of the edge."""
    return changed({"models": entries, **({} if cache is None else {"edge.cache": cache})})


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
