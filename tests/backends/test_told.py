"""What synthesis tells about a backend: once for each, as an annotation that `cdk synth --strict` lets pass."""

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import Annotations as Told
from aws_cdk import Stack
from aws_cdk.assertions import Annotations, Match

from ml_gateway import Backend, HttpBackend, LambdaBackend, ProxyApi, Route, SagemakerBackend
from tests.synthesis import TOP, bare_stack

POST = Route(http_method="POST", path="/iris")
GET = replace(POST, http_method="GET")
STREAM = Route(http_method="POST", path="/stream", streams=True)
IRIS = LambdaBackend(name="iris", function="iris")

BASE64 = re.compile(r'the function gets event\["body"\] in base64.*docs/backends\.md has the lines that decode it')


def api(stack: Stack, routes: Mapping[Route, Backend], **settings: Any) -> ProxyApi:
    return ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs", **settings)


def told(stack: Stack) -> list[str]:
    """What is told of the stack: `where: what`. Warnings and errors would stop `--strict`; there are none."""
    annotations = Annotations.from_stack(stack)
    anything = Match.any_value()
    assert not annotations.find_warning("*", anything)
    assert not annotations.find_error("*", anything)
    return [f"{each.id}: {each.entry.data}" for each in annotations.find_info("*", anything)]


def test_that_bodies_are_in_base64_is_told_once_for_each_function(stack: Stack) -> None:
    """Row 6."""
    other = LambdaBackend(name="other", function="other")
    api(stack, {POST: IRIS, GET: IRIS, STREAM: IRIS, replace(POST, path="/other"): other})
    found = told(stack)
    assert [text.partition(": ")[0] for text in found] == ["/theirs/Api/Backends/iris", "/theirs/Api/Backends/other"]
    assert all(BASE64.search(text) for text in found)


@pytest.mark.parametrize(
    "backend",
    [HttpBackend(url="https://model.example.com"), SagemakerBackend(name="fraud", endpoint="fraud-prod")],
)
def test_other_backends_have_nothing_to_tell(stack: Stack, backend: Backend) -> None:
    api(stack, {POST: backend})
    assert not told(stack)


def test_who_copes_silences_it(stack: Stack) -> None:
    Told.of(api(stack, {POST: IRIS})).acknowledge_info("MlGateway::LambdaGetsBase64", "it decodes its bodies")
    assert not told(stack)


def test_it_is_told_in_an_app_without_our_feature_flags_too() -> None:
    stack = bare_stack()
    api(stack, {POST: IRIS})
    assert len(told(stack)) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"body": base64.b64encode(b'{"a": "\xc3\xa4"}').decode(), "isBase64Encoded": True},
        {"body": '{"a": "ä"}', "isBase64Encoded": False},
        {"body": '{"a": "ä"}'},
    ],
    ids=["in base64", "as text", "of a test"],
)
def test_the_lines_in_the_docs_decode_a_body(event: dict[str, Any]) -> None:
    """Row 6: what stands beside the first lambda example works."""
    section = (TOP / "docs/backends.md").read_text().partition("**lambda.**")[2].partition("**load_balancer.**")[0]
    (lines,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    defined: dict[str, Any] = {}
    exec(lines, defined)
    assert defined["read"](event) == {"a": "ä"}
