"""What is said about a backend whose settings are wrong."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import BACKENDS, LISTENER, LOAD_BALANCER, MISSING, SMALL, behind, changed, report_on_data

HTTP = "https://model.example.com"
VERSION = "a1b2c3d4-5678-90ab-cdef-0123456789ab"
TYPES = "write one of http, lambda, load_balancer, sagemaker"
EXAMPLE = f"{{type: http, url: '{HTTP}'}}"
NOT_SET = "is not one that API Gateway lets an integration set; leave it out"
ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fraud"
FUNCTION_FORM = "write its name or its whole ARN, either with :alias or :version, such as fraud:live"


def cut(text: str) -> str:
    """A long text as messages show it."""
    return repr(text) if len(text) <= 78 else f"{text[:75]!r}"[:-1] + "...'"


@pytest.mark.parametrize(
    ("backend", "line"),
    [
        (None, f"backends.b: empty; write b: {EXAMPLE}"),
        ("https://a.b/", f"backends.b: 'https://a.b/' is not a map; write b: {EXAMPLE}"),
        ([], f"backends.b: a list is not a map; write b: {EXAMPLE}"),
        ({}, f"backends.b.type: missing; {TYPES}"),
        ({"url": HTTP}, f"backends.b.type: missing; {TYPES}"),
        ({"type": None}, f"backends.b.type: empty; {TYPES}"),
        ({"type": "sagemakr"}, "backends.b.type: 'sagemakr' is not known here; did you mean 'sagemaker'?"),
        ({"type": "ec2"}, f"backends.b.type: 'ec2' is not known here; {TYPES}"),
        ({"type": [1]}, f"backends.b.type: a list is not known here; {TYPES}"),
        ({"type": True}, f"backends.b.type: true is not known here; {TYPES}"),
        ({"type": "http"}, f"backends.b.url: missing; write url: '{HTTP}'"),
        ({"type": "http", "url": HTTP, "uri": 1}, "backends.b.uri: unknown key; write url: https://model.example.com"),
        ({"type": "lambda"}, "backends.b.function: missing; write function: 'fraud:live'"),
        ({"type": "sagemaker"}, "backends.b.endpoint: missing; write endpoint: fraud-prod"),
        (
            {"type": "lambda", "function": "f", "endpoint": "e"},
            "backends.b.endpoint: unknown key; write one of type, function",
        ),
    ],
)
def test_what_is_no_backend_is_told_with_the_way_out(tmp_path: Path, backend: Any, line: str) -> None:
    settings = changed({"backends": {"b": backend}, "models.predict": {"backend": "b"}})
    assert report_on_data(settings, tmp_path) == [line]


@pytest.mark.parametrize(
    ("kind", "setting", "value", "message"),
    [
        # http
        ("http", "url", "model", f"'model' is not an absolute URL; write one such as {HTTP}/invocations"),
        ("http", "url", "http://a.b/", "'http://a.b/' is not encrypted; write https://, or accept that with insecure: "
         "true"),
        ("http", "insecure", True, "true has no effect on an https:// url; leave the line out"),
        # sagemaker
        *(
            ("sagemaker", setting, name, f"{name!r} is not a name of SageMaker; write up to 63 letters and digits, "
             "hyphens in between")
            for setting in ("endpoint", "inference_component", "target_variant")
            for name in ("", "a_b", "-a", "a-", "a" * 64, "a\n")
        ),
        ("sagemaker", "target_model", "it's", '"it\'s" is not a target model; write the name of its archive in '
         "printable ASCII without '"),
        # lambda
        ("lambda", "function", "f:$LATEST", "'f:$LATEST' names $LATEST, for which Lambda takes no permission; leave "
         ":$LATEST out"),
        *(
            ("lambda", "function", name, f"{name!r} is not a Lambda function; {FUNCTION_FORM}")
            for name in ("", "a b", "a" * 65, "a:", "a:b:c", "123456789012:function:f", f"{ARN}:", "arn:aws:s3:::a",
                         ARN.replace("arn:aws:", "arn:aws-cn:"), ARN.replace(":function", ""), "f\n")
        ),
        # load balancer
        *(
            ("load_balancer", "listener", arn, f"{arn!r} is not an ARN of a listener; write one such as {LISTENER}")
            for arn in (f"{ELB}:listener/app/llm/0a", f"{ELB}:listener/gwy/llm/0a/0a", "llm", f"{ELB}:targetgroup/a/0a")
        ),
        ("load_balancer", "vpc_link", "arn:x", "'arn:x' is not an id of a VPC link; write its lower-case letters and "
         "digits, such as a1b2c3"),
        ("load_balancer", "subnets", ["subnet-1"], "'subnet-1' is not an id of a subnet; write one such as "
         "subnet-0123456789abcdef0"),
        ("load_balancer", "subnets", ["subnet-01234567"] * 2, "'subnet-01234567' is listed twice; keep one"),
        ("load_balancer", "security_groups", ["default"], "'default' is not an id of a security group; write one such "
         "as sg-0123456789abcdef0"),
        *(
            ("load_balancer", "host", host, f"{host!r} is not a DNS name; write one such as llama.internal")
            for host in ("", "https://a", "a_b", "-a", "a..b", "a.", "10.0.0.1", "a" * 64, "a:80", "a\n")
        ),
        ("load_balancer", "port", 0, "0 is too small; write 1 or more"),
        ("load_balancer", "port", 65536, "65536 is too large; write at most 65535"),
        ("load_balancer", "port", "80", "'80' is not a whole number; write port: 8443"),
        ("load_balancer", "tls", "on", "'on' is not true or false; write tls: true"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_with_the_way_out(
    tmp_path: Path, kind: str, setting: str, value: Any, message: str
) -> None:
    place = f"backends.b.{setting}" + ("[0]" if isinstance(value, list) and len(value) == 1 else "")
    assert report_on_data(behind(kind, **{setting: value}), tmp_path) == [f"{place}: {message}"]


def test_a_load_balancer_is_named_by_its_arn(tmp_path: Path) -> None:
    assert report_on_data(behind("load_balancer", load_balancer="llm"), tmp_path) == [
        "backends.b.load_balancer: 'llm' is not an ARN of an application or network load balancer; write one such as "
        f"{LOAD_BALANCER}"
    ]


SUBNETS = ["subnet-0123456789abcdef0"]
GROUPS = ["sg-0123456789abcdef0"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"subnets": MISSING},
            "subnets: missing; write subnets, from which to reach the load balancer, or the id of a vpc_link",
        ),
        (
            {"subnets": []},
            "subnets: missing; write subnets, from which to reach the load balancer, or the id of a vpc_link",
        ),
        ({"vpc_link": "a1b2c3"}, "vpc_link: 'a1b2c3' has subnets of its own; write vpc_link or subnets, not both"),
        (
            {"subnets": MISSING, "vpc_link": "a1b2c3", "security_groups": GROUPS},
            "security_groups: has no effect without subnets: an existing VPC link has its own; leave the line out",
        ),
        ({"listener": MISSING}, "load_balancer: missing; write load_balancer or listener, with the ARN of one"),
        (
            {"load_balancer": LOAD_BALANCER.replace("llm", "llm2")},
            f"listener: {cut(LISTENER)} is of another load balancer; leave one of the two out",
        ),
    ],
)
def test_a_load_balancer_is_reached_in_one_way(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    assert report_on_data(behind("load_balancer", **settings), tmp_path) == [f"backends.b.{line}"]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("http", {"url": "http://a.b/", "insecure": True}),
        ("http", {"url": f"{HTTP}/v1?a=b"}),
        ("sagemaker", {"endpoint": "A-1--b", "inference_component": "c", "target_variant": "V1"}),
        ("sagemaker", {"target_model": "a/b.tar.gz"}),
        ("lambda", {"function": "fraud_1-a:live"}),
        ("lambda", {"function": "fraud:12"}),
        ("lambda", {"function": f"{ARN}:live"}),
        ("load_balancer", {"load_balancer": LOAD_BALANCER}),
        ("load_balancer", {"load_balancer": LOAD_BALANCER, "listener": MISSING}),
        ("load_balancer", {"subnets": MISSING, "vpc_link": "a1b2c3"}),
        ("load_balancer", {"security_groups": GROUPS, "subnets": [*SUBNETS, "subnet-01234567"]}),
        ("load_balancer", {"host": "a.b-c.d1", "port": 65535, "tls": True}),
        ("load_balancer", {"host": "llm", "port": 1}),
    ],
)  # fmt: skip
def test_what_is_right_is_taken(tmp_path: Path, kind: str, settings: dict[str, Any]) -> None:
    assert report_on_data(behind(kind, **settings), tmp_path) == []


@pytest.mark.parametrize("name", ["Llama", "a_b", "a--b", "a" * 64])
def test_a_backend_has_a_name_like_all_entries(tmp_path: Path, name: str) -> None:
    settings = changed({"backends": {name: BACKENDS["http"]}, "models.predict": {"backend": name}})
    (line,) = report_on_data(settings, tmp_path)
    assert line.startswith(f"backends.{name}: {name!r} is not a name; write up to 63 lower-case letters")


def test_backends_are_a_map(tmp_path: Path) -> None:
    way_out = f"write backends: {{llama: {EXAMPLE}}}"
    assert report_on_data({**SMALL, "backends": None}, tmp_path) == [
        f"backends: empty; {way_out} or leave the line out"
    ]
    assert report_on_data({**SMALL, "backends": []}, tmp_path) == [f"backends: a list is not a map; {way_out}"]
    assert report_on_data({**SMALL, "backends": {}}, tmp_path) == []
