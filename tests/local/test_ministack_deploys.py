"""When the CDK CLI is told that a stack has begun."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from ministack.services import cloudformation

from ml_gateway.local import ministack_deploys
from tests.synthesis import TOP

WAITS: Final = {
    "Hold": {
        "Type": "AWS::CloudFormation::WaitCondition",
        "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT60S"}},
    }
}
"""A stack that is in progress until a signal comes."""
TEMPLATE: Final = json.dumps({"Resources": WAITS})

Begin = Callable[[], Coroutine[Any, Any, None]]


async def ask(action: str, **parameters: str) -> None:
    form = urlencode({"Action": action, "StackName": "held", **parameters})
    status, _, said = await cloudformation.handle_request("POST", "/", {}, form.encode(), {})
    assert status == 200, said


async def by_a_change_set() -> None:
    await ask("CreateChangeSet", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=TEMPLATE)
    await ask("ExecuteChangeSet", ChangeSetName="one")


async def without_one() -> None:
    await ask("CreateStack", TemplateBody=TEMPLATE)


each_way = pytest.mark.parametrize("begin", [by_a_change_set, without_one])


async def status_when_answered(begin: Begin, *, signalled_after: float | None) -> str:
    answered = asyncio.create_task(begin())
    if signalled_after is not None:
        while cloudformation._stacks.get("held", {}).get("StackStatus") != "CREATE_IN_PROGRESS":
            await asyncio.sleep(0.01)
        await asyncio.sleep(signalled_after)
        await signal()
    await answered
    status: str = cloudformation._stacks["held"]["StackStatus"]
    if status == "CREATE_IN_PROGRESS":
        await signal()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
    return status


async def signal() -> None:
    await ask("SignalResource", LogicalResourceId="Hold", UniqueId="test", Status="SUCCESS")


@pytest.fixture(autouse=True)
def mended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cloudformation, "handle_request", cloudformation.handle_request)
    ministack_deploys.mend()
    yield
    cloudformation.reset()


@each_way
def test_the_answer_comes_when_the_stack_is_done(begin: Begin) -> None:
    assert asyncio.run(status_when_answered(begin, signalled_after=0.2)) == "CREATE_COMPLETE"


@each_way
def test_a_stack_that_waits_for_a_signal_holds_the_answer_up_for_a_moment_only(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ministack_deploys, "SECONDS_TO_WAIT", 0.2)
    assert asyncio.run(status_when_answered(begin, signalled_after=None)) == "CREATE_IN_PROGRESS"


def test_nothing_else_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def told() -> Any:
        monkeypatch.setattr(ministack_deploys, "SECONDS_TO_WAIT", 0.1)
        await without_one()
        monkeypatch.setattr(ministack_deploys, "SECONDS_TO_WAIT", 60)
        await asyncio.wait_for(ask("DescribeStacks"), timeout=1)
        await asyncio.sleep(0.1)
        await signal()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(told())


def test_the_cli_still_looks_every_five_seconds() -> None:
    """Once it looks sooner, the test fails, and the answer need not wait."""
    cli = (TOP / "node_modules" / "aws-cdk" / "lib" / "index.js").read_text()
    assert cli.count("async function waitFor(valueProvider, timeout = 5e3)") == 1
