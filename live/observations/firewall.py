"""Questions about WAF, and about what is logged."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from live.caller import NoAnswerError
from live.gateway import Asked, outputs, resources
from live.observations.seen import Seen, compared
from ml_gateway import naming

EXPLOIT: Final = "${jndi:ldap://127.0.0.1/x}"
"""What AWS's rules for known bad inputs look for (Log4JRCE_HEADER); it leads nowhere."""
SECONDS_FOR_A_RATE: Final = 120
AT_ONCE: Final = 16
RETRY_AFTER_OF_WAF: Final = "30"
"""By which a 429 of the firewall is told from one of a plan: docs/firewall.md."""
SECONDS_FOR_LOGS: Final = 120


def firewall_taken(asked: Asked) -> Seen:
    """Both web ACLs are there: that of the lock, and the firewall's."""
    stacks = naming.api_stack(asked.clients.name), naming.edge_stack(asked.clients.name)
    found = [acl for stack in stacks for acl in resources(asked.place, stack, "AWS::WAFv2::WebACL")]
    return compared("2 web ACLs", f"{len(found)} web ACLs")


def firewall_answers(asked: Asked) -> Seen:
    return compared("403 blocked", asked.clients.client("reader").ask("POST", "/echo", {"X-Any": EXPLOIT}).refusal)


def firewall_rate(asked: Asked) -> Seen:
    """Many at once, the key in two spellings in turn, until WAF says no. Asked last: then it refuses the key."""
    key, begun, sent = asked.clients.keys["holder"][0], time.monotonic(), 0
    spelled = [{"Authorization": f"{scheme} {key}"} for scheme in ("Bearer", "bearer")]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as callers:
        while time.monotonic() - begun < SECONDS_FOR_A_RATE:
            answers = list(callers.map(lambda each: _is_refused_by_waf(asked, each), spelled * AT_ONCE))
            sent += len(answers)
            if any(answers):
                return Seen(held=True, saw=f"429 after {sent} requests and {time.monotonic() - begun:.0f} s")
    return Seen(held=False, saw=f"none after {sent} requests")


def _is_refused_by_waf(asked: Asked, key: Mapping[str, str]) -> bool:
    try:
        answer = asked.clients.edge.ask("POST", "/echo", key)
    except NoAnswerError:  # one of so many at once
        return False
    return answer.status == 429 and answer.headers.get("Retry-After") == RETRY_AFTER_OF_WAF


def logs(asked: Asked) -> Seen:
    """All groups of the run, once lines have come; a token may be there in one of its parts."""
    client = asked.place.client("logs")
    wanted = set(asked.credentials) | {part for each in asked.tokens for part in each.split(".")[1:]}
    deadline, lines = time.monotonic() + SECONDS_FOR_LOGS, list[str]()
    while not lines and time.monotonic() < deadline:
        time.sleep(asked.place.pause)
        lines = [line for group in log_groups(asked) for line in _lines(client, group)]
    found = [each for each in wanted if each in "\n".join(lines)]
    if not lines:
        raise ValueError("no line came")
    return Seen(
        held=not found, saw=f"{len(found)} credentials in {len(lines)} lines of {len(log_groups(asked))} groups"
    )


def log_groups(asked: Asked) -> list[str]:
    """Those of which the outputs of the stacks tell."""
    return [
        value
        for gateway in asked.gateways
        for stack in (naming.api_stack(gateway.name), naming.edge_stack(gateway.name))
        for output, value in outputs(asked.place, stack).items()
        if output.endswith("LogGroup")
    ]


def _lines(client: Any, group: str) -> list[str]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]
