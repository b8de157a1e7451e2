"""Rules tell what is wrong beside each other, and nothing that only follows from what was told."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_gateway import define_gateway
from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError
from ml_gateway.reading.source import read_source
from ml_gateway.rules import Rule, alerts, caches, quotas
from tests.files import SMALL, changed, report, report_on_data
from tests.rules.broken import BROKEN, GET, IDS, MAIL, URL, conflicts, many
from tests.synthesis import new_app

DEEP = {f"m{number}": {"url": URL, "path": f"/m{number}{'/a' * 30}"} for number in range(10)}

TOO_LARGE = {
    "resources of the API": (quotas.too_many_resources_of_the_api, {"models": DEEP}),
    "metric filters": (alerts.too_many_metric_filters, {"models": many(34), "alerts": MAIL}),
    "cache behaviors": (caches.too_many_behaviors, {"models": many(38, methods=["GET"], cache="60s")}),
    "cache policies": (
        caches.too_many_cache_policies,
        {"models": {f"kept{number}": {**GET, "cache": f"{number + 1}s"} for number in range(21)}},
    ),
}
"""Additions by which any file becomes too large."""


def merged(data: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = {**more, **data}
    for key in data.keys() & more.keys():
        if isinstance(data[key], dict) and isinstance(more[key], dict):
            both[key] = merged(data[key], more[key])
    return both


def test_what_makes_a_file_too_large_does_so() -> None:
    assert all(conflicts(rule, merged(SMALL, more)) for rule, more in TOO_LARGE.values())


@pytest.mark.parametrize("large", TOO_LARGE)
@pytest.mark.parametrize(("rule", "settings"), BROKEN, ids=IDS)
def test_a_file_that_is_too_large_hides_no_rule(
    rule: Rule, settings: dict[str, Any], large: str, tmp_path: Path
) -> None:
    too_large, more = TOO_LARGE[large]
    both = merged(settings, more)
    told = report_on_data(both, tmp_path)
    found = conflicts(rule, both, too_large)
    assert [conflict.message for conflict in found if not any(line.endswith(conflict.message) for line in told)] == []


def test_caches_are_not_called_idle_where_they_are_too_many_to_compare(tmp_path: Path) -> None:
    settings = changed({"models": many(38, methods=["GET"], cache="60s"), "edge.cache": "60s"})
    (line,) = report_on_data(settings, tmp_path)
    assert "cache behaviors of the distribution" in line


@pytest.mark.parametrize("settings", [settings for _, settings in BROKEN], ids=IDS)
def test_python_is_refused_with_the_lines_of_the_file(settings: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    lines = report(path)
    assert lines
    config, written = GatewayConfig(**settings), read_source(path.read_text(), str(path)).written
    app = new_app()
    with pytest.raises(ConfigError) as refusal:
        define_gateway(app, config, written=written)
    assert sorted(str(refusal.value).splitlines()) == sorted(lines)
    with pytest.raises(ConfigError) as refusal:
        define_gateway(app, config)
    assert sorted(str(refusal.value).splitlines()) == sorted(line.partition(": ")[2] for line in lines)
    assert app.node.children == []
