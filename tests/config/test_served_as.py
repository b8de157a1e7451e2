"""What a model's server calls it: which names paths can have, where they stand, and what leads to the setting."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign
from tests.files import changed, report_on_data

URL = "https://server.example.com"
BASES = {"openai": f"{URL}/v1"}
KEY_FORM = "write up to 63 lower-case letters and digits, a letter first, with single hyphens in between"


def served(protocol: str, name: Any, **settings: Any) -> dict[str, Any]:
    """The small file with its model served by that protocol, under that name."""
    model = {"url": BASES.get(protocol, URL), "protocol": protocol, "served_as": name, **settings}
    return changed({"models": {"densenet": model}})


def paths(settings: dict[str, Any]) -> set[str]:
    routes = GatewayDesign.of(GatewayConfig(**settings)).routes
    return {route.path for each in routes.values() for route in each}


@pytest.mark.parametrize(
    "name", ["densenet_onnx", "half_plus_two", "gpt-3.5-turbo", "Qwen2.5-7B", "llama3:8b", "7", "a"]
)
@pytest.mark.parametrize(
    ("protocol", "path"),
    [
        ("oip-v2", "/densenet/v2/models/{}/infer"),
        ("tfserving", "/densenet/v1/models/{}:predict"),
        ("torchserve", "/densenet/predictions/{}"),
    ],
)
def test_callers_name_the_model_as_its_server_does(tmp_path: Path, protocol: str, path: str, name: str) -> None:
    settings = served(protocol, name)
    assert report_on_data(settings, tmp_path) == []
    assert path.format(name) in paths(settings)


@pytest.mark.parametrize("name", ["gpt-3.5-turbo", "Qwen/Qwen2.5-7B", "a/b/c"])
def test_an_id_of_openai_may_have_slashes(tmp_path: Path, name: str) -> None:
    assert report_on_data(served("openai", name), tmp_path) == []


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("densenet_onnx", "densenet-onnx"),
        ("half_plus_two", "half-plus-two"),
        ("gpt-3.5-turbo", "gpt-3-5-turbo"),
        ("Qwen2.5-7B", "qwen2-5-7b"),
    ],
)
@pytest.mark.parametrize("protocol", ["openai", "oip-v2", "tfserving", "torchserve"])
def test_a_key_that_is_the_name_at_the_server_leads_to_served_as(
    tmp_path: Path, protocol: str, key: str, own: str
) -> None:
    model = {"url": BASES.get(protocol, URL), "protocol": protocol}
    models = changed({"models": {}})
    models["models"][key] = model
    (told,) = report_on_data(models, tmp_path)
    assert told == (
        f"models.{key}: {key!r} is not a name; {KEY_FORM}: here {own}, and below it served_as: {key}, which is what "
        "its server calls it"
    )
    models["models"] = {own: {**model, "served_as": key}}
    assert report_on_data(models, tmp_path) == []


def test_one_server_has_several_models_below_one_path(tmp_path: Path) -> None:
    models = {
        name: {"url": URL, "protocol": "tfserving", "path": "/shop", "served_as": f"{name}_v2"} for name in ("a", "b")
    }
    settings = changed({"models": models})
    assert report_on_data(settings, tmp_path) == []
    assert {"/shop/v1/models/a_v2:predict", "/shop/v1/models/b_v2:predict"} <= paths(settings)
