"""What is said about a file whose settings are wrong: one line for each problem, all of them at once."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import MISSING, changed, report_on_data

URL = "https://model.example.com/invocations"
NAME_FORM = "up to 63 lower-case letters and digits, a letter first, with single hyphens in between"
TIMEOUT_FORM = "write whole milliseconds from 50ms to 15m"
TAG_FORM = "ASCII letters, digits, spaces and _ . : / = + - @ that do not start with aws:"
MISSING_URL = f"missing; write url: '{URL}', or backend with the name of one"
NO_PLAN = "there is none that limits the gateway as a whole; write plans: {default: {rate: 2/s, burst: 10}}"
CACHE = {"default": "1h", "max": "24h"}


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
        ("account", True, "true is not text; write account: '123456789012'"),
        ("regions", [], "empty; write regions: [us-east-1]"),
        ("regions", "us-east-1", "'us-east-1' is not a list; write regions: [us-east-1]"),
        ("stage", "v 1", "'v 1' is not a stage name; write up to 128 letters, digits, hyphens and underscores"),
        ("service_quotas", 600, "600 is not a map; write service_quotas: {api_resources: 1200}"),
        ("service_quotas.resources", 600, "unknown key; did you mean 'api_resources'?"),
        ("service_quotas.api_resources", 299, "299 is too small; write 300 or more"),
        ("service_quotas.api_resources", "many", "'many' is not a whole number; write api_resources: 1200"),
        ("service_quotas.vpc_links", 9, "9 is too small; write 10 or more"),
        *(
            (
                f"service_quotas.{quota}",
                value,
                f"{value} is less than the {usual} that every account has; write what AWS raised it to, or leave the "
                "line out",
            )
            for quota, value, usual in (("integration_timeout", "28999ms", "29s"), ("response_timeout", "119s", "2m"))
        ),
        *(
            (
                f"service_quotas.{quota}",
                value,
                f"{value} is no timeout that can be deployed; write whole {unit} up to 15m",
            )
            for quota, value, unit in (
                ("integration_timeout", "901s", "milliseconds"),
                ("response_timeout", "901s", "seconds"),
                ("response_timeout", "120001ms", "seconds"),
            )
        ),
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
        *(
            ("tags.team", value, f"{shown} is not a tag value; write 1 to 256 {TAG_FORM}")
            for value, shown in (
                ("", "''"),
                ("AWS:x", "'AWS:x'"),
                ("a;b", "'a;b'"),
                ("é", "'é'"),
                ("a\n", "'a\\n'"),
                ("x" * 257, f"'{'x' * 75}...'"),
            )
        ),
        *(
            (f"tags.{key}", "x", f"{key!r} is not a tag key; write 1 to 128 {TAG_FORM}")
            for key in ("aws:team", "cost,center*", "équipe")
        ),
        ("tags", {f"t{n}": "x" for n in range(51)}, "51 entries are too many; keep at most 50"),
        # models
        ("models", {}, f"empty; write models: {{predict: {{url: '{URL}'}}}}"),
        ("models", None, f"empty; write models: {{predict: {{url: '{URL}'}}}}"),
        ("models", [], f"a list is not a map; write models: {{predict: {{url: '{URL}'}}}}"),
        *(
            (
                f"models.{name}",
                {"url": URL},
                f"{name!r} is not a name; write {NAME_FORM}: here {own}, and below it path: /{name} where its URL is "
                f"to have that name; served_as: {name} is for a protocol whose paths name the model",
            )
            for name, own in (("Fraud", "fraud"), ("a--b", "a-b"))
        ),
        ("models.<<", {"url": URL}, f"'<<' is not a name; write {NAME_FORM}"),
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
        (
            "models.predict.long_timeout",
            True,
            "no longer a setting; write service_quotas: {integration_timeout: 60s}, or what AWS raised it to, at the "
            "top of the file, and leave this line out",
        ),
        ("models.predict.insecure", "yes", "'yes' is not true or false; write insecure: true"),
        ("models.predict.insecure", True, "true has no effect on an https:// url; leave the line out"),
        # plans
        ("plans", {}, NO_PLAN),
        ("plans", MISSING, NO_PLAN),
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
        ({"regions": ["us-east-1", 2]}, ["regions[1]: 2 is not text; write regions: [us-east-1]"]),
        ({"regions": {"us-east-1": 1}}, ["regions.us-east-1: 1 is not a map; write us-east-1: {}"]),
        (
            {"regions": ["cn-north-1"]},
            ["regions[0]: 'cn-north-1' is not a commercial region; write one such as eu-west-1"],
        ),
        ({"regions": ["us-east"]}, ["regions[0]: 'us-east' is not a commercial region; write one such as eu-west-1"]),
        ({"regions": ["us-east-1"] * 2}, ["regions: 'us-east-1' is listed twice; keep one"]),
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
        ({"tags": {"": "x"}}, [f"tags.'': '' is not a tag key; write 1 to 128 {TAG_FORM}"]),
        ({"tags": {"x\n": "y"}}, [f"tags.'x\\n': 'x\\n' is not a tag key; write 1 to 128 {TAG_FORM}"]),
        ({"tags": {"a\nb": 1}}, ["tags.'a\\nb': 1 is not text; put it in quotes"]),
    ],
)
def test_a_wrong_entry_is_told_with_the_way_out(tmp_path: Path, changes: dict[str, Any], lines: list[str]) -> None:
    assert report_on_data(changed(changes), tmp_path) == lines
