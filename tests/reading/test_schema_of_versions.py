"""gateway.schema.json, continued: versions of a model."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ml_gateway.reading import load_config
from ml_gateway.reading.schema import rendered_schema
from tests.files import BACKENDS, CLIENTS, MISSING, TOP, changed, report_on_data

EDITOR = Draft202012Validator(json.loads(rendered_schema()))

V1, V2 = {"url": "https://model.example.com/v1"}, {"url": "https://model.example.com/v2"}
VERSIONED = changed({"models.predict": {"versions": {"v1": V1, "v2": V2}, "split": {"v1": 90, "v2": 10}}})
ENDPOINT = {"backends.b": BACKENDS["sagemaker"]}
ALERTS = {"email": "ops@acme.com", "errors": "1%"}


def predict(**settings: Any) -> dict[str, Any]:
    return {f"models.predict.{setting}": value for setting, value in settings.items()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        predict(versions={"v1": V1}, split=MISSING),
        predict(versions={"v1": V1, "v2": V2, "v-3": V2}, split={"v1": 100, "v2": 0, "v-3": 0}),
        predict(sticky="header:X-User-Id", choose="X-Model-Version"),
        {**CLIENTS, **predict(sticky="client")},
        *(
            {"alerts": ALERTS, **predict(rollback={"to": "v1", "errors": "0.5%", **rollback})}
            for rollback in ({}, {"for": "1h", "least": 1}, {"for": "300s"})
        ),
        {**ENDPOINT, **predict(versions={"v1": V1, "v2": {"backend": "b", "target_variant": "b", "timeout": "50ms"}})},
        {**ENDPOINT, **predict(versions={"v1": V1, "v2": {"backend": "b", "inference_component": "b"}})},
        {**ENDPOINT, **predict(versions={"v1": V1, "v2": {"backend": "b", "target_model": "b/c.tar.gz"}})},
        predict(versions={"v1": V1, "v2": {"url": "http://a.b/", "insecure": True}}),
        predict(protocol="oip-v2",
                versions={"v1": {"url": "https://a.b"}, "v2": {"url": "https://a.b", "served_as": "b"}}),
    ],
)  # fmt: skip
def test_what_is_right_passes_in_an_editor_and_when_loaded(tmp_path: Path, changes: dict[str, Any]) -> None:
    data = changed(changes, VERSIONED)
    assert list(EDITOR.iter_errors(data)) == []
    assert report_on_data(data, tmp_path) == []


def test_the_example_passes_in_an_editor() -> None:
    assert list(EDITOR.iter_errors(yaml.safe_load((TOP / "examples" / "rollouts.yaml").read_text()))) == []


@pytest.mark.parametrize(
    "changes",
    [
        predict(url="https://model.example.com/invocations"),
        {**ENDPOINT, **predict(backend="b")},
        *(
            predict(versions=versions)
            for versions in (None, [], ["v1", "v2"], "v1", {"V1": V1, "v2": V2}, {"v--1": V1}, {"v1": None, "v2": V2},
                             {"v1": "https://a.b", "v2": V2}, {"v1": {}, "v2": V2}, dict.fromkeys("abcd", V1))
        ),
        *(
            predict(versions={"v1": V1, "v2": version})
            for version in ({**V2, "backend": "b"}, {**V2, "path": "/x"}, {**V2, "timeout": 5}, {**V2, "weight": 1},
                            {"url": "ftp://a"}, {"backend": "b", "target_variant": "a b"}, {**V2, "insecure": "yes"},
                            {**V2, "served_as": "a b"})
        ),
        *(
            predict(split=split)
            for split in (None, [90, 10], "90/10", {"v1": 90.5, "v2": 10}, {"v1": "90%", "v2": "10%"},
                          {"v1": -1, "v2": 100}, {"v1": 101, "v2": 0}, {"v1": None, "v2": 10}, {"V1": 90, "v2": 10})
        ),
        *(predict(sticky=sticky) for sticky in (None, "x-user-id", "header:", "header:a b", "cookie:a", True)),
        *(predict(choose=choose) for choose in (None, "a b", "", True)),
        *(
            {"alerts": ALERTS, **predict(rollback=rollback)}
            for rollback in (None, "v1", {}, {"to": "v1"}, {"errors": "2%"}, {"to": "v1", "errors": 2},
                             {"to": "v1", "errors": "2%", "least": 0}, {"to": "v1", "errors": "2%", "for": "5"},
                             {"to": "v1", "errors": "2%", "window": "5m"})
        ),
    ],
)  # fmt: skip
def test_what_a_schema_can_tell_to_be_wrong_is_refused_in_an_editor_and_when_loaded(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    data = changed(changes, VERSIONED)
    assert list(EDITOR.iter_errors(data))
    assert report_on_data(data, tmp_path)


@pytest.mark.parametrize(
    ("below", "shares"),
    [
        ({"split": {"v1": 50, "v2": 50}}, {"v1": 50, "v2": 50}),
        ({"versions": {"v2": None}, "split": {"v1": 100, "v2": None}}, {"v1": 100}),
        ({"versions": {"v3": V2}, "split": {"v1": 80, "v3": 10}}, {"v1": 80, "v2": 10, "v3": 10}),
        ({"versions": None, "split": None, "url": "https://a.b"}, {}),
    ],
    ids=["other shares", "one version less", "one version more", "no versions"],
)
def test_a_file_below_another_has_other_shares_and_versions(
    tmp_path: Path, below: dict[str, Any], shares: dict[str, int]
) -> None:
    (tmp_path / "gateway.yaml").write_text(yaml.safe_dump(VERSIONED, sort_keys=False))
    data = {"extends": "gateway.yaml", "models": {"predict": below}}
    (tmp_path / "prod.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    assert list(EDITOR.iter_errors(data)) == []
    model = load_config(tmp_path / "prod.yaml").models["predict"]
    assert dict(model.split) == shares
    assert list(model.versions) == list(shares)
