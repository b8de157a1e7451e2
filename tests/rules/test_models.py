"""Models beside their backends, the edge and each other: what is served."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import BACKENDS, behind, changed, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}


def model(**settings: Any) -> dict[str, Any]:
    """The small file with these settings of its model beside the url."""
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


@pytest.mark.parametrize(
    "settings",
    [
        *(behind(kind) for kind in BACKENDS),
        *(behind(kind, {"path": "/a/{id}/{proxy+}", "stream": True}) for kind in ("lambda", "load_balancer")),
        *(
            behind(kind, {"protocol": protocol})
            for kind in ("http", "lambda", "load_balancer")
            for protocol in ("openai", "anthropic", "oip-v2", "tfserving", "torchserve")
        ),
        behind("sagemaker", {"protocol": "sagemaker", "stream": False}),
        behind("sagemaker", {"methods": ["POST"]}),
        *(behind(kind, {"methods": ["GET"], "backend_method": "POST"}) for kind in ("http", "load_balancer")),
        behind("http", {"path": "/x/{id}/{proxy+}"}, url="https://a.b/{proxy}/b-{id}?c=d"),
        behind("http", url="https://a.b/?c=d"),
        model(methods=["GET", "POST"], stream=True),
        {**model(methods=["POST"], stream=True), "edge": {"cache": CACHE}},
        {**model(methods=["GET", "POST"], stream=True, cache="0s"), "edge": {"cache": CACHE}},
        {**model(protocol="openai"), "edge": {"cache": CACHE}},
        model(timeout="15m", stream=True),
        model(timeout="15m", protocol="openai"),
        {**model(timeout="2m"), "service_quotas": {"integration_timeout": "2m"}},
        {**model(timeout="15m"), "service_quotas": {"integration_timeout": "15m", "response_timeout": "15m"}},
        changed({"models.a": {"url": URL, "path": "/predict", "methods": ["GET"]}}),
        changed({"models.predict.protocol": "openai", "models.a": {"url": URL, "path": "/predict"}}),
        changed(
            {
                "models.predict": {"url": URL, "path": "/llm", "protocol": "openai"},
                "models.a": {"url": URL, "path": "/llm", "protocol": "anthropic"},
            }
        ),
    ],
)
def test_what_can_be_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []
