"""Questions about who calls, and what the authorizer's answer does."""

import time
from typing import Final

from live.caller import Answer
from live.gateway import Asked, resources
from live.observations.seen import Seen, compared, distinct
from ml_gateway import naming
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_HEADER

CLOCKS: Final = 30
"""Seconds for which a token is taken after its end: docs/identity.md."""
SECONDS_LEFT: Final = 3


def own_models(asked: Asked) -> Seen:
    reader = asked.clients.client("reader")
    own = [reader.ask("POST", path).status for path in ("/echo", "/echo/")]
    other = reader.ask("POST", "/other").refusal
    return compared("own 200, other 403 model_not_allowed", f"own {distinct(own)}, other {other}")


def usage_identifier(asked: Asked) -> Seen:
    """A burst of three, and all tokens of a client count as one key."""
    answers = [_with_token(asked, asked.token("counted", jti=str(number))) for number in range(5)]
    statuses = [answer.status for answer in answers]
    return Seen(
        held=statuses[:3] == [200, 200, 200] and 429 in statuses[3:],
        saw=", ".join(map(str, statuses)),
    )


def tokens(asked: Asked) -> Seen:
    token = asked.token("holder")
    answer = _with_token(asked, token)
    told = answer.received.get("headers", {}).get(CLIENT_HEADER)
    changed = f"{token.rpartition('.')[0]}.{'A' * 342}"
    refused = _with_token(asked, changed).refusal
    said = "told whose" if told == "holder" else "not told whose"
    return compared("200 told whose; 401 unauthorized", f"{answer.status} {said}; {refused}")


def token_condition(asked: Asked) -> Seen:
    """Past the edge, which refuses such a token first: before its end, and after it."""
    token = asked.token("holder", exp=int(time.time()) - CLOCKS + SECONDS_LEFT)
    caller = asked.clients.past_the_edge(token)
    before = caller.ask("POST", "/echo").status
    time.sleep(SECONDS_LEFT + 1)
    after = caller.ask("POST", "/echo").refusal
    return compared("200, then 403 model_not_allowed", f"{before}, then {after}")


def disabled_key(asked: Asked) -> Seen:
    """The second key of a client, which nothing else uses."""
    client, caller = asked.place.client("apigateway"), asked.clients.client("reader", 1)
    keys = resources(asked.place, naming.api_stack(asked.clients.name), "AWS::ApiGateway::ApiKey").values()
    values = {key: client.get_api_key(apiKey=key, includeValue=True)["value"] for key in keys}
    (key,) = [key for key, value in values.items() if value == asked.clients.keys["reader"][1]]
    before = caller.ask("POST", "/echo").status
    client.update_api_key(apiKey=key, patchOperations=[{"op": "replace", "path": "/enabled", "value": "false"}])
    begun = time.monotonic()
    while (after := caller.ask("POST", "/echo").status) == 200 and time.monotonic() - begun < 60:
        time.sleep(asked.place.pause)
    return Seen(
        held=before == 200 and after in (401, 403), saw=f"{before}, {after} after {time.monotonic() - begun:.0f} s"
    )


def removed_client(asked: Asked) -> Seen:
    """`asked` has the keys of before; others go on."""
    gone = asked.clients.client("leaving").ask("POST", "/echo").refusal
    there = asked.clients.client("reader").ask("POST", "/echo").status
    return compared("401 unauthorized, others 200", f"{gone}, others {there}")


def _with_token(asked: Asked, token: str) -> Answer:
    return asked.clients.edge.ask("POST", "/echo", {API_KEY_HEADER: token})
