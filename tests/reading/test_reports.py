"""Reports as a whole: their order, and that nothing hides behind something else."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import BACKENDS, MISSING, SMALL, changed, report, report_on, report_on_data

URL = "https://model.example.com/invocations"


def test_lines_are_sorted_by_number_and_not_as_text(tmp_path: Path) -> None:
    lines = report_on("oops: 1\n" + "\n" * 9 + "stage: 1\n", tmp_path)
    assert [line.partition(":")[0] for line in lines] == ["1", "1", "1", "1", "1", "11"]


def test_the_file_is_named_as_the_caller_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text("oops")
    assert [line.partition(" ")[0] for line in report(Path("my.yaml"))] == ["my.yaml:1:"]


LARGE = changed(
    {
        "models.a": {"url": URL, "path": "/a/b", "timeout": "1s", "methods": ["GET"]},
        "models.b": {"url": URL},
        "models.c": {"url": URL, "path": "/x"},
        "models.llm": {"backend": "llm", "protocol": "anthropic", "timeout": "1m"},
        "models.scores": {"backend": "scores", "protocol": "sagemaker"},
        "models.words": {"backend": "words", "path": "/words/{id}"},
        "models.token": {"backend": "token", "path": "/token/{id}", "timeout": "1m"},
        "service_quotas": {"integration_timeout": "1m", "vpc_links": 20},
        "backends.llm": BACKENDS["load_balancer"],
        "backends.scores": BACKENDS["sagemaker"],
        "backends.words": BACKENDS["lambda"],
        "backends.token": {"type": "http", "url": "https://a.b/{id}", "headers": {"X-Tenant": "acme"}},
        "edge.response_timeout": "1m",
        "plans.default.quota": "1000/month",
        "plans.default.offset": 1,
        "plans.default.limits": {"a": {"rate": "1/s", "burst": 3}},
        "plans.gold": {"rate": "5/s", "burst": 5, "limits": {"predict": "1/s"}},
        "clients.mobile": {"plan": "default"},
        "clients.partner": {"plan": "gold", "keys": ["a", "b"], "description": "x"},
        "edge.accept_keys": ["x-api-key"],
        "edge.cache": {"default": "1h", "max": "24h", "headers": ["X-Model"]},
        "edge.error_caching": "10s",
        "edge.firewall": {"rate": "2000/5m", "key_rate": "100/1m", "addresses": {"deny": ["203.0.113.0/24"]}},
        "edge.domain": {"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"},
        "edge.cors": {"origins": ["https://app.acme.com"]},
        "edge.countries": {"deny": ["AQ"]},
        "edge.health": "/health",
        "models.kept": {"url": "https://a.b/{id}", "path": "/kept/{id}", "methods": ["GET"], "cache": "60s"},
        "alerts": {"email": "ops@acme.com", "errors": "1%", "latency_p95": "500ms"},
        "errors": "openai",
        "logs.retention": "30d",
        "tags.team": "fraud",
    }
)

BREAKAGES: dict[tuple[str, str], Any] = {
    # (what is changed, where it is reported): the wrong value
    ("name", "name"): "Acme",
    ("regions", "regions[0]"): ["us-east1"],
    ("stage", "stage"): 1,
    ("oops", "oops"): 1,
    ("account", "account"): "12",
    ("models.predict.url", "models.predict.url"): "http://model.example.com",
    ("models.a.url", "models.a.url"): MISSING,
    ("models.a.timeout", "models.a.timeout"): "16m",
    ("models.a.methods", "models.a.methods[0]"): ["PSOT"],
    ("models.b.path", "models.b.path"): "/predict",
    ("models.b.insecure", "models.b.insecure"): True,
    ("models.c.path", "models.c.path"): "x",
    ("models.d", "models.d"): None,
    ("models.E", "models.E"): {"url": URL},
    ("models.a.backend_method", "models.a.backend_method"): "get",
    ("models.llm.methods", "models.llm.methods"): ["POST"],
    ("models.llm.insecure", "models.llm.insecure"): True,
    ("models.scores.stream", "models.scores.stream"): True,
    ("models.words.stream", "models.words.stream"): 1,
    ("models.words.backend_method", "models.words.backend_method"): "PUT",
    ("models.token.timeout", "models.token.timeout"): "121s",
    ("backends.llm.host", "backends.llm.host"): MISSING,
    ("backends.llm.subnets", "backends.llm.subnets"): [],
    ("backends.llm.listener", "backends.llm.listener"): "llm",
    ("backends.scores.endpoint", "backends.scores.endpoint"): "",
    ("backends.words.function", "backends.words.function"): "f:$LATEST",
    ("backends.words.functions", "backends.words.functions"): "f",
    ("backends.token.headers", "backends.token.headers.Host"): {"Host": "x"},
    ("backends.token.bearer", "backends.token.bearer.version"): {"secret": "a"},
    ("backends.token.secret_headers", "backends.token.secret_headers.api-key.version"): {"api-key": {"secret": "a"}},
    ("backends.llm.headers", "backends.llm.headers.api-key"): {"api-key": "x"},
    ("backends.unused", "backends.unused.type"): {"url": URL},
    ("edge.response_timeout", "edge.response_timeout"): "1500ms",
    ("errors", "errors"): "opnai",
    ("models.ping", "models.ping.path"): {"url": URL},
    ("service_quotas.api_resources", "service_quotas.api_resources"): 299,
    ("models.a.long_timeout", "models.a.long_timeout"): True,
    ("plans.default.rate", "plans.default.rate"): 2,
    ("plans.default.burst", "plans.default.burst"): MISSING,
    ("plans.default.offset", "plans.default.offset"): 28,
    ("plans.default.limits.a", "plans.default.limits.a"): "1",
    ("plans.default.limits.lama", "plans.default.limits.lama"): "1/s",
    ("plans.gold.limits.predict", "plans.gold.limits.predict"): "6/s",
    ("clients.mobile.plan", "clients.mobile.plan"): "gld",
    ("clients.mobile.keys", "clients.mobile.keys[0]"): ["A"],
    ("clients.partner.keys", "clients.partner.keys"): ["a", "a"],
    ("clients.partner.kees", "clients.partner.kees"): ["a"],
    ("clients.X", "clients.X"): {"plan": "gold"},
    ("clients.y", "clients.y"): None,
    ("edge.accept_keys", "edge.accept_keys[0]"): ["cookie"],
    ("origin_lock", "origin_lock.generation"): {"generation": 0},
    ("edge.cache.default", "edge.cache.default"): "48h",
    ("edge.cache.headers", "edge.cache.headers[0]"): ["Host"],
    ("edge.firewall.rate", "edge.firewall.rate"): "2000",
    ("edge.firewall.key_rate", "edge.firewall.key_rate"): "9/1m",
    ("edge.firewall.addresses", "edge.firewall.addresses.deny[0]"): {"deny": ["203.0.113.7/24"]},
    ("edge.firewall.countries", "edge.firewall.countries"): {"allow": ["DE"]},
    ("edge.domain", "edge.domain.hosted_zone"): {"name": "ml.acme.com"},
    ("edge.cors", "edge.cors.origins"): {"origins": ["*", "https://app.acme.com"]},
    ("edge.health", "edge.health"): "health",
    ("models.kept.cache", "models.kept.cache"): "1500ms",
    ("models.words.cache", "models.words.cache"): "60s",
    ("alerts.email", "alerts.email"): "ops",
    ("alerts.errors", "alerts.errors"): "1",
    ("alerts.latency_p95", "alerts.latency_p95"): "0s",
    ("logs.retention", "logs.retention"): "2d",
    ("tags.team", "tags.team"): 1,
    ("tags.aws:x", "tags.aws:x"): "y",
}


@given(st.sets(st.sampled_from(sorted(BREAKAGES))))
def test_every_broken_place_is_told_whatever_else_is_broken(
    tmp_path_factory: pytest.TempPathFactory, broken: set[tuple[str, str]]
) -> None:
    settings = changed({place: BREAKAGES[place, told] for place, told in sorted(broken)}, LARGE)
    lines = report_on_data(settings, tmp_path_factory.getbasetemp())
    assert sorted(line.partition(": ")[0] for line in lines) == sorted(told for _, told in broken)


def test_a_small_file_has_no_problem(tmp_path: Path) -> None:
    assert report_on_data(SMALL, tmp_path) == []
