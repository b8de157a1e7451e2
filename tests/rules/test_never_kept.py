"""What the edge asks for each time, whatever the file says of caches: lists of models."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import changed, report_on_data
from tests.rules.test_caches import CACHE, URL, get, models

CHAT = {"url": "https://chat.example.com/v1", "protocol": "openai"}


@pytest.mark.parametrize(
    "settings",
    [
        models(a=get("/list/v1/models", "60s")),
        models(a=get("/list/{rest+}", "60s"), b=CHAT),
        models(CACHE, a=get("/list/v1/models"), b=CHAT),
        models(CACHE, a=get("/list/v1/models", "0s"), b=CHAT),
    ],
    ids=["no model lists any", "some requests have another form", "no cache of its own", "keeps nothing"],
)
def test_other_caches_may_be_beside_lists(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


def test_errors_are_kept_beside_models_that_are_never_listed(tmp_path: Path) -> None:
    claude = {"url": URL, "protocol": "anthropic"}
    settings = changed({"models.claude": claude, "edge.cache": CACHE, "edge.error_caching": "10s"})
    assert report_on_data(settings, tmp_path) == []


def test_behaviors_for_what_is_never_kept_are_counted(tmp_path: Path) -> None:
    caches = {f"m{n}": get(f"/m{n}/{{id}}", "60s") for n in range(72)}
    assert report_on_data(models(chat=CHAT, **caches), tmp_path) == []
    assert report_on_data(models(chat=CHAT, more=get("/more/{id}", "60s"), **caches), tmp_path) == [
        "models: their caches make 76 cache behaviors of the distribution (2 for a path that ends without a variable "
        "and 1 for any other, 1 for all the rest, 2 for what is never kept), and CloudFront takes 75; write fewer "
        "caches, or put models in another gateway"
    ]
