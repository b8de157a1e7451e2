"""When the local cloud tells the CDK CLI that it has begun with a stack: once it is done, or after a moment.

The CLI looks at a stack at once, and then every 5 s (`stabilizeStack` of its toolkit, to which no option of a command
leads). MiniStack is done with most stacks by then; where a custom resource is in one, only a moment later.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from ministack.services import cloudformation

SECONDS_TO_WAIT: Final = 3
"""At most. A stack may wait for a signal that comes after the answer."""

_BEGINNINGS: Final = (b"Action=CreateStack", b"Action=UpdateStack", b"Action=ExecuteChangeSet", b"Action=DeleteStack")

Handle = Callable[..., Awaitable[Any]]


def with_patience(usual: Handle) -> Handle:
    """`usual` answers requests to CloudFormation."""

    async def handle_request(method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        answer = await usual(method, path, headers, body, query_params)
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while any(each in body for each in _BEGINNINGS) and _is_at_work() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return answer

    return handle_request


def _is_at_work() -> bool:
    statuses = {stack["StackStatus"] for stack in cloudformation._stacks.values()}
    return any(status.endswith("_IN_PROGRESS") for status in statuses - {"REVIEW_IN_PROGRESS"})


def mend() -> None:
    cloudformation.handle_request = with_patience(cloudformation.handle_request)
