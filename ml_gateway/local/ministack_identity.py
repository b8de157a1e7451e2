"""What MiniStack 1.5.33 lacks for an API whose callers an authorizer tells apart.

Each is our reading of the page that it names, and no witness of what AWS does.

* `with_answer_kept`, `key_that_counts`: it takes the API key from the header X-Api-Key alone. Here, where the source of
  keys is AUTHORIZER, it is what the function said, also when its answer was kept. Developer Guide, "Choose an API key
  source".
* `with_conditions`: it looks at no condition of the policy that the function answers with. Here one on the time counts,
  and one that is not known here lets nobody pass. IAM User Guide, "Date condition operators"; that API Gateway looks at
  `aws:CurrentTime` there is documented for resource policies alone.
* `from_the_authorizer`: its HTTP proxy maps nothing of the function's context. Developer Guide, "Parameter mapping
  source reference", context variables.

Kinder than AWS all the same: names of headers in identity sources are compared in any capitals; a function that is busy
lets requests wait; and it starts Node anew after each error that a function throws, which then has forgotten all.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from ministack.services import apigateway_v1 as v1

Json = dict[str, Any]

_KEY: Final = "usageIdentifierKey"
_FROM_CONTEXT: Final = "context.authorizer."

_said: ContextVar[Mapping[str, str]] = ContextVar("_said")
"""What the authorizer said of the request: its context, and the key."""


def with_key_in_context(usual: Callable[..., Awaitable[Json | None]]) -> Callable[..., Awaitable[Json | None]]:
    """`usual` asks the function; of its answer the context is kept, now with the key in it."""

    async def invoke(*place: Any) -> Json | None:
        result = await usual(*place)
        body = (result or {}).get("body")
        if isinstance(body, dict) and _KEY in body:
            body["context"] = {**body.get("context", {}), _KEY: body[_KEY]}
        return result

    return invoke


def with_answer_kept(usual: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`usual` decides about a request, by an answer of the function that may have been kept."""

    async def authorize(*request: Any) -> Any:
        _said.set({})
        error, context = await usual(*request)
        _said.set(context or {})
        # A proxy event has the context, and not the key.
        told = context and {name: value for name, value in context.items() if name != _KEY}
        return error, told

    return authorize


def key_that_counts(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` finds the API key of a request by its headers."""

    def check(method: Json, api_id: str, stage: str, headers: Mapping[str, str]) -> Any:
        if v1._rest_apis[api_id]["apiKeySource"] == "AUTHORIZER":
            headers = {"x-api-key": _said.get({}).get(_KEY, "")}
        return usual(method, api_id, stage, headers)

    return check


def with_conditions(usual: Callable[[Json, str], str]) -> Callable[[Json, str], str]:
    """`usual` evaluates a policy; now without the statements whose condition does not hold."""

    def evaluate(policy: Json, method_arn: str) -> str:
        holding = [each for each in policy["Statement"] if _holds(each.get("Condition", {}))]
        return usual({**policy, "Statement": holding}, method_arn)

    return evaluate


def _holds(condition: Json) -> bool:
    match condition:
        case {"DateLessThan": {"aws:CurrentTime": str(until), **others}, **operators} if not others and not operators:
            return datetime.now(UTC) < datetime.fromisoformat(until)
    return not condition


def from_the_authorizer(mappings: Mapping[str, str], fixed_header: str) -> dict[str, str]:
    """The headers that an integration is sent from the function's context."""
    return {
        name.removeprefix(fixed_header): _said.get({}).get(source.removeprefix(_FROM_CONTEXT), "")
        for name, source in mappings.items()
        if name.startswith(fixed_header) and source.startswith(_FROM_CONTEXT)
    }


MENDED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "_invoke_authorizer_lambda": with_key_in_context,
    "_authorize_request_v1": with_answer_kept,
    "_check_api_key": key_that_counts,
    "_evaluate_policy": with_conditions,
}
"""Functions of MiniStack's API Gateway."""
