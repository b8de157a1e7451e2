"""Alarms: which of them move shares, what is written then, and who comes second."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.local.loopback import LoopbackServer
from tests.overrides.function import FRAUD, TRIO, Function, alarm, override
from tests.overrides.sigv4a import Received

FRAUD_FAILS = "acme-fraud--v2-errors"
ALL_TO_V1 = override({"v1": 100, "v2": 0}, FRAUD)


def test_the_share_of_a_version_that_fails_goes_to_another(function: Function) -> None:
    said = function.handle(alarm(FRAUD_FAILS))
    assert function.store.values == {"fraud": ALL_TO_V1}
    assert said.thrown is None
    assert said.log == [
        {
            "rolledBack": "fraud",
            "from": "v2",
            "to": "v1",
            "split": {"v1": 100, "v2": 0},
            "alarm": FRAUD_FAILS,
            "region": "eu-west-1",
        }
    ]


def test_an_event_that_comes_again_writes_nothing(function: Function) -> None:
    function.handle(alarm(FRAUD_FAILS))
    said = function.handle(alarm(FRAUD_FAILS, region="us-east-1"))
    assert function.store.writes == ["PUT"]
    ignored = {"ignored": "v2 has no share of fraud", "alarm": FRAUD_FAILS, "region": "us-east-1"}
    assert said.log == [ignored]


def test_versions_that_fail_one_after_another_are_both_without_a_share(function: Function) -> None:
    function.handle(alarm("acme-trio--v3-errors"))
    assert function.store.values == {"trio": override({"v1": 85, "v2": 15, "v3": 0}, TRIO)}
    function.handle(alarm("acme-trio--v2-errors"))
    assert function.store.values == {"trio": override({"v1": 100, "v2": 0, "v3": 0}, TRIO)}


def test_versions_that_fail_at_once_are_both_without_a_share(function: Function) -> None:
    said = function.handle(alarm("acme-trio--v3-errors"), alarm("acme-trio--v2-errors"))
    assert said.thrown is None
    assert function.store.values == {"trio": override({"v1": 100, "v2": 0, "v3": 0}, TRIO)}


def test_models_have_overrides_of_their_own(function: Function) -> None:
    function.handle(alarm("acme-constructor--v2-errors"), alarm(FRAUD_FAILS))
    other = override({"v1": 100, "v2": 0}, {"v1": 60, "v2": 40})
    assert function.store.values == {"fraud": ALL_TO_V1, "constructor": other}


def test_an_override_of_somebody_is_built_upon(function: Function) -> None:
    function.store.put("trio", override({"v1": 30, "v2": 60, "v3": 10}, TRIO))
    function.handle(alarm("acme-trio--v2-errors"))
    assert function.store.values == {"trio": override({"v1": 90, "v2": 0, "v3": 10}, TRIO)}


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA", "alarm", "", None, ["ALARM"], {"ALARM": 1}])
def test_other_states_move_nothing(function: Function, state: Any) -> None:
    said = function.handle(alarm(FRAUD_FAILS, state=state))
    assert (said.thrown, said.log) == (None, [{"ignored": "no version that fails"}])
    assert function.store.asked == []


@pytest.mark.parametrize("before", [{}, {"fraud": ALL_TO_V1}])
def test_nothing_is_rolled_forward(function: Function, before: dict[str, str]) -> None:
    """A version that recovers stays without a share, and one that has none fails to no effect."""
    function.store.values = dict(before)
    function.handle(alarm(FRAUD_FAILS, state="OK"))
    function.handle(alarm("acme-waiting--v2-errors"))
    assert (function.store.values, function.store.writes) == (before, [])


@pytest.mark.parametrize(
    "name",
    [
        "fraud", "acme-fraud--v1-errors", "acme-fraud--v2-errors ", "ACME-FRAUD--V2-ERRORS", "", "__proto__",
        "constructor", "toString", "hasOwnProperty", None, 0, True, [FRAUD_FAILS], {"fraud": 1}, "../keys/fraud",
    ],
)  # fmt: skip
def test_other_alarms_move_nothing(function: Function, name: Any) -> None:
    said = function.handle(alarm(name))
    assert (said.thrown, said.log) == (None, [{"ignored": "no alarm of this gateway"}])
    assert function.store.asked == []


@pytest.mark.parametrize(
    "event",
    [
        None, "ALARM", 1, [], {}, {"alarmName": FRAUD_FAILS},
        alarm(FRAUD_FAILS, source="acme.tests"), alarm(FRAUD_FAILS, source=None),
        alarm(FRAUD_FAILS, **{"detail-type": "CloudWatch Alarm Configuration Change"}),
    ],
)  # fmt: skip
def test_other_events_move_nothing(function: Function, event: Any) -> None:
    said = function.handle(event)
    assert (said.thrown, said.log) == (None, [{"ignored": "no alarm that changed"}])
    assert function.store.asked == []


@pytest.mark.parametrize(
    "detail", [None, "ALARM", 1, [], {}, {"state": {"value": "ALARM"}}, {"alarmName": FRAUD_FAILS}]
)
def test_events_that_lack_something_move_nothing(function: Function, detail: Any) -> None:
    said = function.handle(alarm(FRAUD_FAILS, detail=detail))
    assert said.thrown is None
    assert [list(line) for line in said.log] == [["ignored"]]
    assert function.store.asked == []


def test_what_an_event_says_of_models_and_versions_is_not_read(function: Function) -> None:
    event = alarm(FRAUD_FAILS)
    harmful = {"model": "trio", "version": "v1", "to": "v2", "split": {"v1": 0, "v2": 100}}
    function.handle({**event, **harmful, "detail": {**event["detail"], **harmful}})
    assert function.store.values == {"fraud": ALL_TO_V1}


THEIRS = {"v1": 20, "v2": 30, "v3": 50}
OTHER_SHARES = {"v1": 70, "v2": 25, "v3": 5}
FILE_WITHOUT_V2 = override({"v1": 95, "v2": 0, "v3": 5}, TRIO)
STALE_OR_MALFORMED = {
    "instead of other shares": override(THEIRS, OTHER_SHARES),
    "instead of other versions": override(THEIRS, {"v1": 80, "v2": 15, "v4": 5}),
    "instead of a version more": override(THEIRS, {**TRIO, "v4": 0}),
    "instead of a version less": override(THEIRS, {"v1": 80, "v2": 15}),
    "instead of nothing": json.dumps({"split": THEIRS}),
    "no JSON": "v1=20",
    "an empty text": "",
    "null": "null",
    "a list": "[20,30,50]",
    "a text": '"v1"',
    "no split": json.dumps({"instead_of": TRIO}),
    "a split without a version": override({"v1": 50, "v2": 50}, TRIO),
    "a split with a version more": override({**THEIRS, "v4": 0}, TRIO),
    "a split of other versions": override({"v1": 20, "v2": 30, "v4": 50}, TRIO),
    "a split of too much": override({**THEIRS, "v1": 80}, TRIO),
    "a split of too little": override({**THEIRS, "v1": 10}, TRIO),
    "a negative share": override({"v1": 80, "v2": 30, "v3": -10}, TRIO),
    "half a percent": json.dumps({"split": {"v1": 19.5, "v2": 30.5, "v3": 50}, "instead_of": TRIO}),
    "shares that are texts": json.dumps({"split": {"v1": "20", "v2": "30", "v3": "50"}, "instead_of": TRIO}),
    "texts instead of shares": json.dumps({"split": THEIRS, "instead_of": {"v1": "80", "v2": "15", "v3": "5"}}),
    "a split that is a list": json.dumps({"split": [20, 30, 50], "instead_of": TRIO}),
    "a split that is null": json.dumps({"split": None, "instead_of": TRIO}),
    "of an older form": json.dumps(THEIRS),
    "a prototype": json.dumps({"split": {"__proto__": THEIRS}, "instead_of": TRIO}),
}


@pytest.mark.parametrize("value", STALE_OR_MALFORMED.values(), ids=STALE_OR_MALFORMED)
def test_what_counts_for_nothing_is_not_built_upon(function: Function, value: str) -> None:
    function.store.put("trio", value)
    assert function.handle(alarm("acme-trio--v2-errors")).thrown is None
    assert function.store.values == {"trio": FILE_WITHOUT_V2}


def test_the_order_of_versions_does_not_matter(function: Function) -> None:
    function.store.put("trio", override({"v3": 50, "v2": 30, "v1": 20}, {"v2": 15, "v1": 80, "v3": 5}))
    function.handle(alarm("acme-trio--v2-errors"))
    split = {"v1": 50, "v2": 0, "v3": 50}
    assert json.loads(function.store.values["trio"]) == {"split": split, "instead_of": TRIO}


def write_once_after_reading(function: Function, key: str, value: str) -> None:
    """Somebody else writes once this one has read that key."""

    def after(received: Received) -> None:
        if received.method == "GET" and "/keys/" in received.path:
            function.store.after = lambda _: None
            function.store.put(key, value)

    function.store.after = after


@pytest.mark.parametrize("status", [409, 412])
def test_who_comes_second_reads_again(function: Function, status: int) -> None:
    function.store.second = status
    write_once_after_reading(function, "trio", override({"v1": 85, "v2": 15, "v3": 0}, TRIO))
    assert function.handle(alarm("acme-trio--v2-errors")).thrown is None
    assert function.store.values == {"trio": override({"v1": 100, "v2": 0, "v3": 0}, TRIO)}
    assert function.store.writes == ["PUT", "PUT"]


def test_who_comes_second_with_the_same_writes_nothing(function: Function) -> None:
    write_once_after_reading(function, "fraud", ALL_TO_V1)
    said = function.handle(alarm(FRAUD_FAILS))
    assert function.store.writes == ["PUT"]
    assert said.log[0]["ignored"] == "v2 has no share of fraud"


def test_another_key_that_is_written_meanwhile_is_no_loss(function: Function) -> None:
    write_once_after_reading(function, "trio", "theirs")
    function.handle(alarm(FRAUD_FAILS))
    assert function.store.values == {"fraud": ALL_TO_V1, "trio": "theirs"}


def test_who_comes_second_for_ever_fails_in_the_end(function: Function) -> None:
    function.store.after = lambda received: function.store.put("theirs", received.method)
    said = function.handle(alarm(FRAUD_FAILS))
    assert said.thrown == "PUT was answered with 409"
    assert said.log == [{"failed": "STATUS_409", "alarm": FRAUD_FAILS, "region": "eu-west-1"}]
    assert function.store.writes == ["PUT"] * 6


@pytest.mark.parametrize("status", [400, 402, 403, 429, 500, 503])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_fails_is_thrown_at_once(function: Function, method: str, status: int) -> None:
    """For Lambda to invoke the function again."""
    function.store.faults = {method: status}
    said = function.handle(alarm(FRAUD_FAILS))
    assert said.thrown == f"{method} was answered with {status}"
    assert said.log == [{"failed": f"STATUS_{status}", "alarm": FRAUD_FAILS, "region": "eu-west-1"}]
    assert [each.method for each in function.store.asked] == (["GET"] if method == "GET" else ["GET", "GET", "PUT"])
    assert function.store.values == {}


def test_a_store_that_is_elsewhere_now_is_not_followed(function: Function) -> None:
    """Where it leads would get a session token."""
    function.store.faults = {"GET": 307}
    assert function.handle(alarm(FRAUD_FAILS)).thrown == "fetch failed"
    assert len(function.store.asked) == 1


def test_a_store_that_is_not_there_is_thrown(function: Function) -> None:
    function.store.missing = True
    assert function.handle(alarm(FRAUD_FAILS)).thrown == "GET was answered with 404"


def test_a_store_that_cannot_be_reached_is_thrown(function: Function) -> None:
    with LoopbackServer(BaseHTTPRequestHandler) as closed:
        nobody = {"AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": closed.url}
    said = function.handle(alarm(FRAUD_FAILS), environment=nobody)
    assert said.thrown == "fetch failed"
    assert said.log == [{"failed": "ECONNREFUSED", "alarm": FRAUD_FAILS, "region": "eu-west-1"}]


def test_a_store_that_does_not_answer_is_not_waited_for(function: Function, tmp_path: Path) -> None:
    sooner = function.with_code("store.js", "const LONGEST = 3000;", "const LONGEST = 100;", tmp_path)
    function.store.silent = True
    assert sooner.handle(alarm(FRAUD_FAILS)).thrown == "The operation was aborted due to timeout"
