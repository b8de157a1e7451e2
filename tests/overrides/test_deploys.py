"""The custom resource of a model: what CloudFormation is answered, and which override a deploy takes away."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.overrides.function import FRAUD, LOG_STREAM, Function, deploy_event, override
from tests.overrides.sigv4a import Received

SPLIT = {"v1": "90", "v2": "10"}
"""As CloudFormation hands it over."""

ALL_TO_V1 = override({"v1": 100, "v2": 0}, FRAUD)
OF_OTHER_SHARES = override({"v1": 100, "v2": 0}, {"v1": 50, "v2": 50})
ID = "fraud v1=90,v2=10"
OF_BEFORE = "the id of before"
SEE = f"see log stream {LOG_STREAM}"
REQUEST = {
    "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/acme-edge/0",
    "RequestId": "id-of-the-request",
    "LogicalResourceId": "FraudSplit",
}


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_a_deploy_is_told_what_stands_in_for_the_shares(function: Function, request_type: str) -> None:
    done = {**REQUEST, "Status": "SUCCESS", "Reason": SEE, "PhysicalResourceId": ID}
    assert function.deploy(request_type, SPLIT) == {**done, "Data": {"Override": "none"}}
    function.store.put("fraud", ALL_TO_V1)
    assert function.deploy(request_type, SPLIT) == {**done, "Data": {"Override": "v1=100,v2=0"}}
    assert function.store.writes == []
    assert function.store.values == {"fraud": ALL_TO_V1}


@pytest.mark.parametrize("value", [OF_OTHER_SHARES, "{}", "no JSON", override({"v1": 100}, FRAUD)])
def test_what_stands_in_for_other_shares_is_none(function: Function, value: str) -> None:
    function.store.put("fraud", value)
    assert function.deploy("Create", SPLIT)["Data"] == {"Override": "none"}
    assert function.store.values == {"fraud": value}


@pytest.mark.parametrize(
    ("split", "resource"),
    [
        ({"v2": "10", "v1": "90"}, ID),
        ({"v1": 90, "v2": 10}, ID),
        ({"v1": "90", "v2": "010"}, ID),
        ({"v1": "91", "v2": "9"}, "fraud v1=91,v2=9"),
        ({"b": "0", "a-1": "100", "c": "0"}, "fraud a-1=100,b=0,c=0"),
        ({"constructor": "100"}, "fraud constructor=100"),
    ],
)
def test_the_id_is_the_model_and_its_shares(function: Function, split: Mapping[str, Any], resource: str) -> None:
    assert function.deploy("Create", split)["PhysicalResourceId"] == resource
    assert function.deploy("Update", split)["PhysicalResourceId"] == resource


def test_what_stood_in_for_the_shares_goes_with_them(function: Function) -> None:
    function.store.values = {"fraud": ALL_TO_V1, "trio": "theirs"}
    answer = function.deploy("Delete", SPLIT)
    assert answer == {**REQUEST, "Status": "SUCCESS", "Reason": SEE, "PhysicalResourceId": OF_BEFORE}
    assert function.store.values == {"trio": "theirs"}
    assert function.store.writes == ["DELETE"]


def test_a_split_that_is_none_goes_too(function: Function) -> None:
    """It stands in for the shares, even if it counts for nothing."""
    function.store.values = {"fraud": override({"v1": 3}, FRAUD)}
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"
    assert function.store.values == {}


@pytest.mark.parametrize(
    "value",
    [
        OF_OTHER_SHARES,
        override({"v1": 100, "v2": 0}, {**FRAUD, "v3": 0}),
        override(FRAUD, {"v1": 100, "v2": 0}),
        json.dumps({"split": FRAUD, "instead_of": SPLIT}),
        json.dumps({"split": FRAUD}),
        "no JSON",
        "null",
        "",
    ],
)
def test_what_stands_in_for_anything_else_is_left(function: Function, value: str) -> None:
    function.store.values = {"fraud": value}
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"
    assert (function.store.values, function.store.writes) == ({"fraud": value}, [])


def test_overrides_of_other_models_are_left(function: Function) -> None:
    function.store.values = {"trio": ALL_TO_V1}
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"
    assert function.store.values == {"trio": ALL_TO_V1}


def test_a_key_that_is_gone_is_no_failure(function: Function) -> None:
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"
    function.store.faults = {"DELETE": 404}
    function.store.values = {"fraud": ALL_TO_V1}
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"


def test_a_store_that_is_gone_is_no_failure(function: Function) -> None:
    function.store.missing = True
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"


def test_an_override_of_the_new_shares_that_comes_meanwhile_is_left(function: Function) -> None:
    """The deploy after which the new shares count is over only once the old ones are deleted."""

    def after(received: Received) -> None:
        if "/keys/" in received.path:
            function.store.after = lambda _: None
            function.store.put("fraud", OF_OTHER_SHARES)

    function.store.values = {"fraud": ALL_TO_V1}
    function.store.after = after
    assert function.deploy("Delete", SPLIT)["Status"] == "SUCCESS"
    assert function.store.values == {"fraud": OF_OTHER_SHARES}
    assert function.store.writes == ["DELETE"]


def test_an_update_and_its_rollback_leave_what_counts(function: Function) -> None:
    """Old shares, an override of them, new shares: what is deleted says which shares the file no longer gives."""
    old, new = SPLIT, {"v1": "50", "v2": "50"}
    function.store.values = {"fraud": ALL_TO_V1}
    function.deploy("Update", new)
    function.deploy("Delete", new)  # the update is rolled back
    assert function.store.values == {"fraud": ALL_TO_V1}
    function.deploy("Update", new)
    function.deploy("Delete", old)  # the update has succeeded
    assert function.store.values == {}


@pytest.mark.parametrize("status", [400, 403, 409, 500, 503])
def test_a_deploy_does_not_fail_with_the_store(function: Function, status: int) -> None:
    function.store.faults = {"GET": status}
    for request_type in ("Create", "Update"):
        answer = function.deploy(request_type, SPLIT)
        assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", ID)
        assert answer["Data"] == {"Override": "unknown"}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("status", [400, 403, 409, 500])
def test_what_cannot_be_taken_away_is_told(function: Function, method: str, status: int) -> None:
    """At once: CloudFormation would wait for an hour."""
    function.store.values = {"fraud": ALL_TO_V1}
    function.store.faults = {method: status}
    answer = function.deploy("Delete", SPLIT)
    reason = f"Delete of FraudSplit failed: STATUS_{status}; {SEE}"
    assert answer == {**REQUEST, "Status": "FAILED", "Reason": reason, "PhysicalResourceId": OF_BEFORE}
    assert function.store.values == {"fraud": ALL_TO_V1}


MALFORMED: list[tuple[Any, Any]] = [
    ("fraud", None), ("fraud", {}), ("fraud", []), ("fraud", "v1"), ("fraud", {"v1": "90"}), ("fraud", {"v1": "-100"}),
    ("fraud", {"v1": "100.0"}), ("fraud", {"v1": "90", "v2": ""}), ("fraud", {"v1": "90", "v2": None}),
    ("fraud", {"v1": "110", "v2": "-10"}), ("fraud", {"v1": {"v1": "100"}}), (None, SPLIT), (["fraud"], SPLIT),
    ("", SPLIT), ("..", SPLIT), ("a/b", SPLIT), ("../keys", SPLIT), ("Fraud", SPLIT),
]  # fmt: skip


@pytest.mark.parametrize(("model", "split"), MALFORMED)
def test_a_resource_without_shares_is_refused(function: Function, model: Any, split: Any) -> None:
    answer = function.deploy("Create", split, model=model)
    assert (answer["Status"], answer.get("PhysicalResourceId")) == ("FAILED", REQUEST["RequestId"])
    assert answer["Reason"] == f"Create of FraudSplit failed: NO_SHARES; {SEE}"
    assert function.deploy("Update", split, model=model)["PhysicalResourceId"] == OF_BEFORE
    assert function.store.asked == []


@pytest.mark.parametrize(("model", "split"), MALFORMED)
def test_a_resource_without_shares_can_be_deleted(function: Function, model: Any, split: Any) -> None:
    """What could not be created is deleted, too."""
    assert function.deploy("Delete", split, model=model)["Status"] == "SUCCESS"
    assert function.store.asked == []


def test_a_resource_without_properties_is_refused(function: Function) -> None:
    function.handle(deploy_event("Create", None, answers=function.answers))
    function.handle(deploy_event("Delete", None, answers=function.answers))
    assert [json.loads(each.body)["Status"] for each in function.answers.received] == ["FAILED", "SUCCESS"]


def test_what_nobody_knows_writes_nothing(function: Function) -> None:
    function.store.values = {"fraud": ALL_TO_V1}
    function.deploy("delete", SPLIT)
    assert function.store.writes == []


def test_the_log_says_what_was_done(function: Function) -> None:
    def log_of(request_type: str) -> list[Any]:
        properties = {"Model": "fraud", "Split": SPLIT}
        return function.handle(deploy_event(request_type, properties, answers=function.answers)).log

    assert log_of("Create") == [{"deployed": "fraud", "shares": "v1=90,v2=10", "override": "none"}]
    function.store.values = {"fraud": ALL_TO_V1}
    assert log_of("Delete") == [{"takenAway": "fraud"}]
    assert log_of("Delete") == [{"left": "fraud"}]
    function.store.faults = {"GET": 500}
    assert log_of("Update")[0] == {"unknown": "STATUS_500"}
    assert log_of("Delete") == [{"failed": "Delete of FraudSplit failed: STATUS_500"}]
