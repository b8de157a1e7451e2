"""Answers to CloudFormation: their form on the wire, and who gets them."""

from typing import Any

import pytest

from tests.overrides.function import FRAUD, Function, deploy_event, override

PROPERTIES = {"Model": "fraud", "Split": {"v1": "90", "v2": "10"}}


def test_the_answer_is_put_as_cloudformation_wants_it(function: Function) -> None:
    event = deploy_event("Create", PROPERTIES, answers=function.answers)
    function.handle(event)
    (received,) = function.answers.received
    assert (received.method, f"{function.answers.url}{received.path}") == ("PUT", event["ResponseURL"])
    assert received.headers.get("content-type") == ""
    assert received.headers["content-length"] == str(len(received.body))
    assert "transfer-encoding" not in received.headers
    assert len(received.body) < 4096
    assert not {"authorization", "x-amz-security-token"} & set(received.headers)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/answer", "http://127.0.0.1.example.com/", "http://localhost@example.com/",
        "http://10.0.0.1/", "http://169.254.169.254/", "ftp://127.0.0.1/", "file:///etc/passwd", "//127.0.0.1/",
        "data:,", "", "/answer", None, 1,
    ],
)  # fmt: skip
def test_nobody_is_answered_elsewhere(function: Function, url: Any) -> None:
    function.store.values = {"fraud": override({"v1": 100, "v2": 0}, FRAUD)}
    said = function.handle(deploy_event("Delete", PROPERTIES, answers=function.answers, ResponseURL=url))
    assert said.thrown == "ResponseURL is no https URL; nothing was done, and nobody is answered"
    assert (function.store.asked, function.answers.received) == ([], [])


@pytest.mark.parametrize("url", ["https://cloudformation.example.com/a?b=c%2Fd", "http://localhost:4566/a"])
def test_cloudformation_and_emulators_are_answered(function: Function, url: str) -> None:
    event = deploy_event("Create", PROPERTIES, answers=function.answers, ResponseURL=url)
    assert function.handle(event, offline=True).thrown == url


@pytest.mark.parametrize("status", [403, 500])
def test_an_answer_that_does_not_arrive_is_thrown(function: Function, status: int) -> None:
    """For Lambda to invoke the function again."""
    function.answers.status = status
    said = function.handle(deploy_event("Create", PROPERTIES, answers=function.answers))
    assert said.thrown == f"the answer to CloudFormation was answered with {status}"


def test_an_answer_is_not_sent_on(function: Function) -> None:
    function.answers.status = 307
    assert function.handle(deploy_event("Create", PROPERTIES, answers=function.answers)).thrown == "fetch failed"
    assert len(function.answers.received) == 1
