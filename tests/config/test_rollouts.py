"""Versions of a model as Python builds them, without a file."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ml_gateway.config import GatewayConfig, ModelConfig, RollbackConfig, VersionConfig
from ml_gateway.reading import load_config
from tests.files import SMALL, TOP

V1, V2 = {"url": "https://model.example.com/v1"}, {"url": "https://model.example.com/v2"}


def test_the_example_is_the_same_after_it_was_written_and_read() -> None:
    config = load_config(TOP / "examples" / "rollouts.yaml")
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config


def test_what_versions_leave_out_has_the_documented_defaults() -> None:
    assert ModelConfig(versions={"v1": V1}) == ModelConfig(
        versions={
            "v1": VersionConfig(
                url=V1["url"],
                backend=None,
                target_variant=None,
                inference_component=None,
                target_model=None,
                served_as=None,
                timeout=None,
                insecure=False,
            )
        },
        split={},
        sticky=None,
        choose=None,
        rollback=None,
    )
    assert RollbackConfig(to="v1", errors="2%") == RollbackConfig(to="v1", errors="2%", **{"for": "5m"}, least=50)
    assert RollbackConfig(to="v1", errors="2%").window == timedelta(minutes=5)


def test_versions_stay_as_they_were_checked() -> None:
    model = ModelConfig(versions={"v1": V1, "v2": V2}, split={"v1": 90, "v2": 10})
    with pytest.raises(TypeError):
        model.versions["v3"] = VersionConfig(**V1)  # type: ignore[index]  # as it should be
    with pytest.raises(TypeError):
        model.split["v1"] = 0  # type: ignore[index]  # as it should be
    with pytest.raises(ValidationError):
        model.split = {}  # type: ignore[misc]  # likewise


@pytest.mark.parametrize(
    ("settings", "backends"),
    [
        ({"url": V1["url"]}, ()),
        ({"backend": "a"}, ("a",)),
        ({"versions": {"v1": {"backend": "b"}, "v2": V2, "v3": {"backend": "a"}}}, ("b", "a")),
    ],
)
def test_the_backends_of_a_model_are_those_of_its_versions_too(
    settings: dict[str, Any], backends: tuple[str, ...]
) -> None:
    assert ModelConfig(**settings).backends == backends


def test_a_backend_of_a_version_is_one_that_there_is() -> None:
    model = {"versions": {"v1": V1, "v2": {"backend": "frad"}}, "split": {"v1": 90, "v2": 10}}
    with pytest.raises(ValidationError, match="'frad' is not a backend; define it in backends"):
        GatewayConfig(**{**SMALL, "models": {"fraud": model}})
