"""What a pause of a model means for its routes and for the edge."""

from dataclasses import replace
from typing import Any

import pytest

from tests.design.test_models import meant, model

CACHE = {"default": "1h", "max": "24h"}


@pytest.mark.parametrize("settings", [{}, {"protocol": "openai", "url": "https://a.b/v1"}, {"methods": ["GET"]}])
def test_a_paused_model_differs_in_nothing_else(settings: dict[str, Any]) -> None:
    """Its URLs and how long the edge waits are those that it comes back to."""
    before, paused = meant(model(**settings)), meant(model(paused=True, **settings))
    assert paused.models["predict"].served == replace(before.models["predict"].served, paused=True)
    assert paused.models["predict"].routes == before.models["predict"].routes
    assert paused.edge == before.edge


@pytest.mark.parametrize(
    ("settings", "edge"),
    [({"cache": "60s"}, {}), ({}, {"edge": {"cache": CACHE}}), ({"cache": "0s"}, {"edge": {"cache": CACHE}})],
    ids=["its own", "of all", "none"],
)
def test_nothing_that_is_kept_of_a_paused_model_is_given(settings: dict[str, Any], edge: dict[str, Any]) -> None:
    """Else it would be in place of the 503, for as long as the model is paused."""
    paused = meant(model(paused=True, methods=["GET"], **settings) | edge)
    assert set(paused.edge.model_caches) == {"/predict", "/predict/"}
    assert not any(cache.keeps for cache in paused.edge.model_caches.values())
    assert paused.edge.cache == meant(model(methods=["GET"], **settings) | edge).edge.cache


def test_a_paused_model_that_nothing_is_kept_of_takes_no_cache_behavior() -> None:
    assert meant(model(paused=True) | {"edge": {"cache": CACHE}}).edge.model_caches == {}
