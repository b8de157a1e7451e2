"""Models beside their backends, the edge and each other: what is refused, and what is served."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import BACKENDS, MISSING, behind, changed, get, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
NO_EFFECT = "has no effect on the protocol openai, which brings its own; leave the line out"

TOO_LONG = "is longer than the 29s that API Gateway waits for a whole answer; write stream: true, or service_quotas: "
TOO_LONG_FOR_THE_EDGE = TOO_LONG.replace("29s that API Gateway", "2m that CloudFront")
ONCE = "once AWS raised it for the account"


def model(**settings: Any) -> dict[str, Any]:
    """The small file with these settings of its model beside the url."""
    return changed({f"models.predict.{setting}": value for setting, value in settings.items()})


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        # url and backend
        (changed({"models.predict": {"backend": "b"}}), "backend: 'b' is not a backend; define it in backends"),
        (behind("http", {"backend": "bb"}), "backend: 'bb' is not a backend; did you mean 'b'?"),
        (behind("http", {"url": URL}), "backend: 'b' stands beside a url; write backend or url, not both"),
        (
            behind("http", {"insecure": True}),
            "insecure: true has no effect beside backend, which says itself what is accepted; leave the line out",
        ),
        # protocol
        (model(protocol="opnai"), "protocol: 'opnai' is not known here; did you mean 'openai'?"),
        (model(protocol="openai", methods=["POST"]), f"methods: {NO_EFFECT}"),
        (model(protocol="openai", backend_method="POST"), f"backend_method: 'POST' {NO_EFFECT}"),
        (
            model(protocol="openai", path="/a/{id}"),
            "path: '/a/{id}' has a variable, which only a raw model can have; write the path out",
        ),
        *(
            (
                behind(kind, {"protocol": "sagemaker"}),
                f"protocol: sagemaker needs a backend of type sagemaker, not {kind}; name one, or another protocol",
            )
            for kind in ("http", "lambda", "load_balancer")
        ),
        *(
            (
                behind("sagemaker", {"protocol": protocol}),
                f"protocol: {protocol} is not what a SageMaker endpoint speaks; write sagemaker, or leave the line out",
            )
            for protocol in ("openai", "anthropic", "oip-v2", "tfserving", "torchserve")
        ),
        (
            behind("sagemaker", {"methods": ["GET", "POST"]}),
            "methods: a SageMaker endpoint takes POST alone; leave the line out",
        ),
        *(
            (
                behind(kind, {"backend_method": "PUT"}),
                f"backend_method: 'PUT' has no effect on a backend of type {kind}; leave the line out",
            )
            for kind in ("sagemaker", "lambda")
        ),
        # streams
        *(
            (
                behind("sagemaker", {"stream": True, "protocol": protocol}),
                "stream: true cannot be: API Gateway does not stream from SageMaker itself; leave the line out, or put "
                "a Lambda function in between",
            )
            for protocol in ("raw", "sagemaker")
        ),
        (
            {**model(stream=True, methods=["GET", "HEAD", "POST"]), "edge": {"cache": CACHE}},
            "stream: true cannot be beside edge.cache, which would keep answers to GET and HEAD; take that out of "
            "methods, write cache: 0s, or leave one of the two out",
        ),
        (
            model(stream=True, methods=["GET", "POST"], cache="60s"),
            "stream: true cannot be beside cache, which would keep answers to GET; take that out of methods, or leave "
            "one of the two out",
        ),
        (model(stream="yes"), "stream: 'yes' is not true or false; write stream: true"),
        # time
        *(
            (model(timeout=timeout, **settings), f"timeout: {timeout} {TOO_LONG}{{{quotas}}} {ONCE}")
            for timeout, quotas, settings in (
                ("29001ms", "integration_timeout: 29001ms", {}),
                ("2m", "integration_timeout: 2m", {}),
                ("2m", "integration_timeout: 2m", {"protocol": "openai", "stream": False}),
                ("120001ms", "integration_timeout: 120001ms, response_timeout: 121s", {}),
                ("15m", "integration_timeout: 15m, response_timeout: 15m", {}),
            )
        ),
        (
            {**model(timeout="121s"), "service_quotas": {"integration_timeout": "121s"}},
            f"timeout: 121s {TOO_LONG_FOR_THE_EDGE}{{response_timeout: 121s}} {ONCE}",
        ),
        (
            {**model(timeout="61s"), "service_quotas": {"integration_timeout": "1m"}},
            f"timeout: 61s {TOO_LONG.replace('29s', '1m')}{{integration_timeout: 61s}} {ONCE}",
        ),
        (
            model(timeout="16m", stream=True),
            "timeout: 16m is not a timeout of API Gateway; write whole milliseconds from 50ms to 15m",
        ),
        # the URL
        (
            model(url="https://a.b/{id}", path="/a/{v}"),
            "url: 'https://a.b/{id}' has the variable {id}, which the path of model 'predict' does not have; write it "
            "into that path, or write it out here",
        ),
        (
            model(url="https://a.b/b/{id}", protocol="openai"),
            "url: 'https://a.b/b/{id}' has a variable, which the protocol openai does not fill in; write it out",
        ),
        (
            model(url="https://a.b/v1?b=c", protocol="openai"),
            "url: 'https://a.b/v1?b=c' has a query string, but the protocol openai of model 'predict' adds paths at "
            "its end; take out ? and what follows: callers send it with their requests, and it passes",
        ),
        # the path
        (model(path="/a/{b}/{b}"), "path: '/a/{b}/{b}' has the variable {b} twice; rename one"),
        (
            changed({"models.predict": get("/x/{a}"), "models.a": get("/x/{b}")}),
            "!models.a.path: '/x/{b}' has {b} where model 'predict' has {a}; variables at the same place need the same "
            "name",
        ),
        (
            changed({"models.predict.protocol": "openai", "models.a": {"url": URL, "path": "/predict/v1/responses"}}),
            "!models.a.path: '/predict/v1/responses' is a path of model 'predict' too; give one of them another path",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    expected = line.removeprefix("!") if line.startswith("!") else f"models.predict.{line}"
    assert report_on_data(settings, tmp_path) == [expected]


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


def test_a_backend_serves_a_model(tmp_path: Path) -> None:
    settings = changed({"backends": {"b": BACKENDS["http"], "c": BACKENDS["lambda"]}})
    assert report_on_data(settings, tmp_path) == [
        "backends.b: serves no model; write backend: b in one, or leave it out",
        "backends.c: serves no model; write backend: c in one, or leave it out",
    ]


def test_a_slip_in_the_name_of_a_backend_is_one_problem_and_not_two(tmp_path: Path) -> None:
    settings = changed({"backends": {"llama": BACKENDS["http"]}, "models.predict": {"backend": "lama"}})
    assert report_on_data(settings, tmp_path) == [
        "models.predict.backend: 'lama' is not a backend; did you mean 'llama'?"
    ]


def test_the_url_of_a_backend_has_to_suit_all_its_models(tmp_path: Path) -> None:
    models = {
        "raw": {"backend": "b", "path": "/raw/{id}"},
        "other": {"backend": "b"},
        "llama": {"backend": "b", "protocol": "openai"},
    }
    settings = changed({"models": models, "backends": {"b": {"type": "http", "url": "https://a.b/{id}?b=c"}}})
    assert report_on_data(settings, tmp_path) == [
        "backends.b.url: 'https://a.b/{id}?b=c' has a query string, but the protocol openai of model 'llama' adds "
        "paths at its end; take out ? and what follows: callers send it with their requests, and it passes",
        "backends.b.url: 'https://a.b/{id}?b=c' has a variable, which the protocol openai does not fill in; write it "
        "out",
        "backends.b.url: 'https://a.b/{id}?b=c' has the variable {id}, which the path of model 'other' does not have; "
        "write it into that path, or write it out here",
    ]


def test_two_models_that_collide_everywhere_are_told_once(tmp_path: Path) -> None:
    models = {name: {"url": URL, "path": "/llm", "protocol": "openai"} for name in ("a", "b")}
    assert report_on_data(changed({"models": models}), tmp_path) == [
        "models.b.path: '/llm/v1/chat/completions' is a path of model 'a' too; give one of them another path"
    ]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        (behind("http", {"protocol": "sagemaker"}, type="nonsense"), "backends.b.type"),
        (behind("sagemaker", {"protocol": "openai"}, type="sagemakr"), "backends.b.type"),
        (behind("http", {"backend": "x", "protocol": "sagemaker"}), "models.predict.backend"),
        (model(protocol="opnai", timeout="10m"), "models.predict.protocol"),
        (model(stream="yes", timeout="10m"), "models.predict.stream"),
        ({**model(timeout="1m"), "service_quotas": {"integration_timeout": "1"}}, "service_quotas.integration_timeout"),
        ({**model(timeout="1m"), "service_quotas": "1m"}, "service_quotas"),
        ({**model(timeout="16m"), "service_quotas": {"integration_timeout": "15m"}}, "models.predict.timeout"),
        (model(url="https://a.b/{id}", path="/a/"), "models.predict.path"),
        (behind("load_balancer", subnets=MISSING, vpc_link="?"), "backends.b.vpc_link"),
        (behind("load_balancer", listener="?"), "backends.b.listener"),
        (behind("http", url="http://a.b/", insecure="yes"), "backends.b.insecure"),
        ({**behind("http"), "models": {"predict": None}}, "models.predict"),
        ({**behind("http"), "models": None}, "models"),
        ({**behind("http"), "backends": {"b": None}}, "backends.b"),
        ({**behind("lambda", function=BACKENDS["load_balancer"]["listener"])}, "backends.b.function"),
        ({**model(timeout="?"), "edge": {"response_timeout": "10s"}}, "models.predict.timeout"),
    ],
)
def test_what_only_follows_from_another_problem_is_not_told(
    tmp_path: Path, settings: dict[str, Any], place: str
) -> None:
    assert [line.partition(": ")[0] for line in report_on_data(settings, tmp_path)] == [place]
