"""What synthesis tells about a backend: once for each, as an annotation that `cdk synth --strict` lets pass."""

import base64
import re
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from aws_cdk import Annotations as Told
from aws_cdk import Stack
from aws_cdk.assertions import Annotations, Match

from ml_gateway import Backend, HttpBackend, LambdaBackend, LoadBalancerBackend, ProxyApi, Route, SagemakerBackend
from tests.files import LISTENER
from tests.policy.test_cfn_lint import lint
from tests.synthesis import TOP, bare_stack

POST = Route(http_method="POST", path="/iris")
GET = replace(POST, http_method="GET")
STREAM = Route(http_method="POST", path="/stream", streams=True)
CHAT = Route(http_method="POST", path="/llama/v1/chat/completions", backend_path="/v1/chat/completions")
IRIS = LambdaBackend(name="iris", function="iris")
LLAMA = LoadBalancerBackend(
    name="llama", host="llama.internal", port=80, listener=LISTENER, subnets=("subnet-0000000a", "subnet-0000000b")
)

BASE64 = re.compile(r'the function gets event\["body"\] in base64.*docs/backends\.md has the lines that decode it')


class Template(yaml.SafeLoader):
    """YAML as CloudFormation reads it, as far as `!Ref`."""


def _reference(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> dict[str, Any]:
    return {"Ref": loader.construct_scalar(node)}


Template.add_constructor("!Ref", _reference)


def rule_of_the_cookbook() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n( +Parameters:.*?)```", (TOP / "docs/cookbook.md").read_text(), re.DOTALL)
    return dict(yaml.load(textwrap.dedent(block), Template))


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
    ("route", "without", "behind"),
    [
        (CHAT, "/v1/chat/completions", "/v1/v1/chat/completions"),
        (replace(POST, path="/score/{id}"), "/score/{id}", "/v1/score/{id}"),
        (replace(POST, path="/score/{rest+}"), "/score/{rest}", "/v1/score/{rest}"),
    ],
)
def test_the_two_paths_that_may_come_through_a_vpc_link_are_told_once(
    stack: Stack, route: Route, without: str, behind: str
) -> None:
    """Row 10."""
    api(stack, {route: LLAMA, replace(POST, path="/other"): LLAMA})
    (text,) = told(stack)
    assert text.startswith(f"/theirs/Api/Backends/llama: the backend sees {without} or {behind}: AWS documents the")
    assert "docs/cookbook.md" in text


def test_the_stage_in_front_is_that_of_the_api(stack: Stack) -> None:
    api(stack, {CHAT: LLAMA}, stage_name="prod")
    (text,) = told(stack)
    assert "sees /v1/chat/completions or /prod/v1/chat/completions: " in text


@pytest.mark.parametrize("stage", ["", "/v1"], ids=["without the stage", "with it"])
@pytest.mark.parametrize("rest", ["/chat/completions", "/models?a=b"])
def test_the_rule_in_the_cookbook_gives_a_server_its_own_path(stage: str, rest: str) -> None:
    """Row 10: whichever of the two paths comes, vLLM gets the one that it knows."""
    properties = rule_of_the_cookbook()["Resources"]["StripStage"]["Properties"]
    (rewrite,) = properties["Transforms"][0]["UrlRewriteConfig"]["Rewrites"]
    (pattern,) = properties["Conditions"][0]["PathPatternConfig"]["Values"]
    came = f"{stage}/v1{rest}"
    applies = fnmatchcase(came.partition("?")[0], pattern)
    assert applies == bool(stage)
    rewritten = re.sub(rewrite["Regex"], rewrite["Replace"].replace("$1", r"\1"), came) if applies else came
    assert rewritten == f"/v1{rest}"


def test_the_rule_in_the_cookbook_is_a_template_as_cloudformation_has_it(tmp_path: Path) -> None:
    assert lint(tmp_path, [rule_of_the_cookbook()]) == []


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
