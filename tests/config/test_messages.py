"""What is said about a file whose settings are wrong: one line for each problem, all of them at once."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ml_gateway.config import ConfigError, load_config
from tests.config.files import BACKENDS, MISSING, SMALL, changed, report, report_on, report_on_data

URL = "https://model.example.com/invocations"
NAME_FORM = "up to 63 lower-case letters and digits, a letter first, with single hyphens in between"
TIMEOUT_FORM = "write whole milliseconds from 50ms to 15m"
MISSING_URL = f"missing; write url: '{URL}', or backend with the name of one"
CACHE = {"default": "1h", "max": "24h"}


def test_all_problems_of_a_file_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
# A gateway in which nearly everything is wrong.
nam: acme-ml
regions: [us-east-1, eu-west-1]
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
        "gateway.yaml:3: regions: 2 regions are given, and several are a later step; keep one",
        "gateway.yaml:4: stage: 1 is not text; put it in quotes",
        "gateway.yaml:7: models.predict.url: 'http://model.example.com/' is not encrypted; write https://, or accept "
        "that with insecure: true",
        "gateway.yaml:8: models.predict.metods: unknown key; did you mean 'methods'?",
        "gateway.yaml:11: models.fraud.path: '/predict' is a path of model 'predict' too; give one of them another "
        "path",
        "gateway.yaml:12: models.fraud.timeout: 30s is longer than the 29s that API Gateway waits for a whole answer; "
        "write stream: true, or long_timeout: true once the account's quota is raised",
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
    ("place", "value", "message"),
    [
        # the gateway
        (
            "name",
            "Acme",
            "'Acme' is not a gateway name; write 2 to 41 lower-case letters, digits and hyphens, a letter first",
        ),
        ("name", None, "empty; write name: acme-ml"),
        ("name", ["a"], "a list is not text; write name: acme-ml"),
        ("description", "", "empty; write description: Models of the fraud team."),
        ("description", "x" * 1025, "1025 characters are too many; write at most 1024"),
        ("description", 1.5, "1.5 is not text; put it in quotes"),
        ("account", 1234, "'1234' is not an account; write its 12 digits without hyphens, such as 123456789012"),
        ("account", None, "empty; write account: '123456789012' or leave the line out"),
        ("account", True, "true is not text; put it in quotes"),
        ("regions", [], "empty; write regions: [us-east-1]"),
        ("regions", "us-east-1", "'us-east-1' is not a list; write regions: [us-east-1]"),
        ("regions", {"a": 1}, "a map is not a list; write regions: [us-east-1]"),
        ("stage", "v 1", "'v 1' is not a stage name; write up to 128 letters, digits, hyphens and underscores"),
        ("origin_lock.generation", 0, "0 is too small; write 1 or more"),
        ("origin_lock.generation", True, "true is not a whole number; write generation: 2"),
        ("origin_lock", 3, "3 is not a map; write origin_lock: {generation: 2}"),
        ("logs.retention", "91d", "91d is not a retention of CloudWatch Logs; the nearest are 90d and 120d"),
        ("logs.retention", "12h", "12h is not a retention of CloudWatch Logs; the nearest are 1d"),
        ("logs.retention", "9999d", "9999d is not a retention of CloudWatch Logs; the nearest are 3653d"),
        ("logs.account_role", "creat", "'creat' is not known here; did you mean 'create'?"),
        ("logs.account_role", "x", "'x' is not known here; write one of existing, create"),
        ("edge.caches", {}, "unknown key; did you mean 'cache'?"),
        (
            "edge.zzz",
            {},
            "unknown key; write one of firewall, domain, cache, error_caching, response_timeout, accept_keys, "
            "security_headers, cors, health, access_log, countries, price_class",
        ),
        ("edge", [], "a list is not a map; write edge: {cache: {default: 1h, max: 24h}}"),
        ("tags.team", 12, "12 is not text; put it in quotes"),
        ("tags.team", None, "empty; write text or leave the line out"),
        ("tags.team", "AWS:x", "'AWS:x' is not a tag value; write up to 256 characters that do not start with aws:"),
        ("tags.aws:team", "x", "'aws:team' is not a tag key; write 1 to 128 characters that do not start with aws:"),
        ("tags", {f"t{n}": "x" for n in range(51)}, "51 entries are too many; keep at most 50"),
        # models
        ("models", {}, f"empty; write models: {{predict: {{url: '{URL}'}}}}"),
        ("models", None, f"empty; write models: {{predict: {{url: '{URL}'}}}}"),
        ("models", [], f"a list is not a map; write models: {{predict: {{url: '{URL}'}}}}"),
        ("models.Fraud", {"url": URL}, f"'Fraud' is not a name; write {NAME_FORM}"),
        ("models.a--b", {"url": URL}, f"'a--b' is not a name; write {NAME_FORM}"),
        ("models.<<", {"url": URL}, f"'<<' is not a name; write {NAME_FORM}"),
        (
            "models.pre-dict",
            {"url": URL},
            "'pre-dict' and 'predict' differ in hyphens only, which outputs leave out; rename one",
        ),
        ("models.predict", URL, f"'{URL}' is not a map; write predict: {{url: '{URL}'}}"),
        ("models.predict.methods", [], "empty; write methods: [GET, POST]"),
        ("models.predict.methods", ["GET", "POST", "GET"], "'GET' is listed twice; keep one"),
        ("models.predict.methods", "GET", "'GET' is not a list; write methods: [GET, POST]"),
        ("models.predict.backend_method", "get", "'get' is not known here; did you mean 'GET'?"),
        (
            "models.predict.backend_method",
            "SEND",
            "'SEND' is not known here; write one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        ("models.predict.timeout", "29", "'29' has no unit; write a whole number and ms, s, m, h or d, such as 29s"),
        ("models.predict.timeout", 29, "'29' has no unit; write a whole number and ms, s, m, h or d, such as 29s"),
        ("models.predict.timeout", ["29s"], "a list is not a quantity; write a number and a unit, such as 29s"),
        ("models.predict.timeout", "49ms", f"49ms is not a timeout of API Gateway; {TIMEOUT_FORM}"),
        ("models.predict.timeout", "0s", f"0s is not a timeout of API Gateway; {TIMEOUT_FORM}"),
        ("models.predict.insecure", "yes", "'yes' is not true or false; write insecure: true"),
        ("models.predict.insecure", True, "true has no effect on an https:// url; leave the line out"),
        # plans
        ("plans", {}, "empty; write plans: {default: {rate: 2/s, burst: 10}}"),
        ("plans.default.rate", "2", "'2' has no unit; write requests per second, such as 2/s"),
        ("plans.default.burst", 0, "0 is too small; write 1 or more"),
        ("plans.default.burst", "10", "'10' is not a whole number; write burst: 10"),
        ("plans.default.burst", 2**31, "2147483648 is too large; write at most 2147483647"),
        ("plans.default.quota", None, "empty; write quota: 1000/month or leave the line out"),
        (
            "plans.default.quota",
            "9/fortnight",
            "'9/fortnight' has the unknown period 'fortnight'; write one of day, week, month",
        ),
        ("plans.default.offset", -1, "-1 is too small; write 0 or more"),
        # the cache
    ],
)
def test_a_wrong_value_is_told_with_the_way_out(tmp_path: Path, place: str, value: Any, message: str) -> None:
    assert report_on_data(changed({place: value}), tmp_path) == [f"{place}: {message}"]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"name": MISSING}, ["name: missing; write name: acme-ml"]),
        ({"regions": MISSING}, ["regions: missing; write regions: [us-east-1]"]),
        ({"models.predict.url": MISSING}, [f"models.predict.url: {MISSING_URL}"]),
        ({"regions": ["us-east-1", 2]}, ["regions[1]: 2 is not text; put it in quotes"]),
        (
            {"regions": ["cn-north-1"]},
            ["regions[0]: 'cn-north-1' is not a commercial region; write one such as eu-west-1"],
        ),
        ({"regions": ["us-east"]}, ["regions[0]: 'us-east' is not a commercial region; write one such as eu-west-1"]),
        ({"regions": ["us-east-1"] * 2}, ["regions: 2 regions are given, and several are a later step; keep one"]),
        (
            {"models.predict.methods": ["GET", "PSOT"]},
            ["models.predict.methods[1]: 'PSOT' is not known here; did you mean 'POST'?"],
        ),
        (
            {"models.predict.methods": ["GET", None]},
            ["models.predict.methods[1]: empty; write methods: [GET, POST] or leave the line out"],
        ),
        (
            {"plans.Gold": {"rate": "1/s", "burst": 1}},
            [
                "plans: 2 plans are given, but one limits the gateway as a whole while there are no clients; keep one",
                f"plans.Gold: 'Gold' is not a name; write {NAME_FORM}",
            ],
        ),
        (
            {"models.ping": {"url": URL}},
            ["models.ping.path: '/ping' is reserved by API Gateway; write another path, such as /models/ping"],
        ),
        (
            {"models.predict.path": "/sping"},
            ["models.predict.path: '/sping' is reserved by API Gateway; write another path, such as /models/sping"],
        ),
        (
            {"models.b": {"url": URL, "path": "/x"}, "models.c": {"url": URL, "path": "/x"}},
            ["models.c.path: '/x' is a path of model 'b' too; give one of them another path"],
        ),
        (
            {"models.b": {"url": URL, "path": "/c"}, "models.c": {"url": URL}},
            ["models.c.path: '/c' is a path of model 'b' too; give one of them another path"],
        ),
        ({"edge.cache": {"default": "1h"}}, ["edge.cache.max: missing; write max: 24h"]),
        ({"edge.cache": {"max": "24h"}}, ["edge.cache.default: missing; write default: 1h"]),
        (
            {"edge.cache": {**CACHE, "default": "1500ms"}},
            ["edge.cache.default: 1500ms is not a lifetime of CloudFront; write whole seconds, such as 1s"],
        ),
        (
            {"edge.cache": {"default": "0s", "max": "0s"}},
            ["edge.cache: 0s caches nothing; leave the cache line out for that"],
        ),
        (
            {"edge.cache": {"default": "2h", "max": "1h"}},
            ["edge.cache.default: 2h is longer than max; write at most 1h"],
        ),
        (
            {"edge.cache": {**CACHE, "headers": [f"X-{n}" for n in range(9)]}},
            ["edge.cache.headers: 9 entries are too many; keep at most 8"],
        ),
        (
            {"edge.cache": {**CACHE, "headers": ["X-Model", "x-model"]}},
            ["edge.cache.headers: 'x-model' is listed twice; keep one"],
        ),
        ({"origin_lock": {" ": 0}}, ["origin_lock.' ': unknown key; write one of generation"]),
        ({"tags": {"": "x"}}, ["tags.'': '' is not a tag key; write 1 to 128 characters that do not start with aws:"]),
        ({"tags": {"a\nb": 1}}, ["tags.'a\\nb': 1 is not text; put it in quotes"]),
    ],
)
def test_a_wrong_entry_is_told_with_the_way_out(tmp_path: Path, changes: dict[str, Any], lines: list[str]) -> None:
    assert report_on_data(changed(changes), tmp_path) == lines


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "https://user:sesame@model.example.com/",
            "the URL holds a user name or password, which the template would show; take it out",
        ),
        (
            "user:sesame@model.example.com",
            "the URL holds a user name or password, which the template would show; take it out",
        ),
        (
            "https://model.example.com/{proxy}",
            "'https://model.example.com/{proxy}' has the variable {proxy}, which the path of model 'predict' does not "
            "have; write it into that path, or write it out here",
        ),
        *(
            (url, f"{url!r} has braces that hold no variable of its path; write variables such as /scores/{{id}}")
            for url in (
                "https://{host}.example.com/",
                "{scheme}://a/",
                "https://a/{proxy+}",
                "https://a/{}",
                "https://a/{b",
                "https://a/b}",
                "https://a/?b={b}",
                "https://a?{b}",
                "https://a/{b-c}",
            )
        ),
        (
            "https://model.example.com/#a",
            "'https://model.example.com/#a' has a fragment, which no server receives; take out # and what follows",
        ),
        (
            "https://model.example.com/a b",
            "'https://model.example.com/a b' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        (
            "https://model.example.com/a\n",
            "'https://model.example.com/a\\n' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        (
            "https://modèle.example.com/",
            "'https://modèle.example.com/' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        *(
            (url, f"{url!r} is not an absolute URL; write one such as {URL}")
            for url in (
                "",
                "model.example.com",
                "/invocations",
                "ftp://model.example.com/",
                "https://",
                "https:///x",
                "https://:8080/",
                "https://a..b/",
                "https://a:b/",
                "HTTPS://a/",
            )
        ),
    ],
)
def test_a_url_that_api_gateway_could_not_call_is_refused(tmp_path: Path, url: str, message: str) -> None:
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == [f"models.predict.url: {message}"]


@pytest.mark.parametrize(
    "url",
    ["https://a", "https://a.b:443/", "https://a.b:8443/c/d?e=f&g=@h", "https://10.0.0.1:1024/%20", "https://a_b/"],
)
def test_a_url_may_have_a_port_a_path_and_a_query(tmp_path: Path, url: str) -> None:
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == []


def test_a_url_with_credentials_is_never_repeated_even_in_the_wrong_place(tmp_path: Path) -> None:
    lines = report_on_data(changed({"models.predict": "https://user:sesame@model.example.com/"}), tmp_path)
    assert lines == [f"models.predict: 'https://***@model.example.com/' is not a map; write predict: {{url: '{URL}'}}"]


@pytest.mark.parametrize(
    "path",
    [
        "predict",
        "/",
        "",
        "/a/",
        "//a",
        "/a//b",
        "/a b",
        "/{a}b",
        "/{a-b}",
        "/{}",
        "/{a",
        "/{proxy+}/a",
        "/a/..",
        "/.",
        "/é",
        "/a?b",
        "/a\n",
    ],
)
def test_a_path_that_api_gateway_does_not_take_is_refused(tmp_path: Path, path: str) -> None:
    assert report_on_data(changed({"models.predict.path": path}), tmp_path) == [
        f"models.predict.path: {path!r} is not a path; write letters, digits and . _ : $ - or a variable after "
        "each slash, no slash at the end, such as /fraud/{id}"
    ]


@pytest.mark.parametrize(
    "path",
    ["/a", "/ping/a", "/a/ping", "/v1/fraud:predict", "/a.b/..c", "/$x/_-", "/{proxy+}", "/{a}/b/{c}", "/a/{b}/{c_1+}"],
)
def test_a_path_has_the_characters_of_api_gateway(tmp_path: Path, path: str) -> None:
    assert report_on_data(changed({"models.predict.path": path}), tmp_path) == []


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Host", "is never in the cache key, because API Gateway refuses the host of the distribution; leave it out"),
        ("AUTHORIZATION", "is always in the cache key; leave it out"),
        ("accept", "is always in the cache key; leave it out"),
        ("X-Api-Key", "carries a credential of the gateway itself; leave it out"),
        ("x-origin-verify", "carries a credential of the gateway itself; leave it out"),
        ("Accept-Encoding", "is CloudFront's own to add, with compression; leave it out"),
        ("Cookie", "is not one that CloudFront caches by; leave it out"),
        ("x-edge-anything", "is not one that CloudFront caches by; leave it out"),
        ("X Model", "is not a header name; write one such as X-Model-Version"),
        ("", "is not a header name; write one such as X-Model-Version"),
        ("*\n", "is not a header name; write one such as X-Model-Version"),
    ],
)
def test_a_header_that_cannot_be_in_the_cache_key_is_refused(tmp_path: Path, header: str, message: str) -> None:
    settings = changed({"edge.cache": {**CACHE, "headers": ["X-Model", header]}})
    assert report_on_data(settings, tmp_path) == [f"edge.cache.headers[1]: {header!r} {message}"]


@pytest.mark.parametrize(("quota", "most"), [("1000/day", 0), ("1000/week", 6), ("1000/month", 27)])
def test_an_offset_is_at_most_what_the_period_of_its_quota_takes(tmp_path: Path, quota: str, most: int) -> None:
    right = changed({"plans.default.quota": quota, "plans.default.offset": most})
    wrong = changed({"plans.default.quota": quota, "plans.default.offset": most + 1})
    assert report_on_data(right, tmp_path) == []
    assert report_on_data(wrong, tmp_path) == [
        f"plans.default.offset: {most + 1} is more than a quota for each {quota.partition('/')[2]} takes; "
        f"write at most {most}"
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"models.predict.url": "nonsense", "models.predict.insecure": True}, "models.predict.url"),
        ({"models.predict.url": "http://a/", "models.predict.insecure": "yes"}, "models.predict.insecure"),
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


@given(st.integers(0, 70_000))
@example(80)
@example(443)
@example(1023)
@example(1024)
@example(65535)
@example(65536)
def test_a_port_is_one_that_api_gateway_reaches(tmp_path_factory: pytest.TempPathFactory, port: int) -> None:
    lines = report_on_data(changed({"models.predict.url": f"https://a:{port}/"}), tmp_path_factory.getbasetemp())
    reached = port in (80, 443) or 1024 <= port <= 65535
    assert lines == (
        []
        if reached
        else [
            f"models.predict.url: API Gateway does not reach port {port}; serve the model on 80, 443 or 1024 to 65535"
        ]
    )


@given(st.integers(0, 40_000))
@example(49)
@example(50)
@example(29_000)
@example(29_001)
def test_a_timeout_is_between_50_ms_and_29_s(tmp_path_factory: pytest.TempPathFactory, milliseconds: int) -> None:
    settings = changed({"models.predict.timeout": f"{milliseconds}ms"})
    lines = report_on_data(settings, tmp_path_factory.getbasetemp())
    assert len(lines) == (0 if 50 <= milliseconds <= 29_000 else 1)


@pytest.mark.parametrize(
    "days",
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
)
def test_a_retention_is_one_that_cloudwatch_logs_offers(tmp_path: Path, days: int) -> None:
    assert report_on_data(changed({"logs.retention": f"{days}d"}), tmp_path) == []


LARGE = changed(
    {
        "models.a": {"url": URL, "path": "/a/b", "timeout": "1s", "methods": ["GET"]},
        "models.b": {"url": URL},
        "models.c": {"url": URL, "path": "/x"},
        "models.llm": {"backend": "llm", "protocol": "openai", "timeout": "1m"},
        "models.scores": {"backend": "scores", "protocol": "sagemaker"},
        "models.words": {"backend": "words", "path": "/words/{id}"},
        "models.token": {"backend": "token", "path": "/token/{id}", "timeout": "1m", "long_timeout": True},
        "backends.llm": BACKENDS["load_balancer"],
        "backends.scores": BACKENDS["sagemaker"],
        "backends.words": BACKENDS["lambda"],
        "backends.token": {"type": "http", "url": "https://a/{id}", "headers": {"X-Tenant": "acme"}},
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
        "models.kept": {"url": URL, "path": "/kept/{id}", "methods": ["GET"], "cache": "60s"},
        "alerts": {"email": "ops@acme.com", "errors": "1%", "latency_p95": "500ms"},
        "errors": "openai",
        "logs.retention": "30d",
        "tags.team": "fraud",
    }
)

BREAKAGES: dict[tuple[str, str], Any] = {
    # (what is changed, where it is reported): the wrong value
    ("name", "name"): "Acme",
    ("regions", "regions"): ["us-east-1", "eu-west-1"],
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
    ("backends.unused", "backends.unused.type"): {"url": URL},
    ("edge.response_timeout", "edge.response_timeout"): "1500ms",
    ("errors", "errors"): "opnai",
    ("models.ping", "models.ping.path"): {"url": URL},
    ("models.pre-dict", "models.pre-dict"): {"url": URL},
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
    ("clients.mo-bile", "clients.mo-bile"): {"plan": "gold"},
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
