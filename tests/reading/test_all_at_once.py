"""What is wrong at once is told at once: neither many small mistakes nor a large one hide the others."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway import reading
from ml_gateway.config import GatewayConfig
from ml_gateway.reading import load
from tests.files import TOP, changed, report_on_data

URL = "https://model.example.com/invocations"

TYPOS: dict[str, dict[str, Any]] = {
    "unknown keys": {"url": URL, "pth": "/x"},
    "values of the wrong form": {"url": URL, "path": "x"},
    "values that do not fit together": {"url": URL, "protocol": "openai", "methods": ["GET"]},
    "names of nothing": {"backend": "nothing"},
    "nothing at all": {},
    "empty entries": {"url": None},
    "versions of the wrong form": {"versions": {"v1": {"url": "ftp://a"}}},
}


def models(count: int, typos: int, typo: dict[str, Any], **settings: Any) -> dict[str, Any]:
    right = {f"m{number}": {"url": URL, **settings} for number in range(count)}
    return {**right, **{f"typo{number}": typo for number in range(typos)}}


@pytest.mark.parametrize("typo", TYPOS.values(), ids=TYPOS.keys())
def test_thirty_typos_do_not_hide_that_the_file_is_too_large(typo: dict[str, Any], tmp_path: Path) -> None:
    lines = report_on_data(changed({"models": models(300, 30, typo)}), tmp_path)
    assert len([line for line in lines if line.startswith("models.typo")]) == 30
    assert [line for line in lines if "resources of the API, and it takes 300" in line]


@pytest.mark.parametrize("typo", TYPOS.values(), ids=TYPOS.keys())
def test_thirty_typos_do_not_hide_other_limits(typo: dict[str, Any], tmp_path: Path) -> None:
    settings = changed(
        {
            "models": models(40, 30, typo, methods=["GET"], cache="60s"),
            "alerts": {"email": "ops@acme.com", "errors": "1%"},
        }
    )
    lines = report_on_data(settings, tmp_path)
    assert len([line for line in lines if line.startswith("models.typo")]) == 30
    for limit in ("cache behaviors of the distribution", "metric filters of the access log"):
        assert [line for line in lines if limit in line], limit


def test_thirty_colliding_paths_do_not_hide_that_the_file_is_too_large(tmp_path: Path) -> None:
    lines = report_on_data(changed({"models": models(300, 30, {"url": URL, "path": "/same"})}), tmp_path)
    assert len([line for line in lines if "is a path of model 'typo0' too" in line]) == 29
    assert [line for line in lines if "resources of the API, and it takes 300" in line]


def test_a_right_file_is_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    validated: list[Any] = []
    validate = GatewayConfig.model_validate

    def counted(data: Any) -> GatewayConfig:
        validated.append(data)
        return validate(data)

    monkeypatch.setattr(GatewayConfig, "model_validate", counted)
    assert load(TOP / "gateway.yaml").config.name == "acme-ml"
    assert len(validated) == 1
    assert reading.load is load
