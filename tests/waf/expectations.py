"""What a web ACL does not do as expected: nothing, of ours; something, of each that is broken on purpose."""

import json
from collections.abc import Iterator
from typing import Any, Final

from ml_gateway.errors import Dialect
from tests.synthesis import Json
from tests.waf.refused import COUNTED, REFUSED, Noticed
from tests.waf.requests import Request
from tests.waf.settings import NotModelledError
from tests.waf.traffic import TRAFFIC
from tests.waf.web_acl import Answer, Decision, WebAcl
from tests.waf.web_acls import Expected

BLOCKED: Final = ("the request was blocked by a firewall rule", "permission_error", "blocked")
TOO_OFTEN: Final = ("too many requests; slow down and try again", "rate_limit_error", "rate_limit_exceeded")


def unmet(template: Json, expected: Expected) -> Iterator[str]:
    """What of all expectations the only web ACL of a template does not meet; what it cannot be asked is one, too."""
    for check in (unrefused, uncounted, unpassed):
        try:
            yield from check(template, expected)
        except NotModelledError as error:
            yield f"cannot be evaluated: {error}"


def unrefused(template: Json, expected: Expected) -> Iterator[str]:
    """Requests that are to be refused, with the answer that callers read."""
    rules = set(expected.rules)
    for row in REFUSED:
        if row.rule in rules and row.unless not in rules:
            yield from _unrefused(WebAcl(template, secrets=expected.secrets), row, expected)


def _unrefused(web_acl: WebAcl, row: Noticed, expected: Expected) -> Iterator[str]:
    limit, window = expected.rates[row.rule] if row.after else (0, 1)
    for request in row.after:
        web_acl.decide(request, times=limit // len(row.after) - 1)
    if any(_ends(web_acl.decide(request), row.rule) for request in row.after):
        yield f"{row.rule} ({row.what}) does not wait for its limit"
    decision = web_acl.decide(row.request, at=window - 1)
    if expected.rehearses:
        if decision.rule is not None or row.rule not in decision.counted:
            yield f"{row.rule} ({row.what}) does not count but: {decision}"
    elif decision.rule != row.rule or decision.answer != answer_of(row.rule, expected):
        yield f"{row.rule} ({row.what}) does not refuse but: {decision}"
    if row.after and _ends(web_acl.decide(row.request, at=window), row.rule):
        yield f"{row.rule} ({row.what}) does not forget"


def _ends(decision: Decision, rule: str) -> bool:
    return decision.rule == rule or rule in decision.counted


def uncounted(template: Json, expected: Expected) -> Iterator[str]:
    """Requests that pass, and are to be counted."""
    rules = set(expected.rules)
    for row in COUNTED:
        if row.rule in rules:
            decision = WebAcl(template, secrets=expected.secrets).decide(row.request)
            if decision.rule is not None or decision.answer is not None or row.rule not in decision.counted:
                yield f"{row.rule} ({row.what}) does not count but: {decision}"


def unpassed(template: Json, expected: Expected) -> Iterator[str]:
    """Requests of callers, as models get them."""
    web_acl = WebAcl(template, secrets=expected.secrets)
    for what, request in TRAFFIC.items():
        yield from stopped(web_acl, what, request)


def stopped(web_acl: WebAcl, what: str, request: Request) -> Iterator[str]:
    decision = web_acl.decide(request)
    if decision.rule is not None or decision.answer is not None:
        yield f"{what} ends at {decision.rule or 'the default'}"


def answer_of(rule: str, expected: Expected) -> Answer:
    """What the callers of a rule read at the edge. The API answers itself for its web ACL."""
    if expected.secret is not None:
        return Answer(status=403)
    too_often = rule in expected.rates
    retry = (("Retry-After", "30"),) if too_often else ()
    cors = (("access-control-allow-origin", "*"),) if expected.cors else ()
    return Answer(
        status=429 if too_often else 403,
        content_type="application/json",
        body=json.dumps(worded(TOO_OFTEN if too_often else BLOCKED, expected.dialect)),
        headers=(*retry, *cors),
    )


def worded(error: tuple[str, str, str], dialect: Dialect | None) -> Any:
    """The body of an answer: message, type and code in the words of `errors:`."""
    message, kind, code = error
    match dialect:
        case "openai":
            details = {"message": message, "type": kind, "param": None, "code": code}
            return {"type": "error", "error": details, "source": "gateway"}
        case "oip":
            return {"error": message, "code": code, "source": "gateway"}
        case "plain":
            return {"message": message, "code": code, "source": "gateway"}
        case None:
            return None
