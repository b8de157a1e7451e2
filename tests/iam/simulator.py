"""What policies let through, as an evaluator of IAM decides that is not ours."""

import atexit
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any, Final

from tests.authorizer.function import NODE
from tests.synthesis import Json

SIMULATOR: Final = Path(__file__).with_name("iam_simulate.mjs")

SECONDS_FOR_ONE_ANSWER: Final = 300

ANONYMOUS: Final = "anonymous"
"""The principal who signs nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is asked of policies.

    `policy` is that of who asks: a document, or the answer of an authorizer. `principal`: an ARN, a service, or
    `ANONYMOUS`; without one it is an identity of the resource's account. `<service>:*` as the action asks for each that
    the service has. `context`: condition keys.
    """

    policy: Json | None = None
    resource_policy: Json | None = None
    endpoint_policy: Json | None = None
    principal: str | None = None
    resource: str
    action: str
    context: Mapping[str, str] = field(default_factory=dict)


def actions_allowed(cases: Sequence[Case]) -> list[frozenset[str]]:
    """The actions that each case allows. A case that the evaluator does not understand is an error."""
    assert cases
    asked = json.dumps(
        [
            {
                "policy": case.policy,
                "resourcePolicy": case.resource_policy,
                "endpointPolicy": case.endpoint_policy,
                "principal": case.principal,
                "action": case.action,
                "resource": case.resource,
                "context": dict(case.context),
            }
            for case in cases
        ]
    )
    said = _said_of(asked)
    assert isinstance(said, list), said["error"]
    found = [frozenset(each) for each in said]
    assert len(found) == len(cases)
    return found


def _said_of(asked: str) -> Any:
    node = _evaluator()
    assert node.stdin
    assert node.stdout
    bound = Timer(SECONDS_FOR_ONE_ANSWER, node.kill)
    bound.start()
    try:
        node.stdin.write(f"{asked}\n")
        node.stdin.flush()
        said = node.stdout.readline()
    finally:
        bound.cancel()
    assert said, f"the evaluator ended, or needed more than {SECONDS_FOR_ONE_ANSWER} s"
    return json.loads(said)


@cache
def _evaluator() -> subprocess.Popen[str]:
    """One for all questions, as it takes longer to start than to answer most of them."""
    node = subprocess.Popen([NODE, SIMULATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(node.communicate, timeout=10)
    return node


def decided(cases: Sequence[Case]) -> list[bool]:
    """Whether each case is allowed."""
    return [bool(each) for each in actions_allowed(cases)]
