"""Questions about versions of a model, and their store."""

import json
import time
from typing import Final

from live.gateway import Asked, resources
from live.observations.seen import Seen, compared, distinct
from ml_gateway import naming
from ml_gateway.naming import EDGE_REGION, rollback_alarm

USERS: Final = tuple(f"user-{number}" for number in range(12))
THROTTLED: Final = 429
SECONDS_FOR_A_TOKEN: Final = 0.1
"""Until the plan of the client lets it ask once more, and a little on top."""
SECONDS_FOR_AN_OVERRIDE: Final = 60
_SPELLED: Final = ("/fraud--v2/fraud", "/FRAUD--V2/fraud", "/fraud%2D%2Dv2/fraud")


def version_hidden(asked: Asked) -> Seen:
    reader = asked.clients.client("reader")
    return compared("404 unknown_url", distinct(reader.ask("POST", path).refusal for path in _SPELLED))


def version_sticky(asked: Asked) -> Seen:
    first, again = by_user(asked), by_user(asked)
    same = "the same" if first == again else "not the same"
    return compared("/v1, /v2, the same again", f"{distinct(first.values())}, {same} again")


def by_user(asked: Asked) -> dict[str, str]:
    """The path at which the server was asked for each user, or the status."""
    reader = asked.clients.client("reader")
    found = {}
    for user in USERS:
        while (answer := reader.ask("POST", "/fraud", {"x-user-id": user})).status == THROTTLED:
            time.sleep(SECONDS_FOR_A_TOKEN)
        found[user] = str(answer.received.get("path", answer.status))
    return found


def own_versions(asked: Asked) -> Seen:
    """Of who has the model in his list, and of who has not; at the paths of both versions."""
    elsewhere = asked.clients.client("elsewhere")
    refused = [elsewhere.ask("POST", "/fraud", {"x-user-id": user}).refusal for user in USERS]
    seen = f"{distinct(by_user(asked).values())}; {distinct(refused)}"
    return compared("/v1, /v2; 403 model_not_allowed", seen)


def store_signature(asked: Asked) -> Seen:
    """The function is given the event of an alarm, and has to write the override."""
    event = {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "region": EDGE_REGION,
        "detail": {"alarmName": rollback_alarm(asked.clients.name, "fraud", "v2"), "state": {"value": "ALARM"}},
    }
    answer = asked.place.client("lambda").invoke(FunctionName=_function(asked), Payload=json.dumps(event))
    return compared("written", "refused" if "FunctionError" in answer else "written")


def _function(asked: Asked) -> str:
    found = resources(asked.place, naming.edge_stack(asked.clients.name), "AWS::Lambda::Function")
    (function,) = [physical for logical, physical in found.items() if "Overrides" in logical]
    return function


def override_speed(asked: Asked) -> Seen:
    """After `store_signature`: until all users get the first version."""
    begun = time.monotonic()
    while set(by_user(asked).values()) != {"/v1"}:
        if time.monotonic() - begun > SECONDS_FOR_AN_OVERRIDE:
            return Seen(held=False, saw=f"not within {SECONDS_FOR_AN_OVERRIDE} s")
        time.sleep(asked.place.pause)
    return Seen(held=True, saw=f"within {time.monotonic() - begun:.0f} s")


def override_ends(asked: Asked) -> Seen:
    """After the second deploy: both versions are asked again."""
    begun = time.monotonic()
    while (found := distinct(by_user(asked).values())) != "/v1, /v2":
        if time.monotonic() - begun > SECONDS_FOR_AN_OVERRIDE:
            break
        time.sleep(asked.place.pause)
    return compared("/v1, /v2", found)


def event_source(asked: Asked) -> Seen:
    """An event that names nothing, so that it could do nothing."""
    entry = {"Source": "aws.cloudwatch", "DetailType": "made up by make live", "Detail": "{}"}
    (answer,) = asked.place.client("events").put_events(Entries=[entry])["Entries"]
    return Seen(held="ErrorCode" in answer, saw=str(answer.get("ErrorCode", "it was taken")))
