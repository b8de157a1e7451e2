"""Reports as a whole: order, what follows from what, and that nothing hides behind something else."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.reading import ConfigError, load_config
from tests.files import BACKENDS, MISSING, SMALL, changed, report, report_on, report_on_data

URL = "https://model.example.com/invocations"
MISSING_URL = f"missing; write url: '{URL}', or backend with the name of one"


def test_all_problems_of_a_file_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
# A gateway in which nearly everything is wrong.
nam: acme-ml
regions: [us-east-1, eu-west1]
stage: 1
models:
  predict:
    url: http://model.example.com/
    metods: [GET]
  fraud:
    url: https://fraud.example.com/
    path: /predict
    timeout:
      30s
  churn:
plans:
  default: {rate: 2, offset: 1}
  default: {rate: 5/s, burst: 10}
edge:
  cache:
    default: 25h
    max: 24h
    headers: [X-Model, Host,
              x-model]
"""
    path = tmp_path / "gateway.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refusal:
        load_config(path)
    assert str(refusal.value).replace(f"{path}:", "gateway.yaml:").splitlines() == [
        "gateway.yaml:2: nam: unknown key; did you mean 'name'?",
        "gateway.yaml:2: name: missing; write name: acme-ml",
        "gateway.yaml:3: regions[1]: 'eu-west1' is not a commercial region; did you mean 'eu-west-1'?",
        "gateway.yaml:4: stage: 1 is not text; put it in quotes",
        "gateway.yaml:7: models.predict.url: 'http://model.example.com/' is not encrypted; write https://, or accept "
        "that with insecure: true",
        "gateway.yaml:8: models.predict.metods: unknown key; did you mean 'methods'?",
        "gateway.yaml:11: models.fraud.path: '/predict' is a path of model 'predict' too; give one of them another "
        "path",
        "gateway.yaml:12: models.fraud.timeout: 30s is longer than the 29s that API Gateway waits for a whole answer; "
        "write stream: true, or service_quotas: {integration_timeout: 30s} once AWS raised it for the account",
        "gateway.yaml:14: models.churn: empty; write churn: {url: 'https://model.example.com/invocations'}",
        "gateway.yaml:16: plans.default.burst: missing; write burst: 10",
        "gateway.yaml:16: plans.default.offset: an offset of 1 needs a quota to be taken off; add a quota or leave the "
        "line out",
        "gateway.yaml:16: plans.default.rate: '2' has no unit; write requests per second, such as 2/s",
        "gateway.yaml:17: plans.default: written twice, on line 16 and on line 17; keep one",
        "gateway.yaml:20: edge.cache.default: 25h is longer than max; write at most 1d",
        "gateway.yaml:22: edge.cache.headers[1]: 'Host' is never in the cache key, because API Gateway refuses the "
        "host of the distribution; leave it out",
    ]


def test_lines_are_sorted_by_number_and_not_as_text(tmp_path: Path) -> None:
    lines = report_on("oops: 1\n" + "\n" * 9 + "stage: 1\n", tmp_path)
    assert [line.partition(":")[0] for line in lines] == ["1", "1", "1", "1", "1", "11"]


def test_the_file_is_named_as_the_caller_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text("oops")
    assert [line.partition(" ")[0] for line in report(Path("my.yaml"))] == ["my.yaml:1:"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"models.predict.url": "nonsense", "models.predict.insecure": True}, "models.predict.url"),
        ({"models.predict.url": "http://a.b/", "models.predict.insecure": "yes"}, "models.predict.insecure"),
        ({"plans.default.quota": "nonsense", "plans.default.offset": 27}, "plans.default.quota"),
        ({"edge.cache": {"default": "1h", "max": "nonsense"}}, "edge.cache.max"),
        ({"edge.cache": {"default": "48h"}}, "edge.cache.max"),
        ({"models.b": {"url": URL, "path": "/predict/"}}, "models.b.path"),
        ({"models": {"predict": None}}, "models.predict"),
        ({"plans": {"default": None}}, "plans.default"),
        ({"regions": [None]}, "regions[0]"),
        ({"models.predict.methods": ["PSOT"]}, "models.predict.methods[0]"),
    ],
)
def test_nothing_is_reported_that_only_follows_from_another_problem(
    tmp_path: Path, changes: dict[str, Any], line: str
) -> None:
    assert [told.partition(": ")[0] for told in report_on_data(changed(changes), tmp_path)] == [line]


def test_two_models_on_one_path_are_found_beside_a_third_one_with_a_typo(tmp_path: Path) -> None:
    models = {name: {"url": URL, "path": "/same"} for name in ("a", "b")} | {"c": {"url": URL, "tmeout": "1s"}}
    assert report_on_data(changed({"models": models}), tmp_path) == [
        "models.b.path: '/same' is a path of model 'a' too; give one of them another path",
        "models.c.tmeout: unknown key; did you mean 'timeout'?",
    ]


def test_a_missing_setting_is_told_on_the_line_of_the_section_that_lacks_it(tmp_path: Path) -> None:
    text = (
        "\n\nname: acme-ml\nregions: [us-east-1]\nmodels:\n\n  predict:\n\n    timeout: 1s\nplans: {a: {rate: 1/s}}\n"
    )
    assert report_on(text, tmp_path) == [
        f"7: models.predict.url: {MISSING_URL}",
        "10: plans.a.burst: missing; write burst: 10",
    ]


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


def test_a_long_value_is_cut_to_one_line_of_80_characters(tmp_path: Path) -> None:
    assert report_on_data(changed({"stage": "x y" * 26}), tmp_path)[0].startswith(f"stage: '{'x y' * 26}' is not")
    assert report_on_data(changed({"stage": "x y" * 27}), tmp_path)[0].startswith(f"stage: '{'x y' * 25}...' is not")


def test_a_small_file_has_no_problem(tmp_path: Path) -> None:
    assert report_on_data(SMALL, tmp_path) == []
