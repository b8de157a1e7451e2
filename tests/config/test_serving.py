"""Models beside their backends, the edge and each other: what is refused, and what is served."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.config import EdgeConfig, GatewayConfig, HttpBackendConfig, ModelConfig
from ml_gateway.routes import Route, Serving
from tests.config.files import BACKENDS, MISSING, SMALL, behind, changed, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
NO_EFFECT = "has no effect on the protocol openai, which brings its own; leave the line out"
TOO_LONG = (
    "is longer than the 29s that API Gateway waits for a whole answer; write stream: true, or long_timeout: true once "
    "the account's quota is raised"
)


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
        (model(timeout="29001ms"), f"timeout: 29001ms {TOO_LONG}"),
        (model(timeout="2m"), f"timeout: 2m {TOO_LONG}"),
        (model(timeout="2m", protocol="openai", stream=False), f"timeout: 2m {TOO_LONG}"),
        *(
            (
                model(timeout="121s", **long),
                "timeout: 121s is longer than CloudFront waits for an answer; write at most 2m, or stream: true",
            )
            for long in ({}, {"long_timeout": True})
        ),
        (
            model(timeout="16m", stream=True),
            "timeout: 16m is not a timeout of API Gateway; write whole milliseconds from 50ms to 15m",
        ),
        (
            model(long_timeout=True),
            "long_timeout: true has no effect on a timeout of 29s, which every account has; leave the line out",
        ),
        (
            model(long_timeout=True, timeout="5s"),
            "long_timeout: true has no effect on a timeout of 5s, which every account has; leave the line out",
        ),
        (
            model(long_timeout=True, timeout="2m", stream=True),
            "long_timeout: true has no effect on a model that streams; leave the line out",
        ),
        # the URL
        (
            model(url="https://a/{id}", path="/a/{v}"),
            "url: 'https://a/{id}' has the variable {id}, which the path of model 'predict' does not have; write it "
            "into that path, or write it out here",
        ),
        (
            model(url="https://a/{id}", protocol="openai"),
            "url: 'https://a/{id}' has a variable, which the protocol openai does not fill in; write it out",
        ),
        (
            model(url="https://a/?b=c", protocol="openai"),
            "url: 'https://a/?b=c' has a query string, but the protocol openai of model 'predict' adds paths at its "
            "end; take out ? and what follows",
        ),
        # the path
        (model(path="/a/{b}/{b}"), "path: '/a/{b}/{b}' has the variable {b} twice; rename one"),
        (
            changed({"models.predict.path": "/x/{a}", "models.a": {"url": URL, "path": "/x/{b}"}}),
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
        *(behind(kind, {"path": "/a/{id}/{proxy+}", "stream": True}) for kind in ("http", "lambda", "load_balancer")),
        *(
            behind(kind, {"protocol": protocol})
            for kind in ("http", "lambda", "load_balancer")
            for protocol in ("openai", "anthropic", "oip-v2", "tfserving", "torchserve")
        ),
        behind("sagemaker", {"protocol": "sagemaker", "stream": False}),
        behind("sagemaker", {"methods": ["POST"]}),
        *(behind(kind, {"methods": ["GET"], "backend_method": "POST"}) for kind in ("http", "load_balancer")),
        behind("http", {"path": "/x/{id}/{proxy+}"}, url="https://a/{proxy}/b-{id}?c=d"),
        behind("http", url="https://a/?c=d"),
        model(methods=["GET", "POST"], stream=True),
        {**model(methods=["POST"], stream=True), "edge": {"cache": CACHE}},
        {**model(methods=["GET", "POST"], stream=True, cache="0s"), "edge": {"cache": CACHE}},
        {**model(protocol="openai"), "edge": {"cache": CACHE}},
        model(timeout="15m", stream=True),
        model(timeout="15m", protocol="openai"),
        model(timeout="2m", long_timeout=True),
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
    settings = changed({"models": models, "backends": {"b": {"type": "http", "url": "https://a/{id}?b=c"}}})
    assert report_on_data(settings, tmp_path) == [
        "backends.b.url: 'https://a/{id}?b=c' has a query string, but the protocol openai of model 'llama' adds paths "
        "at its end; take out ? and what follows",
        "backends.b.url: 'https://a/{id}?b=c' has a variable, which the protocol openai does not fill in; write it out",
        "backends.b.url: 'https://a/{id}?b=c' has the variable {id}, which the path of model 'other' does not have; "
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
        (model(long_timeout="yes", timeout="1m"), "models.predict.long_timeout"),
        (model(timeout="16m", long_timeout=True), "models.predict.timeout"),
        (model(timeout="3m", long_timeout=True), "models.predict.timeout"),
        (model(url="https://a/{id}", path="/a/"), "models.predict.path"),
        (behind("load_balancer", subnets=MISSING, vpc_link="?"), "backends.b.vpc_link"),
        (behind("load_balancer", listener="?"), "backends.b.listener"),
        (behind("http", url="http://a/", insecure="yes"), "backends.b.insecure"),
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


# The edge


@pytest.mark.parametrize(
    ("timeout", "message"),
    [
        *(
            (text, f"{text} is not a response timeout of CloudFront; write whole seconds from 1s to 2m")
            for text in ("0s", "500ms", "1500ms", "121s", "1h")
        ),
        ("28s", "28s is shorter than the timeout of model 'predict', 29s; write at least that, or a shorter timeout "
         "there"),
        (30, "'30' has no unit; write a whole number and ms, s, m, h or d, such as 29s"),
    ],
)  # fmt: skip
def test_the_edge_waits_as_long_as_it_can_and_has_to(tmp_path: Path, timeout: Any, message: str) -> None:
    assert report_on_data(changed({"edge.response_timeout": timeout}), tmp_path) == [
        f"edge.response_timeout: {message}"
    ]


def test_the_slowest_model_decides_how_long_the_edge_has_to_wait(tmp_path: Path) -> None:
    models = {
        "a": {"url": URL, "timeout": "10s"},
        "b": {"url": URL, "timeout": "40s", "long_timeout": True},
        "c": {"url": URL, "stream": True},
    }
    settings = changed({"models": models, "edge.response_timeout": "39s"})
    assert report_on_data(settings, tmp_path) == [
        "edge.response_timeout: 39s is shorter than the timeout of model 'b', 40s; write at least that, or a shorter "
        "timeout there"
    ]
    assert report_on_data(changed({"edge.response_timeout": "40s"}, settings), tmp_path) == []


@pytest.mark.parametrize(
    ("models", "seconds"),
    [
        ([{}], 30),
        ([{"timeout": "50ms"}], 30),
        ([{"timeout": "28001ms"}], 30),
        ([{"timeout": "40s", "long_timeout": True}, {"timeout": "1s"}], 41),
        ([{"timeout": "40001ms", "long_timeout": True}], 42),
        ([{"timeout": "2m", "long_timeout": True}], 120),
        ([{}, {"stream": True}], 120),
        ([{"protocol": "openai", "timeout": "1s"}], 120),
        ([{"protocol": "openai", "stream": False}], 30),
    ],
)
def test_the_edge_waits_a_second_longer_than_the_slowest_model(models: list[dict[str, Any]], seconds: int) -> None:
    named = {f"m{index}": {"url": URL, **settings} for index, settings in enumerate(models)}
    config = GatewayConfig(**{**SMALL, "models": named})
    assert config.origin_response_timeout == timedelta(seconds=seconds)


def test_the_file_has_the_last_word_on_how_long_the_edge_waits() -> None:
    config = GatewayConfig(**{**model(stream=True), "edge": EdgeConfig(response_timeout="45s")})
    assert config.origin_response_timeout == timedelta(seconds=45)


@given(st.integers(50, 120_000))
def test_the_edge_never_gives_up_first(milliseconds: int) -> None:
    settings = model(timeout=f"{milliseconds}ms", long_timeout=milliseconds > 29_000)
    wait = GatewayConfig(**settings).origin_response_timeout
    assert timedelta(milliseconds=milliseconds) <= wait <= timedelta(seconds=120)
    assert wait >= timedelta(seconds=30)
    assert wait % timedelta(seconds=1) == timedelta(0)


# What is served


def test_a_model_is_served_as_the_file_says() -> None:
    given_all = ModelConfig(url=URL, path="/a", methods=["GET"], timeout="2m", stream=True)
    minutes = timedelta(minutes=2)
    assert given_all.serving("x") == Serving(
        name="x", path="/a", protocol="raw", methods=("GET",), timeout=minutes, streams=True
    )


@pytest.mark.parametrize(
    ("settings", "seconds", "streams"),
    [
        ({}, 29, False),
        ({"stream": True}, 900, True),
        ({"protocol": "openai"}, 900, True),
        ({"protocol": "anthropic"}, 900, True),
        ({"protocol": "oip-v2"}, 29, False),
        ({"protocol": "openai", "stream": False}, 29, False),
        ({"protocol": "oip-v2", "stream": True, "timeout": "1m"}, 60, True),
    ],
)
def test_a_model_is_served_by_the_defaults_of_its_protocol(
    settings: dict[str, Any], seconds: int, streams: bool
) -> None:
    serving = ModelConfig(url=URL, **settings).serving("x")
    assert (serving.path, serving.methods) == ("/x", ("POST",))
    assert (serving.timeout, serving.streams) == (timedelta(seconds=seconds), streams)


def test_the_routes_of_all_models_are_known_by_name() -> None:
    config = GatewayConfig(**changed({"models.a": {"url": URL, "protocol": "anthropic"}}))
    assert {name: len(routes) for name, routes in config.routes.items()} == {"predict": 1, "a": 2}
    assert config.routes["predict"] == (Route(http_method="POST", path="/predict"),)


def test_the_short_form_of_a_backend_is_an_http_backend() -> None:
    config = GatewayConfig(**model(url="http://a.b/c", insecure=True))
    assert config.backend_of("predict") == HttpBackendConfig(type="http", url="http://a.b/c", insecure=True)


def test_a_backend_is_found_by_the_model_it_serves() -> None:
    config = GatewayConfig(**behind("load_balancer"))
    assert config.backend_of("predict") is config.backends["b"]


# How much fits


def many(count: int, **settings: Any) -> dict[str, Any]:
    return changed({"models": {f"m{number}": {"url": URL, **settings} for number in range(count)}})


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (SMALL, 5 + 3 + 1 + 1),
        ({**SMALL, "origin_lock": {"generation": 2}}, 5 + 6 + 1 + 1),
        ({**SMALL, "origin_lock": {"generation": 9}}, 5 + 6 + 1 + 1),
        ({**SMALL, "errors": "plain"}, 5 + 3 + 1 + 1 + 18),
        (model(path="/a/b/c", methods=["GET", "POST"]), 5 + 3 + 3 + 2),
        (behind("http"), 5 + 3 + 1 + 1),
        (behind("lambda"), 5 + 3 + 1 + 1 + 1),
        (behind("sagemaker", {"protocol": "sagemaker"}), 5 + 3 + 3 + 2 + 4),
        (behind("load_balancer"), 5 + 3 + 1 + 1 + 1),
        (behind("load_balancer", subnets=MISSING, vpc_link="a1b2c3"), 5 + 3 + 1 + 1),
        # /predict, v1, messages, count_tokens
        (model(protocol="anthropic"), 5 + 3 + 4 + 2),
    ],
)
def test_the_resources_of_the_stack_are_counted(settings: dict[str, Any], count: int) -> None:
    assert GatewayConfig(**settings).stack_resources == count


def test_an_api_has_so_many_resources_and_no_more(tmp_path: Path) -> None:
    # Each of these models has the two resources of its path; the root is one more.
    assert report_on_data(changed({"models.predict.path": "/p"}, deep(149)), tmp_path) == []
    assert report_on_data(deep(150), tmp_path) == [
        "models: their paths make 301 resources of the API, and it takes 300; take out models, or put them in another "
        "gateway"
    ]


def deep(count: int) -> dict[str, Any]:
    models = {f"m{number}": {"url": URL, "path": f"/m{number}/x"} for number in range(count)}
    return changed({"models": models, "models.predict": {"url": URL, "path": "/m0"}})


def test_a_stack_has_so_many_resources_and_no_more(tmp_path: Path) -> None:
    # A resource and a method for each model, and another method for one of them; 8 resources are always there.
    assert report_on_data(many(246), tmp_path) == []
    assert report_on_data(changed({"models.m0.methods": ["GET", "POST"]}, many(246)), tmp_path) == [
        "models: they make 501 resources of the API's stack, and CloudFormation takes 500; take out models, or put "
        "them in another gateway"
    ]


def test_both_limits_are_told_at_once(tmp_path: Path) -> None:
    # 17 resources and 13 methods for each model.
    assert report_on_data(many(30, protocol="oip-v2"), tmp_path) == [
        "models: their paths make 511 resources of the API, and it takes 300; take out models, or put them in another "
        "gateway",
        "models: they make 908 resources of the API's stack, and CloudFormation takes 500; take out models, or put "
        "them in another gateway",
    ]
